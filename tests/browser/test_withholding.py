"""In the browser: an office withholds its report and a registrar releases it; a text is mended."""

import pytest

from app.core.codes import Role
from tests.browser.visits import Way
from tests.support.casework import V1, took
from tests.support.drafts import TEXT, content
from tests.support.factories import EDITOR, INDUSTRY, PARK, find

DESK = f"/desk/recommendations/{PARK}"


@pytest.fixture
def reported(register):
    """Let the office of industry report on the park."""
    office = register.caller(*EDITOR, office=INDUSTRY)
    path = f"{V1}/recommendations/{find(office)['id']}"
    body = {"office": INDUSTRY, "role": "lead", "note": "纸质承办函"}
    version = office.get(path).get_json()["version"]
    took(register.caller(Role.DISPATCHER).post(f"{path}/offices", body, version))
    version = office.get(path).get_json()["version"]
    took(office.post(f"{path}/reports", {"text": "张某某，身份证号 4101…", "percent": 10}, version))


def test_a_report_is_withheld_where_it_stands_and_released(
    page, register, reported, sign_in, axe, picture
):
    sign_in(page, register.key(*EDITOR, office=INDUSTRY))
    page.goto(DESK)
    page.locator("a[href^='/withholdings/new?kind=report']").click()
    page.locator("#field-reason").wait_for()
    axe(page)
    picture(page, "withholding-new")
    page.locator("#field-reason").fill("误附身份证号")
    page.locator("button.grave").click()
    page.locator(".notice").wait_for()
    axe(page)
    address = page.url
    page.goto("/withholdings")
    axe(page)
    picture(page, "withholdings")
    page.locator("form[action='/sign-out'] button").click()
    sign_in(page, register.key(Role.REGISTRAR))
    page.goto(address)
    page.locator("#field-reason").fill("核实无误")
    axe(page)
    picture(page, "withholding-release")
    page.locator("form[action$='/release'] button:not(.second)").click()
    page.locator(".notice").wait_for()
    assert page.locator("#field-reason").count() == 0


@pytest.fixture
def entered(register):
    """Enter a case whose lines end in two ways; return the reference of its text."""
    caller = register.caller(Role.REGISTRAR)
    persons = took(caller.get(f"{V1}/persons?body=zhengzhou-npc&limit=3"))["items"]
    made = took(caller.post(f"{V1}/proposals", content([one["slug"] for one in persons])))
    return took(caller.get(f"{V1}/proposals/{made['id']}"))["document"]["reference"]


def test_a_text_is_mended_by_a_sign_and_keeps_all_others(
    page, register, entered, sign_in, axe, picture
):
    sign_in(page, register.key(Role.REGISTRAR))
    page.goto(f"/documents/{entered}")
    page.locator(f"a[href='/registry/documents/{entered}/text']").click()
    area = page.locator("#field-text")
    area.fill(area.input_value().replace("近年来，", "近年来，我国"))
    page.locator("button[value=look]").click()
    page.locator("#changes").wait_for()
    assert page.locator("ins").all_inner_texts() == ["我国"]
    page.locator("#field-reason").fill("录入时漏字")
    page.locator("button[value=keep]").click()
    page.locator(".problem").wait_for()
    row = page.locator("details.step").last
    row.locator("summary").click()
    row.locator("textarea").nth(0).fill("设立人才基金")
    row.locator("textarea").nth(1).fill("统筹布局")
    row.locator("input[type=number]").nth(1).fill("2")
    axe(page)
    picture(page, "registry-edition")
    page.locator("button[value=keep]").click()
    page.locator(".notice").wait_for()
    caller = register.caller(Role.REGISTRAR)
    number = took(caller.get(f"{V1}/references/{entered}-E2"))["id"]
    kept = caller.get(f"{V1}/documents/{number}/text").get_data().decode()
    assert kept == TEXT.replace("近年来，", "近年来，我国")


def test_these_pages_fit_a_small_screen(open_page, register, entered, reported, sign_in, picture):
    page = open_page(register, Way(size="small"))
    sign_in(page, register.key(Role.REGISTRAR))
    page.goto(DESK)
    page.locator("a[href^='/withholdings/new?kind=report']").click()
    page.locator("#field-reason").fill("误附身份证号")
    page.locator("button.grave").click()
    page.locator(".notice").wait_for()
    for address in (page.url, "/withholdings", f"/registry/documents/{entered}/text"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        picture(page, f"small-{address.rpartition('/')[2]}")
