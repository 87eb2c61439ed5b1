"""The papers over HTTP, previews of due dates, and clocks that stood still."""

from datetime import date

import pytest

from app.handling.assignments.services.calendars import load_calendar
from app.seeding.papers import read_calendar
from tests.support.casework import dispatch, to, took, whole
from tests.support.factories import DATA, EDITOR, INDUSTRY, OPERATOR, make_caller
from tests.support.problems import told

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
        "count_from": "receipt", "roll_if_rest_day": True, "is_common_practice": False,
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


# -- clocks that stood still ---------------------------------------------------------------------


def steps(lines):
    """Return which lines an explanation has, and their days."""
    return [(line["step"], line["on"]) for line in lines]


def test_no_last_day_lies_in_a_pause_that_begins_after_a_weekend(editor):
    """The last day is a Saturday; on the Monday to which it moves on the clock stands still."""
    body = {
        "start": "2027-01-20",
        "limit": {"amount": 31, "unit": "days"},
        "pauses": [{"first": "2027-02-22", "last": "2027-03-12", "reason": "等待材料"}],
    }
    found = editor.post(PREVIEW, body).get_json()
    assert (found["due_on"], found["is_provisional"]) == ("2027-03-15", True)
    assert steps(found["explanation"])[2:] == [
        ("rolled", "2027-02-20"),
        ("rolled", "2027-02-21"),
        ("paused", "2027-02-22"),
        ("rolled", "2027-03-13"),
        ("rolled", "2027-03-14"),
        ("provisional", "2027-01-01"),
        ("due", "2027-03-15"),
    ]


YEAR = """
year = 2027
[[editions]]
edition = 1
paper = "国办发明电〔2026〕0号"
rest = [{ from = 2027-01-01, to = 2027-01-03, holiday = "元旦" }]
work = []
"""


def opinion_of(caller, given):
    """Return what is waited for: the opinion of *given*."""
    tasks = caller.get(f"{V1}/assignments/{given['id']}").get_json()["tasks"]
    return next(task for task in tasks if task["kind"] == "co_opinion")


def test_what_was_left_of_a_granted_time_is_counted_after_the_pause(
    callers, proposal, today, database, tmp_path
):
    """The opinion was extended to a Friday; it stood still from the Wednesday before."""
    today["day"] = date(2026, 11, 2)
    dispatch(callers, proposal, profile="chongqing-npc-2017")
    joint = dispatch(callers, proposal, DATA, "joint")
    asked = {"extended_to": "2027-01-15", "reason": "涉及面广"}
    took(to(callers["data"], joint, "extensions", asked))
    still = {"first": "2027-01-13", "last": "2027-01-20", "reason": "等待材料"}
    took(to(callers["dispatcher"], joint, "pauses", still))
    found = opinion_of(callers["data"], joint)
    assert (found["due_on"], found["original_due_on"]) == ("2027-01-25", "2026-12-14")
    assert found["is_provisional"]
    assert steps(found["explanation"])[-6:] == [
        ("skipped", "2027-01-23"),
        ("skipped", "2027-01-24"),
        ("extended", "2027-01-25"),
        ("paper", "2026-01-01"),
        ("provisional", "2027-01-01"),
        ("due", "2027-01-25"),
    ]
    path = tmp_path / "2027.toml"
    path.write_text(YEAR, encoding="utf-8")
    load = lambda session: load_calendar(session, OPERATOR, read_calendar(path), "新年安排")  # noqa: E731
    moved = database.write(load)[1]
    assert (joint["reference"], "co_opinion") in [row[:2] for row in moved]
    assert not opinion_of(callers["data"], joint)["is_provisional"]
    whole(database)
    assert database.write(load) == ([], [])
