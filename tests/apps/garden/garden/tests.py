"""Tests of the garden, found by their directory."""

from django.contrib.staticfiles import finders
from django.test import TestCase


class Beds(TestCase):
    fixtures = ["beds"]

    def test_page_is_translated(self):
        page = self.client.get("/", headers={"accept-language": "de"})
        self.assertContains(page, "<h1>Mein Garten</h1>")
        self.assertContains(page, "<li>Apfelbaum: 4.0 m</li>")

    def test_login_of_the_admin_is_translated(self):
        self.assertContains(self.client.get("/admin/login/", headers={"accept-language": "de"}), "Passwort")

    def test_style_is_found(self):
        with open(finders.find("garden/garden.css")) as file:
            self.assertIn("128", file.read())
