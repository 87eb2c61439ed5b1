"""Who is given what, who hands it on, and who handles it again."""

from datetime import date

import pytest

from tests.support.casework import V1, dispatch, step, took, version_of, waiting, whole
from tests.support.drafts import content, enter, filed
from tests.support.drafts import one as path_of
from tests.support.factories import DATA, INDUSTRY, PARK
from tests.support.filing import decide, state
from tests.support.problems import told
from tests.support.replies import SENT, assignment_of, body, draft, move, rate, send

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


FINANCE = "zhengzhou-finance"


def desk(caller, name, **filters):
    query = "&".join(f"{n}={v}" for n, v in {"desk": name, **filters}.items())
    return caller.get(f"{V1}/me/worklist?{query}").get_json()["items"]


def kinds(caller, name):
    return [item["kind"] for item in desk(caller, name)]


def edit(callers, path, **values):
    return callers["registrar"].patch(path, values, version_of(callers["registrar"], path))


def steps_on(caller, name):
    """Return what lies on a desk: kind and steps of each item."""
    items = caller.get(f"{V1}/me/worklist?desk={name}").get_json()["items"]
    return [(item["kind"], [step["to"] for step in item["next_steps"]]) for item in items]


def answer_one(callers, assignment, points, who=("industry", "head")):
    """Receive *assignment*, and send a reply that has these *points*."""
    editor, head = who
    took(step(callers[editor], assignment, "received"))
    took(draft(callers[editor], assignment, {"text": "答复", "points": points}))
    took(move(callers["dispatcher"], assignment, 1, "checked"))
    took(move(callers[head], assignment, 1, "sent", **SENT))


def to_dispatch(callers):
    """Return what waits for a dispatch."""
    kinds = [kind for kind, _ in steps_on(callers["dispatcher"], "dispatchers")]
    return [kind for kind in kinds if kind in ("dispatch", "redispatch")]


def test_an_office_reads_no_more_of_what_it_lost(callers, proposal, lead, pass_on, database):
    took(edit(callers, proposal, publication="internal"))
    pass_on(date(2026, 6, 3))
    assert callers["industry"].get(f"{V1}/me/inbox").get_json()["items"]
    took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局"))
    assert callers["industry"].get(f"{V1}/me/inbox").get_json()["items"] == []
    whole(database)


def test_who_is_only_informed_does_not_end_the_dispatch(callers, people, database):
    case = enter(callers, content(people[:1]))
    filed(callers, case)
    path, names = path_of(case), [row["reference"] for row in case["recommendations"]]
    dispatch(callers, path, FINANCE, "for_information")
    assert state(callers, path) == "dispatched"
    assert kinds(callers["dispatcher"], "dispatchers") == ["dispatch"]
    dispatch(callers, path, INDUSTRY, "lead", recommendation=names[0])
    assert kinds(callers["dispatcher"], "dispatchers") == ["dispatch"]
    back = dispatch(callers, path, DATA, "lead", recommendation=names[1])
    assert kinds(callers["dispatcher"], "dispatchers") == []
    took(step(callers["data"], back, "objection_pending", reason="不属本局职责"))
    took(step(callers["dispatcher"], back, "returned"))
    assert kinds(callers["dispatcher"], "dispatchers") == ["redispatch"]
    whole(database)


def test_nothing_is_dispatched_before_it_was_submitted(callers, people):
    case = enter(callers, content(people[:1]))
    filed(callers, case)
    early = {"office": INDUSTRY, "role": "lead", "on": "2019-01-02"}
    told(callers["dispatcher"].post(f"{path_of(case)}/assignments", early), 422, "on")


def test_another_office_handles_it_again(callers, proposal, lead, database):
    other = dispatch(callers, proposal, DATA, "separate")
    took(step(callers["data"], other, "received"))
    took(draft(callers["data"], other, body(callers, proposal)))
    took(move(callers["dispatcher"], other, 1, "checked"))
    took(move(callers["data_head"], other, 1, "sent", **SENT))
    send(callers, lead, proposal)
    took(rate(callers, lead, proposal, result="dissatisfied"))
    assert state(callers, proposal) == "reprocessing"
    took(step(callers["dispatcher"], lead, "withdrawn", reason="换单位办理"))
    assert state(callers, proposal) == "in_progress"
    assert "redispatch" in kinds(callers["dispatcher"], "dispatchers")
    dispatch(callers, proposal, FINANCE)
    assert "redispatch" not in kinds(callers["dispatcher"], "dispatchers")
    whole(database)


def test_what_is_handled_again_can_be_withdrawn_and_given_on(callers, proposal, lead, database):
    send(callers, lead, proposal)
    took(rate(callers, lead, proposal, result="dissatisfied"))
    assert state(callers, proposal) == "reprocessing"
    dispatch(callers, proposal, DATA, "joint")
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    whole(database)


def test_an_office_hands_on_only_what_it_was_given(callers, proposal, database):
    made = dispatch(callers, proposal, INDUSTRY, "sole", recommendation=PARK)
    path, parent = f"{proposal}/assignments", {"parent": made["reference"]}
    others = [point["recommendation"] for point in body(callers, proposal)["points"]]
    other = next(name for name in others if name != PARK)
    wrong = {"office": DATA, "role": "lead", **parent, "recommendation": other}
    told(callers["head"].post(path, wrong), 422, "recommendation")
    whole_of_it = {"office": DATA, "role": "lead", **parent}
    told(callers["head"].post(path, whole_of_it), 422, "recommendation")
    own = {"office": INDUSTRY, "role": "joint", **parent, "recommendation": PARK}
    told(callers["head"].post(path, own), 422, "office")
    took(callers["head"].post(path, {**own, "office": DATA}))
    informed = dispatch(callers, proposal, "zhengzhou-government", "for_information")
    on = {"office": INDUSTRY, "role": "sole", "parent": informed["reference"]}
    told(callers["government"].post(path, on), 422, "parent")
    whole(database)


def test_what_offices_cannot_see_is_not_given_to_them(callers, proposal):
    registrar = callers["registrar"]
    version = version_of(registrar, proposal)
    took(registrar.patch(proposal, {"publication": "restricted"}, version))
    given = {"office": INDUSTRY, "role": "lead"}
    told(registrar.post(f"{proposal}/assignments", given), 422, "office")


def test_what_no_office_answered_lies_on_the_dispatchers_desk(callers, proposal, database):
    first = dispatch(callers, proposal, INDUSTRY, "separate")
    second = dispatch(callers, proposal, DATA, "separate")
    points = body(callers, proposal)["points"]
    answer_one(callers, first, points[:1])
    assert to_dispatch(callers) == []
    answer_one(callers, second, points[1:2], ("data", "data_head"))
    assert state(callers, proposal) == "in_progress"
    assert to_dispatch(callers) == ["dispatch"]
    whole(database)
    third = dispatch(callers, proposal, FINANCE, "separate")
    assert to_dispatch(callers) == []
    took(step(callers["dispatcher"], third, "withdrawn", reason="由主办单位一并答复"))
    assert to_dispatch(callers) == ["dispatch"]
    took(draft(callers["industry"], first, {"text": "答复", "points": points}))
    took(move(callers["dispatcher"], first, 2, "checked"))
    took(move(callers["head"], first, 2, "sent", **SENT))
    assert state(callers, proposal) == "replied"
    assert to_dispatch(callers) == []
    whole(database)


def test_one_recommendation_is_not_the_whole_proposal(callers, proposal, database):
    made = dispatch(callers, proposal, INDUSTRY, "sole", recommendation=PARK)
    points = body(callers, proposal)["points"]
    answer_one(callers, made, [p for p in points if p["recommendation"] == PARK])
    took(rate(callers, made, proposal))
    assert state(callers, proposal) == "in_progress"
    told(decide(callers, proposal, "closed"), 409)
    assert to_dispatch(callers) == ["dispatch"]
    rest = dispatch(callers, proposal, DATA, "lead")
    answer_one(callers, rest, [p for p in points if p["recommendation"] != PARK],
               ("data", "data_head"))  # fmt: skip
    assert state(callers, proposal) == "replied"
    whole(database)


def test_an_office_answers_what_it_dispatched_on(callers, proposal, lead, database):
    content = {"office": DATA, "role": "sole", "parent": lead["reference"], "recommendation": PARK}
    below = callers["head"].post(f"{proposal}/assignments", content).get_json()
    took(step(callers["data"], below, "received"))
    promise = {"text": "年底前完成", "on": "2026-12-31"}
    park = body(callers, proposal, promise=promise)
    park["points"] = [p for p in park["points"] if p["recommendation"] == PARK]
    took(draft(callers["data"], below, park))
    took(move(callers["dispatcher"], below, 1, "checked"))
    took(move(callers["data_head"], below, 1, "sent", **SENT))
    assert waiting(assignment_of(callers["auditor"], below)) == {}
    assert callers["auditor"].get(f"{V1}/commitments").get_json()["items"] == []
    told(rate(callers, below, proposal), 409)
    send(callers, lead, proposal, promise=promise)
    assert len(callers["auditor"].get(f"{V1}/commitments").get_json()["items"]) == 1
    whole(database)
