"""Entering a proposal: numbered, refused and typed still, with tags that its words suggest."""

import pytest

from tests.support.casework import V1
from tests.support.drafts import TEXT
from tests.support.registry_pages import NEW, entered, numbered

pytestmark = pytest.mark.usefixtures("today")


def fields_of(reader, action=NEW):
    return dict(reader.form(action)["fields"])


def test_sentences_become_recommendations_by_their_numbers(registrar):
    numbered(registrar)
    typed = fields_of(registrar)
    assert typed["recommendations.0.summary_zh"] == "加快建设郑州算力中心，统筹布局智算资源"
    assert typed["recommendations.0.quotes.0.text"] == (
        "一、加快建设郑州算力中心，统筹布局智算资源。"
    )
    assert typed["recommendations.1.summary_zh"] == "设立人才基金，统筹布局人才培养"
    assert typed["text"].replace("\r\n", "\n") == TEXT.replace("\r\n", "\n")


def test_sentences_side_by_side_are_one_quotation_and_others_are_several(registrar):
    registrar.get(NEW)
    text = "甲。\n乙。丙。甲。"
    registrar.submit(NEW, ("do", "number"), title="题", text=text)
    registrar.submit(
        NEW, ("do", "apply"),
        segments__1__number="1", segments__2__number="1", segments__3__number="2",
    )  # fmt: skip
    typed = fields_of(registrar)
    assert typed["recommendations.0.quotes.0.text"] == "乙。丙。"
    assert typed["recommendations.1.quotes.0.text"] == "甲。"
    assert typed["recommendations.1.quotes.0.nth"] == "2"


def test_tags_are_suggested_and_none_is_ticked(registrar):
    numbered(registrar)
    assert "算力中心 词：算力中心" in registrar.page.text
    assert "recommendations.0.tags" not in fields_of(registrar)
    registrar.submit(
        NEW, ("do", "more"), recommendations__0__tags="computing-power-center",
        recommendations__1__tag="人才",
    )  # fmt: skip
    typed = registrar.form(NEW)["fields"]
    assert ("recommendations.0.tags", "computing-power-center") in typed
    assert ("recommendations.1.tags", "talent") in typed


def test_words_that_are_not_in_the_text_are_told_at_their_row_and_kept(registrar):
    numbered(registrar)
    registrar.submit(
        NEW, ("do", "enter"), recommendations__1__quotes__0__text="设立青年基金",
        cosign_until="2026-03-30",
    )  # fmt: skip
    assert registrar.status == 422
    typed = fields_of(registrar)
    assert typed["recommendations.1.quotes.0.text"] == "设立青年基金"
    assert typed["cosign_until"] == "2026-03-30"
    html = registrar.response.get_data(as_text=True)
    assert 'id="error-recommendations.1.quotes.0.text"' in html
    assert 'href="#field-recommendations.1.quotes.0.text"' in html
    registrar.submit(NEW, ("do", "enter"), recommendations__1__quotes__0__text="设立人才基金")
    assert "已登记为草稿" in registrar.page.text


def test_a_row_that_is_taken_out_or_empty_is_not_sent(registrar, callers):
    numbered(registrar)
    registrar.submit(NEW, ("do", "more"))
    registrar.submit(NEW, ("do", "enter"), recommendations__0__drop="1")
    reference = registrar.address.rsplit("/", 1)[-1]
    query = f"{V1}/recommendations?proposal={reference}"
    [one] = callers["registrar"].get(query).get_json()["items"]
    assert one["summary_zh"] == "设立人才基金，统筹布局人才培养"


def test_namesakes_are_told_apart_and_several_names_are_several_proposers(registrar, callers):
    other = {"slug": "sun-hong-b", "name": "孙红", "capacity": "npc_deputy",
             "body": "zhengzhou-npc", "is_namesake": True}  # fmt: skip
    assert callers["registrar"].post(f"{V1}/persons", other).status_code == 201
    numbered(registrar)
    registrar.submit(NEW, ("do", "enter"), proposers__0__proposer="孙红、郑州市工商联")
    assert registrar.status == 422
    assert "sun-hong-b（郑州市人民代表大会，人大代表）" in registrar.page.text
    typed = fields_of(registrar)
    assert (typed["proposers.0.proposer"], typed["proposers.1.proposer"]) == (
        "孙红",
        "郑州市工商联",
    )
    assert (typed["proposers.0.role"], typed["proposers.1.role"]) == ("lead", "cosigner")
    registrar.submit(NEW, ("do", "enter"), proposers__0__proposer="sun-hong")
    assert "已登记为草稿" in registrar.page.text
    assert "郑州市工商联" in registrar.page.text


def test_who_sits_in_another_body_is_asked_about_and_confirmed(registrar):
    numbered(registrar)
    registrar.submit(NEW, ("do", "enter"), kind="cppcc_proposal")
    assert registrar.status == 422
    registrar.submit(NEW, ("do", "enter"), proposers__0__capacity_confirmed="1")
    assert "已登记为草稿" in registrar.page.text


def test_a_form_sent_twice_enters_one_proposal(registrar, callers):
    numbered(registrar)
    sent = [*registrar.form(NEW)["fields"], ("do", "enter")]
    registrar.send(NEW, sent)
    first = registrar.address
    registrar.send(NEW, sent)
    assert registrar.address == first
    found = callers["registrar"].get(f"{V1}/proposals?handling_state=draft").get_json()["items"]
    assert len(found) == 1


def test_a_hostile_title_stays_text(registrar):
    title = '<script>alert("x")</script><b onclick=1>'
    reference = entered(registrar, title=title)
    for address in (f"/registry/proposals/{reference}", "/registry/filing", "/registry?case_no=x"):
        registrar.get(address)
        assert "<b onclick" not in registrar.response.get_data(as_text=True)
    registrar.get("/registry/filing")
    assert title in registrar.page.text


def test_the_form_speaks_english(signed_in):
    from tests.support.factories import REGISTRAR

    reader = signed_in(*REGISTRAR, lang="en")
    numbered(reader)
    assert "Enter a proposal" in reader.page.text
    assert "Computing-power center" in reader.page.text
    reader.submit(NEW, ("do", "enter"))
    assert "Entered as the draft" in reader.page.text


def test_boxes_are_given_for_words_that_are_marked(registrar, clerk):
    address = "/registry/tag-suggestions?start=recommendations.4&words=建设智算中心"
    registrar.get(address)
    html = registrar.response.get_data(as_text=True)
    assert 'name="recommendations.4.tags" value="computing-power-center"' in html
    assert "checked" not in html
    clerk.get(address)
    assert clerk.status == 403


def test_what_was_typed_is_there_again_until_it_is_entered(registrar):
    numbered(registrar)
    sent = registrar.form(NEW)["fields"]
    registrar.send(f"/unsent?address={NEW}", sent)
    registrar.get(NEW)
    assert "您上次没有发出的内容" in registrar.page.text
    assert fields_of(registrar)["recommendations.1.summary_zh"] == "设立人才基金，统筹布局人才培养"
    registrar.submit(NEW, ("do", "enter"))
    assert "已登记为草稿" in registrar.page.text
    registrar.get(NEW)
    assert "您上次没有发出的内容" not in registrar.page.text
