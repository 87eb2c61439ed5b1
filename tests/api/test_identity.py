"""What is one although it was typed otherwise: case numbers, tags, names of offices."""

import pytest

from tests.support.casework import V1, took, version_of, whole
from tests.support.factories import REGISTRAR, make_caller

SAME = ("0008", " 0008 ", "０００８", "0 008")


@pytest.fixture
def registrar(client, database):
    return make_caller(client, database, *REGISTRAR)


def cases(registrar, number=2):
    """Return the paths of proposals of one kind and one session."""
    listed = registrar.get(f"{V1}/proposals?document=D002&limit=200").get_json()["items"]
    kinds = [one for one in listed if one["kind"] == listed[0]["kind"]]
    return [f"{V1}/proposals/{one['id']}" for one in kinds[:number]]


def number(registrar, path, case_no):
    """Give a proposal its case number, and return the answer."""
    return registrar.patch(path, {"case_no": case_no}, version_of(registrar, path))


@pytest.mark.parametrize("typed", SAME)
def test_a_case_number_is_one_however_it_is_typed(registrar, database, typed):
    one, other = cases(registrar)
    assert took(number(registrar, one, typed))["case_no"] == typed.strip()
    for again in SAME:
        refused = number(registrar, other, again)
        assert refused.status_code == 409
        assert took(registrar.get(one))["reference"] in refused.get_json()["detail"]
        found = registrar.get(f"{V1}/proposals?case_no={again}").get_json()["items"]
        assert [row["id"] for row in found] == [int(one.rpartition("/")[2])]
        assert registrar.get(f"{V1}/recommendations?case_no={again}").get_json()["items"]
    assert took(number(registrar, other, "00081"))["case_no"] == "00081"
    whole(database)


def test_a_case_that_was_withdrawn_frees_its_number(registrar, database):
    one, other = cases(registrar)
    took(number(registrar, one, "0008"))
    withdrawn = {"to": "withdrawn", "reason": "提案人撤回"}
    took(registrar.post(f"{one}/transitions", withdrawn, version_of(registrar, one)))
    took(number(registrar, other, "0008"))
    found = registrar.get(f"{V1}/proposals?case_no=0008").get_json()["items"]
    assert sorted(row["handling_state"] for row in found) == ["filed", "withdrawn"]
    back = {"to": "submitted", "reason": "误撤"}
    refused = registrar.post(f"{one}/transitions", back, version_of(registrar, one))
    assert refused.status_code == 409
    took(number(registrar, other, "0009"))
    took(registrar.post(f"{one}/transitions", back, version_of(registrar, one)))
    whole(database)


def test_each_kind_has_its_own_series(registrar):
    listed = registrar.get(f"{V1}/proposals?limit=200").get_json()["items"]
    by_session = {}
    for one in listed:
        kinds = by_session.setdefault((one["session"] or {}).get("slug"), {})
        kinds.setdefault(one["kind"], f"{V1}/proposals/{one['id']}")
    one, other, *_ = next(list(k.values()) for k in by_session.values() if len(k) > 1)
    took(number(registrar, one, "0008"))
    took(number(registrar, other, "0008"))


@pytest.mark.parametrize("word", ["人工智能产业园", " ＡＩ Industrial Park ", "智算中心"])
def test_a_word_is_one_tags_and_the_conflict_names_it(registrar, word):
    tag = {"slug": "new", "name_zh": "新标签", "name_en": "New", "definition": "新。"}
    for changed in ({"name_zh": word}, {"synonyms": [word]}):
        refused = registrar.post(f"{V1}/tags", tag | changed)
        assert refused.status_code == 409, refused.text
        assert "-" in refused.get_json()["detail"]
    took(registrar.post(f"{V1}/tags", tag))
    refused = registrar.patch(f"{V1}/tags/new", {"synonyms": [word]}, 1)
    assert refused.status_code == 409
    own = registrar.patch(f"{V1}/tags/new", {"synonyms": ["新标签", "ＮＥＷ"]}, 1)
    assert own.status_code == 200


def test_an_office_is_not_entered_twice(registrar):
    office = {"slug": "again", "kind": "department", "region_code": "410100"}
    refused = registrar.post(f"{V1}/organizations", office | {"name_zh": " 郑州市 工业和信息化局 "})
    assert refused.status_code == 409
    assert "zhengzhou-industry" in refused.get_json()["detail"]


def test_blanks_around_a_line_go_and_those_of_a_text_stay(registrar):
    tag = {"slug": "new", "name_zh": " 新标签\u3000", "name_en": " New ", "definition": " 新。\n"}
    made = took(registrar.post(f"{V1}/tags", tag))
    assert (made["name_zh"], made["name_en"]) == ("新标签", "New")
    assert made["definition"] == " 新。\n"
