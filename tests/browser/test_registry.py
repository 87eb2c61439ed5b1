"""A registrar marks what a proposal asks for with the mouse, and finds the pages usable by all."""

import pytest

from app.core.codes import Role
from tests.browser.visits import Way
from tests.support.drafts import SESSION, TEXT

FIRST = "加快建设郑州算力中心，统筹布局智算资源"
SELECT = """(area, words) => {
    const at = area.value.indexOf(words);
    area.focus();
    area.setSelectionRange(at, at + words.length);
    area.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
}"""


@pytest.fixture
def registrar(page, register, sign_in):
    """Give the page of a registrar, signed in."""
    sign_in(page, register.key(Role.REGISTRAR))
    return page


def typed(page):
    """Type a proposal, all but what it asks for."""
    page.goto("/registry/proposals/new")
    page.locator("#field-title").fill("关于加快算力中心建设的提案")
    page.locator("#field-session").select_option(SESSION)
    page.locator("#field-kind").select_option("npc_suggestion")
    page.locator("#field-text").fill(TEXT)
    page.locator('[name="proposers.0.proposer"]').fill("孙红")


def test_a_proposal_is_entered_with_mouse_or_numbers(registrar, way, axe, picture):
    page = registrar
    typed(page)
    if way.script:
        area = page.locator("#field-text")
        area.evaluate(SELECT, FIRST)
        page.locator("[data-mark=new]").click()
        page.locator('[data-tags="recommendations.0"] input').first.wait_for()
        area.evaluate(SELECT, "统筹布局人才培养")
        page.locator("[data-mark=new]").click()
        area.evaluate(SELECT, "统筹布局")
        page.locator("[data-mark=last]").click()
        assert page.locator('[name="recommendations.1.quotes.1.nth"]').input_value() == "1"
        page.locator('[data-tags="recommendations.1"] input').first.wait_for()
    else:
        page.locator('button[value="number"]').click()
        page.locator('[name="segments.3.number"]').fill("1")
        page.locator('[name="segments.4.number"]').fill("2")
        axe(page)
        picture(page, "registry-numbering")
        page.locator('button[value="apply"]').click()
    box = page.locator('[name="recommendations.0.tags"][value="computing-power-center"]')
    assert not box.is_checked()
    box.check()
    axe(page)
    picture(page, "registry-entering")
    page.locator('button[value="enter"]').click()
    page.locator("a[href$='/steps/withdrawn']").wait_for()
    assert page.locator("main").get_by_text(FIRST).count() == 1
    axe(page)
    picture(page, "registry-case")


def test_what_is_refused_stands_at_its_field(registrar, axe, picture):
    page = registrar
    typed(page)
    page.locator('[name="recommendations.0.summary_zh"]').fill("建设算力中心")
    page.locator('[name="recommendations.0.quotes.0.text"]').fill("建设洛阳算力中心")
    page.locator('button[value="enter"]').click()
    page.locator(".problem").wait_for()
    axe(page)
    picture(page, "registry-refused")
    page.locator(".problem a").first.click()
    assert page.locator('[name="recommendations.0.quotes.0.text"]').input_value()


PAGES = (
    "",
    "/filing",
    "/dispatch",
    "/decisions",
    "/tagging?tag=talent",
    "/tags",
    "/sessions",
    "/persons",
    "/offices/zhengzhou-industry/edit",
    "/reforms/new",
    "/requests",
    "/tags/talent/split",
    "/proposals/D002-P01/edit",
    "/proposals/D002-P01/recommendations",
)


@pytest.mark.parametrize("way", [Way(), Way(language="en", size="small")], ids=str)
def test_the_pages_of_the_registry_can_be_used_by_all(registrar, axe, picture):
    for number, address in enumerate(PAGES):
        registrar.goto(f"/registry{address}")
        axe(registrar)
        picture(registrar, f"registry-{number}")
        width = registrar.evaluate("document.documentElement.scrollWidth")
        assert width <= registrar.viewport_size["width"], address
