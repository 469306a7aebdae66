import doctest
import unittest

from studied import examples


class MoreTest(unittest.TestCase):
    def test_text(self):
        with self.subTest(of="text"):
            self.assertEqual(examples.twice("a"), "aa")


def load_tests(loader, tests, pattern):
    tests.addTests(doctest.DocTestSuite(examples))
    return tests
