"""A text that was entered is mended at a page, and comes back character for character."""

import pytest

from app.console.registry.entering.retyping import changed_places, with_former_ends
from app.core.codes import Role
from tests.support.casework import V1, took
from tests.support.drafts import TEXT, content, enter, filed, one
from tests.support.drafts import people as persons  # noqa: F401
from tests.support.factories import DATA, EDITOR

pytestmark = pytest.mark.usefixtures("today")

WHY = "录入时漏字"
MENDED = TEXT.replace("近年来，", "近年来，我国")
KEEP, LOOK = ("do", "keep"), ("do", "look")


@pytest.fixture
def draft(callers, persons):  # noqa: F811
    """Return a case that was filed, as it was entered."""
    made = enter(callers, content(persons))
    filed(callers, made, case_no="0101")
    return made


@pytest.fixture
def document(callers, draft):
    """Return the document on which the case stands."""
    return took(callers["registrar"].get(one(draft)))["document"]


@pytest.fixture
def place(document):
    """Return the address of the page on which it is mended."""
    return f"/registry/documents/{document['reference']}/text"


def sent_by_browser(text):
    """Return *text* as a browser sends it: every line ends with CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def row_of(reader, place, reference):
    """Return the number of the row of a recommendation in the form."""
    rows = [name for name, value in reader.form(place)["fields"] if value == reference]
    return rows[0].split(".")[1]


def quoting(number, *quotes):
    """Return the inputs of a row in which words are typed, each with the place that is meant."""
    typed = {}
    for at, (words, nth) in enumerate(quotes):
        typed[f"passages__{number}__quotes__{at}__text"] = words
        typed[f"passages__{number}__quotes__{at}__nth"] = nth
    return typed


def test_the_text_comes_back_with_the_line_ends_it_had(registrar, draft, document, place, callers):
    registrar.get(place)
    number = row_of(registrar, place, f"{draft['reference']}-R02")
    typed = quoting(number, ("设立人才基金", ""), ("统筹布局", "2"))
    text = sent_by_browser(MENDED)
    registrar.submit(place, KEEP, text=text, reason=WHY, **typed)
    assert registrar.status == 200, registrar.page.text
    made = f"{document['reference']}-E2"
    assert registrar.address == f"/documents/{made}"
    assert f"已保存为新的版次 {made}" in registrar.page.text
    assert registrar.get(f"/documents/{document['reference']}").links.count(f"/documents/{made}")
    number = took(callers["registrar"].get(f"{V1}/references/{made}"))["id"]
    kept = callers["registrar"].get(f"{V1}/documents/{number}/text").get_data().decode()
    assert kept == MENDED
    assert "\r\n\n" in kept
    former = callers["registrar"].get(f"{V1}/documents/{document['id']}/text").get_data().decode()
    assert former == TEXT


@pytest.mark.parametrize(
    "former",
    ["\n\n空行开头\n二。\n", "  缩进\n\t三\n\n\n", "没有换行", "\r\n一\r二\n三\r\n\r\n",
     "甲\r\n甲\n甲\r甲"],
)  # fmt: skip
def test_what_is_not_touched_comes_back_as_it_was(former):
    shown = former.replace("\r\n", "\n").replace("\r", "\n")
    assert with_former_ends(shown, former) == former
    assert list(changed_places(former, shown)) == []


def test_a_text_that_begins_with_empty_lines_is_shown_whole(registrar, persons, callers):  # noqa: F811
    text = f"\n\n  {TEXT}\n"
    made = enter(callers, content(persons, text=text))
    document = took(callers["registrar"].get(one(made)))["document"]
    place = f"/registry/documents/{document['reference']}/text"
    registrar.get(place)
    shown = dict(registrar.form(place)["fields"])["text"]
    assert shown.replace("\r\n", "\n") == text.replace("\r\n", "\n")
    registrar.submit(place, KEEP, text=sent_by_browser(shown), reason=WHY)
    assert registrar.status == 409, "it is the text that is there, to the last sign"


def test_a_new_line_ends_as_the_one_before_it():
    assert with_former_ends("一\n新\n二\n", "一\r\n二\r\n") == "一\r\n新\r\n二\r\n"
    assert with_former_ends("一\n二\n三", "一\n二") == "一\n二\n三"
    assert with_former_ends("新\n一\n二", "一\r\n二") == "新\r\n一\r\n二"
    assert with_former_ends("二", "一\r\n二") == "二"


def test_long_texts_are_compared_in_a_moment():
    former = "\r\n".join("一" for _ in range(20_000))
    mended = "\n".join("二" for _ in range(20_000))
    assert with_former_ends(mended, former) == mended.replace("\n", "\r\n")
    assert len(list(changed_places(former, mended))) == 20_000


def test_what_it_changes_is_shown_before_anything_is_kept(registrar, document, place, callers):
    registrar.get(place)
    registrar.submit(place, LOOK, text=sent_by_browser(MENDED), reason=WHY)
    assert registrar.status == 200
    assert "3 近年来，人工智能快速发展。为此建议" in registrar.page.text
    html = registrar.response.get_data(as_text=True)
    assert "<ins>我国</ins>" in html
    fields = dict(registrar.form(place)["fields"])
    assert fields["text"].replace("\r\n", "\n") == MENDED.replace("\r\n", "\n")
    assert fields["reason"] == WHY
    path = f"{V1}/documents/{document['id']}"
    assert took(callers["registrar"].get(path))["replaced_by"] is None
    registrar.submit(place, LOOK, text=sent_by_browser(TEXT))
    assert "没有改动" in registrar.page.text


def test_words_that_are_not_there_are_named_and_what_was_typed_is_kept(
    registrar, draft, document, place, callers
):
    registrar.get(place)
    second = f"{draft['reference']}-R02"
    gone = MENDED.replace("设立人才基金", "设立青年<b>基金")
    registrar.submit(place, KEEP, text=sent_by_browser(gone), reason=WHY)
    assert registrar.status == 422
    assert second in registrar.page.text
    html = registrar.response.get_data(as_text=True)
    assert 'id="error-text"' in html
    assert "青年<b>" not in html
    fields = dict(registrar.form(place)["fields"])
    assert fields["text"].replace("\r\n", "\n") == gone.replace("\r\n", "\n")
    assert fields["reason"] == WHY
    number = row_of(registrar, place, second)
    typed = quoting(number, ("没有的字", ""), ("统筹布局", "9"))
    registrar.submit(place, KEEP, **typed)
    assert registrar.status == 422
    html = registrar.response.get_data(as_text=True)
    assert f'id="error-passages.{number}.quotes.0.text"' in html
    assert f'id="error-passages.{number}.quotes.1.nth"' in html
    fields = dict(registrar.form(place)["fields"])
    assert fields[f"passages.{number}.quotes.0.text"] == "没有的字"
    registrar.submit(place, KEEP, **quoting(number, ("设立青年<b>基金", ""), ("统筹布局", "2")))
    assert registrar.status == 200, registrar.page.text
    path = f"{V1}/documents/{document['id']}"
    assert took(callers["registrar"].get(path))["replaced_by"] is not None


def test_a_text_and_a_reason_are_needed(registrar, place):
    registrar.get(place)
    registrar.submit(place, KEEP, text=" ", reason="")
    assert registrar.status == 422
    html = registrar.response.get_data(as_text=True)
    assert 'id="error-text"' in html
    assert 'id="error-reason"' in html


def test_what_was_replaced_meanwhile_is_said_and_leads_on(registrar, draft, document, place):
    second = f"{draft['reference']}-R02"
    registrar.get(place)
    typed = quoting(row_of(registrar, place, second), ("设立人才基金", ""), ("统筹布局", "2"))
    form = registrar.form(place)
    registrar.submit(place, KEEP, text=sent_by_browser(MENDED), reason=WHY, **typed)
    assert registrar.status == 200
    later = sent_by_browser(f"{MENDED}。")
    pairs = [pair for pair in form["fields"] if pair[0] not in ("text", "reason", "once")]
    registrar.send(place, [*pairs, ("text", later), ("reason", WHY), KEEP])
    assert registrar.status == 409
    assert f"{MENDED}。".replace("\r\n", "\n") == dict(
        registrar.form(place)["fields"]
    )["text"].replace("\r\n", "\n")  # fmt: skip
    registrar.get(place)
    assert not any("text" in form["names"] for form in registrar.page.forms)
    assert f"/registry/documents/{document['reference']}-E2/text" in registrar.page.links


def test_pages_that_came_as_they_are_have_no_form(registrar):
    registrar.get("/registry/documents/D002/text")
    assert "原样收录" in registrar.page.text
    assert not any("text" in form["names"] for form in registrar.page.forms)


def test_the_way_there_is_shown_to_who_may(registrar, draft, document, place, signed_in):
    assert "/registry/documents" in registrar.get("/registry").links
    assert place in registrar.get("/registry/documents").links
    assert place in registrar.get(f"/registry/proposals/{draft['reference']}").links
    assert place in registrar.get(f"/documents/{document['reference']}").links
    assert "/registry/documents/D002/text" not in registrar.get("/documents/D002").links
    for who in (signed_in(Role.DISPATCHER), signed_in(*EDITOR, office=DATA)):
        assert place not in who.get(f"/documents/{document['reference']}").links
        for address in (place, "/registry/documents"):
            who.get(address)
            assert who.status == 403


def test_whoever_is_not_signed_in_is_led_to_sign_in(reader, place):
    assert place not in reader.get("/documents/D002").links
    reader.get(place)
    assert reader.address.startswith("/sign-in")


def test_the_page_is_there_in_english(signed_in, document, place):
    registrar = signed_in(Role.REGISTRAR, lang="en")
    assert "Keep it as another edition" in registrar.get(place).text
    assert document["reference"] in registrar.get("/registry/documents").text
