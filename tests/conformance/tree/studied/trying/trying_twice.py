import unittest

from studied.examples import twice


class TwiceTest(unittest.TestCase):
    """Try twice."""

    def test_number(self):
        self.assertEqual(twice(2), 4)

    def test_wrong(self):
        self.assertEqual(
            twice(2),
            5,
        )

    @unittest.skip("not now")
    def test_later(self):
        pass
