"""What a case asks is mended after it was filed: added, split, joined, taken back, related."""

import pytest

from tests.support.casework import V1, dispatch, step, took, version_of, whole
from tests.support.drafts import FIRST, content, enter, filed, one
from tests.support.factories import INDUSTRY, PARK, find
from tests.support.problems import told

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]

TALENT = {"summary_zh": "统筹布局人才培养", "quotes": [{"text": "统筹布局人才培养"}]}
FUND = {"summary_zh": "设立人才基金", "quotes": [{"text": "设立人才基金"}], "tags": ["talent"]}
WHY = {"reason": "原文为两项，由两个单位分别办理"}


@pytest.fixture
def case(callers, people):
    """Give the path of a case that was filed, and that industry is given and received."""
    draft = enter(callers, content(people))
    filed(callers, draft, case_no="0101")
    registrar, path = callers["registrar"], one(draft)
    took(registrar.patch(path, {"publication": "internal"}, version_of(registrar, path)))
    took(step(callers["industry"], dispatch(callers, path), "received"))
    return path


def post(callers, path, body, who="registrar"):
    record = path.rpartition("/")[0]
    return callers[who].post(path, body, version_of(callers["registrar"], record))


def asked(callers, case):
    """Return the recommendations of *case* that stand, by reference."""
    registrar = callers["registrar"]
    number = case.rpartition("/")[2]
    listed = took(registrar.get(f"{V1}/recommendations?proposal={number}&limit=50"))
    return {one["reference"]: one for one in listed["items"]}


def at(record):
    return f"{V1}/recommendations/{record['id']}"


def test_one_that_was_forgotten_is_added_and_had_by_who_has_the_case(callers, case, database):
    body = {"recommendations": [TALENT], "reason": "漏登"}
    told(post(callers, f"{case}/recommendations", body, who="industry"), 403)
    shown = took(post(callers, f"{case}/recommendations", body))
    added = asked(callers, case)[f"{shown['reference']}-R03"]
    assert len(shown["recommendations"]) == 3
    assert added["lead_office"]["slug"] == INDUSTRY
    assert added["lead_status"] == "taken_on"
    desk = took(callers["industry"].get(f"{V1}/offices/{INDUSTRY}/worklist?limit=200"))["items"]
    assert added["reference"] in str(desk)
    events = took(callers["registrar"].get(f"{case}/history?limit=100"))["items"]
    told_last = [event for event in events if "recommendations" in event["changes"]][-1]
    assert told_last["changes"]["recommendations"] == [[], [added["reference"]]]
    whole(database)


def test_what_was_two_actions_is_split_and_the_former_one_stays_where_it_was(
    callers, case, database
):
    former = next(row for ref, row in asked(callers, case).items() if ref.endswith("R02"))
    counted = figures(callers, "talent")
    body = {"recommendations": [FUND, TALENT], "replaces": [former["reference"]], **WHY}
    shown = took(post(callers, f"{case}/recommendations", body))
    standing = asked(callers, case)
    assert [ref[-3:] for ref in standing] == ["R01", "R03", "R04"]
    assert figures(callers, "talent") == counted + 1
    seen = took(callers["registrar"].get(at(former)))
    assert (seen["ended_as"], seen["offices"]) == ("withdrawn", [])
    assert {(one["kind"], one["outgoing"]) for one in seen["lineage"]} == {("supersedes", False)}
    assert seen["lineage_total"] == 2
    ended = took(callers["registrar"].get(f"{V1}/recommendations?ended=true&q=人才基金"))["items"]
    assert former["reference"] in [row["reference"] for row in ended]
    events = took(callers["registrar"].get(f"{at(former)}/history"))["items"]
    [story] = [event for event in events if event["operation"] == "recommendation.ended"]
    assert "单独终止" in story["story_zh"]
    assert WHY["reason"] in story["story_zh"]
    assert len(shown["recommendations"]) == 4
    moved = {"axis": "progress", "to": "planned"}
    told(callers["industry"].post(f"{at(former)}/transitions", moved, seen["version"]), 403)
    whole(database)


def test_the_reply_answers_what_stands_and_no_more(callers, case, database):
    former = next(row for ref, row in asked(callers, case).items() if ref.endswith("R02"))
    took(post(callers, f"{at(former)}/withdrawal", {"reason": "只是背景，不是请求"}))
    [assignment] = took(callers["registrar"].get(f"{case}/assignments"))["items"]
    path = f"{V1}/assignments/{assignment['id']}"
    point = {"acceptance": "accepted", "outcome": "planned", "text": "已列入计划"}
    wrong = {"text": "答复如下", "points": [point | {"recommendation": former["reference"]}]}
    refused = callers["industry"].post(
        f"{path}/replies", wrong, version_of(callers["industry"], path)
    )
    told(refused, 422, "points.0.recommendation")
    [standing] = asked(callers, case)
    right = {"text": "答复如下", "points": [point | {"recommendation": standing}]}
    took(callers["industry"].post(f"{path}/replies", right, version_of(callers["industry"], path)))
    whole(database)


def test_one_is_joined_to_another_of_any_document_and_restored(callers, case, database):
    former = next(row for ref, row in asked(callers, case).items() if ref.endswith("R01"))
    park = find(callers["registrar"])
    told(
        post(callers, f"{at(former)}/withdrawal", {"into": former["reference"], **WHY}), 422, "into"
    )
    seen = took(post(callers, f"{at(former)}/withdrawal", {"into": PARK, **WHY}))
    assert seen["ended_as"] == "merged"
    assert [(one["kind"], one["recommendation"]["reference"]) for one in seen["lineage"]] == [
        ("merged_into", PARK)
    ]
    other = took(callers["registrar"].get(at(park)))["lineage"]
    assert (former["reference"], False) in [
        (one["recommendation"]["reference"], one["outgoing"]) for one in other
    ]
    told(post(callers, f"{at(former)}/withdrawal", WHY), 409)
    back = took(post(callers, f"{at(former)}/restoration", {"reason": "两件事，误并"}))
    assert (back["ended_as"], back["lineage"]) == (None, [])
    assert back["lead_office"]["slug"] == INDUSTRY
    told(post(callers, f"{at(former)}/restoration", {"reason": "再次"}), 409)
    whole(database)


def test_what_an_office_was_given_alone_is_not_taken_back_under_it(callers, case):
    former = next(row for ref, row in asked(callers, case).items() if ref.endswith("R02"))
    given = dispatch(callers, case, "zhengzhou-data", recommendation=former["reference"])
    refused = post(callers, f"{at(former)}/withdrawal", WHY)
    told(refused, 409)
    assert given["reference"] in refused.text


def test_what_ended_alone_ends_no_more_and_comes_not_back_with_its_case(callers, case, database):
    first, second = asked(callers, case).values()
    took(post(callers, f"{at(second)}/withdrawal", WHY))
    for target in ("withdrawn", "submitted"):
        took(post(callers, f"{case}/transitions", {"to": target, "reason": "误撤后恢复"}))
    shown = {one["id"]: took(callers["registrar"].get(at(one))) for one in (first, second)}
    assert shown[first["id"]]["ended_as"] is None
    assert shown[second["id"]]["ended_as"] == "withdrawn"
    whole(database)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"recommendations": []}, "recommendations"),
        ({"recommendations": [FUND | {"quotes": [{"text": "没有的话"}]}]},
         "recommendations.0.quotes.0.text"),
        ({"recommendations": [FUND | {"tags": ["nothing"]}]}, "recommendations.0.tags"),
        ({"replaces": ["D000-P99-R99"]}, "replaces.0"),
        ({"replaces": [PARK]}, "replaces.0"),
        ({"reason": " "}, "reason"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_added(callers, case, change, field):
    before = asked(callers, case)
    body = {"recommendations": [TALENT], "replaces": [], "reason": "漏登", **change}
    told(post(callers, f"{case}/recommendations", body), 422, field)
    assert asked(callers, case) == before


def test_words_of_another_speaker_are_not_put_into_ones_mouth(callers):
    registrar = callers["registrar"]
    proposal = took(registrar.get(f"{V1}/proposals?reference=D000-P02"))["items"][0]
    other = find(registrar, "D000-P05-R02")
    words = took(registrar.get(at(other)))["passages"][0]["text"]
    path = f"{V1}/proposals/{proposal['id']}/recommendations"
    wrong = {"summary_zh": "别人的话", "quotes": [{"text": words}]}
    body = {"recommendations": [wrong], "reason": "漏登"}
    told(post(callers, path, body), 422, "recommendations.0.quotes.0.text")


# -- relations ---------------------------------------------------------------------------------


def relate(callers, record, who="registrar", **body):
    return post(callers, f"{at(record)}/relations", {**WHY, **body}, who)


@pytest.mark.parametrize("relation", ["repeats", "continues", "merged_into", "supersedes"])
def test_a_relation_is_set_and_ended_and_stands_in_the_history(callers, case, relation, database):
    record = next(iter(asked(callers, case).values()))
    told(relate(callers, record, who="industry", kind=relation, other=PARK), 403)
    seen = took(relate(callers, record, kind=relation, other=PARK))
    assert [one["kind"] for one in seen["lineage"]] == [relation]
    again = took(relate(callers, record, kind=relation, other=PARK))
    assert again["version"] == seen["version"]
    told(relate(callers, find(callers["registrar"]), kind=relation, other=record["reference"]),
         422, "other")  # fmt: skip
    whole(database)
    over = took(relate(callers, record, kind=relation, other=PARK, stands=False))
    assert over["lineage"] == []
    told(relate(callers, record, kind=relation, other=PARK, stands=False), 422, "other")
    events = took(callers["registrar"].get(f"{at(record)}/history"))["items"]
    changes = [event["changes"]["relation"] for event in events if "relation" in event["changes"]]
    assert changes == [[None, f"{relation} {PARK}"], [f"{relation} {PARK}", None]]
    whole(database)


def test_none_relates_to_itself(callers, case):
    record = next(iter(asked(callers, case).values()))
    told(relate(callers, record, kind="repeats", other=record["reference"]), 422, "other")
    told(relate(callers, record, kind="repeats", other="D009-P01-R01"), 422, "other")


def test_what_a_step_made_is_ended_by_a_step(callers, lead, proposal):
    registrar, former = callers["registrar"], find(callers["registrar"])
    other = find(registrar, "D001-P01-R03")
    moved = {"axis": "progress", "to": "superseded", "superseded_by": other["reference"],
             "reason": "由新建议取代"}  # fmt: skip
    head = callers["head"]
    took(head.post(f"{at(former)}/transitions", moved, version_of(head, at(former))))
    told(relate(callers, other, kind="supersedes", other=former["reference"], stands=False),
         422, "other")  # fmt: skip


def figures(callers, tag):
    shown = took(callers["registrar"].get(f"{V1}/tags/{tag}/progress"))
    return shown["total"] + shown["not_counted"]


def test_a_draft_is_mended_as_a_case_is(callers, people):
    draft = enter(callers, content(people, recommendations=[FIRST]))
    shown = took(post(callers, f"{one(draft)}/recommendations", {"recommendations": [FUND], **WHY}))
    assert len(shown["recommendations"]) == 2
    gone = took(post(callers, f"{one(draft)}/transitions", {"to": "withdrawn", "reason": "重报"}))
    assert gone["handling_state"] == "withdrawn"
    told(post(callers, f"{one(draft)}/recommendations", {"recommendations": [TALENT], **WHY}), 409)
