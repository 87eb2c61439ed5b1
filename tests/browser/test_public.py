"""The public pages as people open them: with and without script, small, in both languages."""

import pytest

from tests.browser.visits import WAYS, Way

PAGES = {
    "front": "/",
    "search": "/search?q=算力中心",
    "recommendations": "/recommendations?tag=ai-industrial-park&counted_in=funnel.asked",
    "recommendation": "/recommendations/D002-P04-R12",
    "tags": "/tags",
    "tag": "/tags/ai-industrial-park",
    "tag numbers": "/tags/ai-industrial-park/numbers",
    "dossier": "/tags/ai-industrial-park/dossier",
    "proposals": "/proposals",
    "proposal": "/proposals/D002-P04",
    "documents": "/documents",
    "document": "/documents/D002",
    "offices": "/offices",
    "office": "/offices/zhengzhou-industry",
    "person": "/persons/sun-hong",
    "session": "/sessions/zhengzhou-cppcc-15-4-standing",
    "figures": "/figures",
    "figure": "/figures/stages?by=tag&months=12",
    "refused": "/recommendations?progress=nonsense&nonsense=1",
}


MAIN = ("front", "search", "recommendation", "tag", "document", "refused")
"""The pages that are tried in every way."""


@pytest.mark.parametrize("way", [*WAYS, Way(size="small")], ids=str)
def test_the_public_pages_can_be_used_by_all(open_page, shared_register, way, axe, picture):
    page = open_page(shared_register, way)
    for name in PAGES if way in (Way(), Way(size="small")) else MAIN:
        page.goto(PAGES[name])
        assert page.locator("h1").count() == 1, name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        axe(page)
        picture(page, name)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_reader_goes_from_the_front_page_to_the_words_in_the_document(
    open_page, shared_register, way
):
    page = open_page(shared_register, way)
    page.goto("/")
    page.fill("#field-q", "大模型企业为链主")
    page.keyboard.press("Enter")
    page.locator("article.row h3 a").first.click()
    assert "/recommendations/D002-P04-R12" in page.url
    page.locator("a[href*='/documents/D002']").first.click()
    assert page.url.endswith("#D002-P04-R12")
    assert page.locator("mark a[href='/recommendations/D002-P04-R12']").count()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_what_is_counted_anew_of_a_tag_comes_when_it_is_reached(open_page, shared_register, way):
    page = open_page(shared_register, way)
    page.goto("/tags/ai-industrial-park")
    if way.script:
        page.locator("#counted").scroll_into_view_if_needed()
    else:
        page.locator("#counted a").click()
    page.locator("[aria-labelledby=months] tbody tr").first.wait_for()
    assert page.locator("[aria-labelledby=offices] li").count()
