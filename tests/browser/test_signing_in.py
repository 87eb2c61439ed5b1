"""A person comes, signs in by a key and goes again."""

import pytest

from app.core.codes import Role
from tests.browser.visits import Way
from tests.support.factories import INDUSTRY


def test_the_front_page_can_be_used_by_all(page, axe, picture):
    page.goto("/")
    axe(page)
    picture(page, "front")


@pytest.mark.parametrize("way", [Way(size="small")], ids=str)
def test_the_front_page_fits_on_a_small_screen(page, axe, picture):
    page.goto("/")
    axe(page)
    picture(page, "front")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_clerk_signs_in_and_out(page, register, sign_in, acts):
    sign_in(page, register.key(Role.OFFICE_EDITOR, office=INDUSTRY))
    assert page.get_by_role("link", name="测试人员").is_visible()
    acts.begin()
    page.locator("form[action='/sign-out'] button").click()
    page.locator("header a[href='/sign-in']").wait_for()
    assert acts.number == 1


def test_a_key_that_is_none_is_refused_at_its_field(page, axe, picture):
    page.goto("/sign-in")
    page.locator("input[name=key]").fill("prk_none")
    page.locator("main form button").click()
    page.locator(".problem").wait_for()
    axe(page)
    picture(page, "sign-in-refused")
