"""A text that was entered by hand is corrected by a further edition; the former one stays."""

import pytest

from tests.support.casework import V1, told_anew, took, version_of, whole
from tests.support.drafts import TEXT, content, enter, filed, one
from tests.support.problems import told

pytestmark = pytest.mark.usefixtures("today")

WHY = "录入时漏字"
RIGHT = TEXT.replace("近年来，", "近年来，我国").replace("\r\n", "\n")


@pytest.fixture
def draft(callers, people):
    """Return a case that was filed, as it was entered."""
    made = enter(callers, content(people))
    filed(callers, made, case_no="0101")
    return made


def text_of(callers, draft):
    """Return the address of the text on which a case stands."""
    return f"{V1}/documents/{took(callers['registrar'].get(one(draft)))['document']['id']}"


def revise(callers, path, text, who="registrar", **more):
    body = {"text": text, "reason": WHY, **more}
    caller = callers[who]
    return caller.post(f"{path}/editions", body, version_of(callers["registrar"], path))


NTH = [{"text": "设立人才基金"}, {"text": "统筹布局", "nth": 2}]


def test_what_stands_on_it_is_carried_along_and_the_former_edition_stays(callers, draft, database):
    registrar, path = callers["registrar"], text_of(callers, draft)
    former = took(registrar.get(path))
    second = f"{draft['reference']}-R02"
    passages = [{"recommendation": second, "quotes": NTH}]
    told(revise(callers, path, RIGHT, who="industry"), 404)
    made = took(revise(callers, path, RIGHT, passages=passages))
    assert made["reference"] == f"{former['reference']}-E2"
    assert made["replaces"]["reference"] == former["reference"]
    again = took(registrar.get(path))
    assert again["replaced_by"]["reference"] == made["reference"]
    assert (again["sha256"], again["version"]) == (former["sha256"], former["version"])
    assert registrar.get(f"{path}/text").text == TEXT
    text = registrar.get(f"{V1}/documents/{made['id']}/text").text
    assert text == RIGHT
    case = took(registrar.get(one(draft)))
    assert (case["reference"], case["document"]["id"]) == (draft["reference"], made["id"])
    for place in case["passages"]:
        assert text[place["start"] : place["end"]] == place["text"] == RIGHT
    for record in case["recommendations"]:
        shown = took(registrar.get(f"{V1}/recommendations/{record['id']}"))
        assert shown["document"]["id"] == made["id"]
        for place in shown["passages"]:
            assert text[place["start"] : place["end"]] == place["text"]
    events = took(registrar.get(f"{one(draft)}/history?limit=100"))["items"]
    last = next(event for event in events if "source_text" in event["changes"])
    assert last["changes"]["source_text"] == [former["reference"], made["reference"]]
    assert last["note"] == WHY
    whole(database)
    told_anew(database)


def test_words_that_are_not_there_just_once_are_named_and_nothing_changes(callers, draft):
    path = text_of(callers, draft)
    before = took(callers["registrar"].get(one(draft)))
    refused = revise(callers, path, RIGHT)
    told(refused, 422, "text")
    assert f"{draft['reference']}-R02" in refused.text
    assert "统筹布局" in refused.text
    gone = RIGHT.replace("加快建设郑州算力中心，统筹布局智算资源", "加快建设算力枢纽")
    refused = revise(callers, path, gone)
    told(refused, 422, "text")
    assert f"{draft['reference']}-R01" in refused.text
    assert took(callers["registrar"].get(one(draft))) == before
    assert took(callers["registrar"].get(path))["replaced_by"] is None


def test_who_is_found_by_the_new_words_is_found_no_more_by_the_old(callers, draft, database):
    path, registrar = text_of(callers, draft), callers["registrar"]
    first, second = (f"{draft['reference']}-R0{number}" for number in (1, 2))
    text = RIGHT.replace("智算资源", "超算资源")
    passages = [
        {"recommendation": first, "quotes": [{"text": "加快建设郑州算力中心，统筹布局超算资源"}]},
        {"recommendation": second, "quotes": NTH},
    ]
    took(revise(callers, path, text, passages=passages))
    asked = f"{V1}/recommendations?proposal={draft['id']}&q="
    assert [row["reference"] for row in took(registrar.get(f"{asked}超算资源"))["items"]] == [first]
    assert took(registrar.get(f"{asked}智算资源"))["items"] == []
    whole(database)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": " "}, "text"),
        ({"reason": ""}, "reason"),
        ({"passages": [{"recommendation": "D000-P05-R02", "quotes": NTH}]},
         "passages.0.recommendation"),
        ({"passages": [{"recommendation": "R02", "quotes": [{"text": "没有"}]}]},
         "passages.0.quotes.0.text"),
        ({"passages": [{"recommendation": "R02", "quotes": []}]}, "passages.0.quotes"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(callers, draft, body, field):
    for one_of_them in body.get("passages", []):
        if one_of_them["recommendation"] == "R02":
            one_of_them["recommendation"] = f"{draft['reference']}-R02"
    told(revise(callers, text_of(callers, draft), **{"text": RIGHT, **body}), 422, field)


def test_a_text_that_is_there_and_a_page_are_no_editions(callers, draft):
    path = text_of(callers, draft)
    told(revise(callers, path, TEXT), 409)
    told(revise(callers, f"{V1}/documents/1", RIGHT), 409)
    passages = [{"recommendation": f"{draft['reference']}-R02", "quotes": NTH}]
    made = took(revise(callers, path, RIGHT, passages=passages))
    told(revise(callers, path, f"{RIGHT}。", passages=passages), 409)
    later = took(revise(callers, f"{V1}/documents/{made['id']}", f"{RIGHT}。", passages=passages))
    assert later["reference"].endswith("-E3")


def test_what_was_taken_back_does_not_hold_a_new_edition_up(callers, draft, database):
    registrar = callers["registrar"]
    second = took(registrar.get(one(draft)))["recommendations"][1]
    place = f"{V1}/recommendations/{second['id']}"
    took(
        registrar.post(f"{place}/withdrawal", {"reason": "不是请求"}, version_of(registrar, place))
    )
    made = took(revise(callers, text_of(callers, draft), RIGHT.replace("设立人才基金", "")))
    assert made["reference"].endswith("-E2")
    assert took(registrar.get(place))["ended_as"] == "withdrawn"
    whole(database)


def test_the_public_sees_of_it_what_is_published(client, callers, draft):
    registrar, path = callers["registrar"], text_of(callers, draft)
    passages = [{"recommendation": f"{draft['reference']}-R02", "quotes": NTH}]
    made = took(revise(callers, path, RIGHT, passages=passages))
    case = one(draft)
    took(registrar.patch(case, {"publication": "published"}, version_of(registrar, case)))
    shown = client.get(f"{V1}/documents/{made['id']}").get_json()
    assert shown["publication"] == "published"
    assert shown["replaces"] is None
    assert client.get(path).status_code == 404
