import subprocess

from selenium.webdriver.common.selenium_manager import SeleniumManager
from selenium.webdriver.remote import webelement
from selenium.webdriver.support.relative_locator import RelativeBy

webelement._load_js()
print(len(webelement.getAttribute_js), len(webelement.isDisplayed_js), RelativeBy({"css selector": "p"}).above({"id": "a"}).to_dict())
program = SeleniumManager()._get_binary()
print(program.name, subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout)
