"""A clerk looks after the own account in a browser."""

import pytest

from app.core.codes import Role
from tests.browser.visits import Way
from tests.support.factories import INDUSTRY


def test_a_clerk_takes_another_secret_and_ends_the_former(page, register, sign_in, axe, picture):
    sign_in(page, register.key(Role.OFFICE_EDITOR, office=INDUSTRY))
    page.locator("header a[href='/account']").click()
    page.locator("#browsers").wait_for()
    axe(page)
    picture(page, "account")
    page.locator("form[action='/account/secret'] button").click()
    page.locator(".secret code").wait_for()
    axe(page)
    secret = page.locator(".secret code").inner_text()
    page.locator("main a.button").click()
    page.locator("form[action='/account/secret/end'] button").click()
    page.locator(".notice").wait_for()
    assert page.locator("form[action='/account/secret']").is_visible()
    page.locator("form[action='/sign-out'] button.grave").click()
    page.locator("header a[href='/sign-in']").wait_for()
    sign_in(page, secret)


@pytest.mark.parametrize("way", [Way(size="small")], ids=str)
def test_a_new_key_fits_on_a_small_screen(page, register, sign_in):
    sign_in(page, register.key(Role.OFFICE_EDITOR, office=INDUSTRY))
    page.goto("/account")
    page.locator("form[action='/account/secret'] button").click()
    page.locator(".secret code").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto("/sign-in/exchange")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
