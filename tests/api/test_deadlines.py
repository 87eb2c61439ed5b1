"""The papers over HTTP, and previews of due dates."""

import pytest

from tests.api.test_problems import told
from tests.factories import EDITOR, INDUSTRY, make_caller

V1 = "/api/v1"
PREVIEW = f"{V1}/deadlines/preview"


@pytest.fixture
def editor(client, database):
    return make_caller(client, database, *EDITOR, office=INDUSTRY)


def test_calendars_name_their_papers_and_which_holds(client):
    items = client.get(f"{V1}/calendars?year=2020").get_json()["items"]
    assert [(i["edition"], i["in_force"], i["paper"]) for i in items] == [
        (1, False, "国办发明电〔2019〕16号"),
        (2, True, "国办发明电〔2020〕1号"),
    ]
    assert {"on": "2020-02-01", "holiday": "春节"} in items[0]["work"]
    assert len(client.get(f"{V1}/calendars").get_json()["items"]) == 16


def test_profiles_and_schemes_are_read_as_they_stand(client):
    [henan] = client.get(f"{V1}/rule-profiles?slug=henan-npc-2017").get_json()["items"]
    assert henan["is_default"]
    assert henan["limits"][0] == {
        "kind": "co_opinion", "unit": "months", "amount": 2, "dates": None,
        "count_from": "receipt", "roll_if_rest_day": True,
    }  # fmt: skip
    [common] = client.get(f"{V1}/label-schemes?slug=abcd_common").get_json()["items"]
    assert [label["is_ambiguous"] for label in common["labels"]] == [False, True, False, False]
    back = {row["outcome"]: row["label"] for row in common["outcomes"]}
    assert (back["planned"], back["not_feasible"]) == ("B", None)


def test_a_preview_explains_itself(editor, database):
    body = {"start": "2025-09-26", "profile": "henan-npc-2017", "kind": "objection"}
    found = editor.post(PREVIEW, body).get_json()
    assert (found["due_on"], found["profile"]) == ("2025-10-16", "henan-npc-2017@1")
    assert found["limit"]["amount"] == 10
    assert found["explanation"][-1]["zh"] == "到期 2025-10-16（周四）"
    assert found["explanation"][0]["step"] == "rule"
    usual = editor.post(PREVIEW, {"start": "2025-09-26", "kind": "objection"}).get_json()
    assert usual == found


def test_a_preview_takes_any_limit_pauses_and_an_extension(editor):
    body = {
        "start": "2025-07-01",
        "limit": {"amount": 3, "unit": "months", "count_from": "dispatch"},
        "pauses": [{"first": "2025-08-01", "last": "2025-08-03", "reason": "补充材料"}],
        "extended_to": "2025-12-01",
    }
    found = editor.post(PREVIEW, body).get_json()
    assert (found["due_on"], found["original_due_on"]) == ("2025-12-01", "2025-10-09")
    assert found["profile"] is None
    body["limit"]["roll_if_rest_day"] = False
    assert editor.post(PREVIEW, body).get_json()["original_due_on"] == "2025-10-04"


def test_a_preview_by_fixed_date_goes_by_level(editor):
    body = {"start": "2026-02-10", "profile": "city-fixed-dates", "kind": "reply"}
    found = editor.post(PREVIEW, body).get_json()
    assert (found["due_on"], found["limit"]["dates"]) == ("2026-05-11", {"on": "05-10"})
    assert editor.post(PREVIEW, body | {"level": "national"}).get_json()["due_on"] == "2026-06-30"


def test_a_year_that_is_not_loaded_is_told(editor):
    found = editor.post(PREVIEW, {"start": "2026-12-25", "kind": "objection"}).get_json()
    assert found["is_provisional"]
    assert any(line["step"] == "provisional" for line in found["explanation"])


WRONG = [
    ({"kind": "reply"}, "start"),
    ({"start": "2026-01-01"}, "kind"),
    ({"start": "2026-01-01", "kind": "reply", "profile": "nothing"}, "profile"),
    ({"start": "2026-01-01", "kind": "feedback", "profile": "shanghai-npc-2015"}, "kind"),
    ({"start": "2026-01-01", "kind": "reply", "limit": {"amount": 1, "unit": "days"}}, "kind"),
    ({"start": "2026-01-01", "limit": {"amount": 1, "unit": "fixed"}}, "limit.unit"),
    ({"start": "2026-01-01", "limit": {"amount": 0, "unit": "days"}}, "limit.amount"),
    ({"start": "2026-01-01", "kind": "reply",
      "pauses": [{"first": "2026-01-02", "last": "2026-01-01"}]}, "pauses.0.last"),
    ({"start": "2026-01-01", "kind": "reply",
      "pauses": [{"first": "2026-01-02", "last": "2046-01-01"}]}, "pauses.0.last"),
    ({"start": "2026-01-01", "kind": "reply", "extended_to": "2026-02-01"}, "extended_to"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_a_wrong_preview_names_its_field(editor, body, field):
    told(editor.post(PREVIEW, body), 422, field)


def test_the_farthest_date_is_worked_out(editor):
    """As far as years, amounts and pauses reach, and still within what is worked out."""
    pauses = [
        {"first": f"{year}-01-01", "last": f"{year + 9}-12-31"} for year in range(2000, 2190, 10)
    ]
    body = {"start": "1999-12-31", "limit": {"amount": 1000, "unit": "months"}, "pauses": pauses}
    assert editor.post(PREVIEW, body).get_json()["due_on"] == "2273-05-01"
    body["limit"]["amount"] = 1001
    told(editor.post(PREVIEW, body), 422, "limit.amount")
