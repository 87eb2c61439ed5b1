"""The pages for people that the register has had from the first: contract, problems, dossier."""

import pytest

from tests.browser.visits import WAYS, Way

PLAIN = {
    "problems": "/problems",
    "a problem": "/problems/not-found",
    "a dossier": "/api/v1/tags/ai-industrial-park/dossier",
}


@pytest.mark.parametrize("way", [*WAYS, Way(size="small")], ids=str)
@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_page_can_be_used_by_all(open_page, shared_register, name, way, axe, picture):
    page = open_page(shared_register, way)
    page.goto(PLAIN[name])
    assert page.locator("h1").count()
    axe(page)
    assert picture(page, name).stat().st_size > 5000


def test_the_contract_is_shown_by_our_own_server_alone(open_page, shared_register, picture):
    page = open_page(shared_register)
    page.goto("/docs")
    page.locator(".opblock").first.wait_for()
    picture(page, "contract")


def test_a_page_of_the_dossier_is_in_the_language_of_its_reader(open_page, shared_register):
    for language in ("zh-CN", "en"):
        page = open_page(shared_register, language=language)
        answer = page.goto(PLAIN["a dossier"])
        assert language.startswith(answer.headers["content-language"])
