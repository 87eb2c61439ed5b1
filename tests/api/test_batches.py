"""Batches: in many rows what one request does, by the same rules, with a result for each row."""

import json

import pytest
import sqlalchemy as sa

from app.core.codes import Role
from app.http.batches import carrying_out
from app.models import Event, Proposal
from app.register.tags.services import tags
from tests.support import batches as sending
from tests.support.batches import batch, carried_out, drafts, filing, row, statuses
from tests.support.casework import V1, took, version_of, whole
from tests.support.drafts import content, enter
from tests.support.factories import (
    DATA,
    INDUSTRY,
    PARK,
    find,
    make_actor,
    make_caller,
    recommendation,
)
from tests.support.problems import told

pytestmark = pytest.mark.usefixtures("today")

TAKEN_ON = {"office": INDUSTRY, "role": "lead"}
EVIDENCE = [{"title": "报告", "url": "https://example.org/1"}]


@pytest.fixture
def entered(callers, people):
    """Give what became of the rows that entered three drafts."""
    return carried_out(callers["registrar"], sending.ENTER, drafts(people, 3))


def several(caller, number=3):
    """Return the references of recommendations that nobody has taken on."""
    listed = caller.get(f"{V1}/recommendations?lead_status=suggested&office={INDUSTRY}&limit=9")
    return [item["reference"] for item in listed.get_json()["items"]][:number]


def test_proposals_are_entered_filed_dispatched_and_received_in_four_requests(
    callers, people, database
):
    registrar = callers["registrar"]
    entered = carried_out(registrar, sending.ENTER, drafts(people, 3))
    assert [r["status"] for r in entered] == [201, 201, 201]
    references = [r["reference"] for r in entered]
    filed = carried_out(registrar, sending.FILE, filing(references))
    assert [r["version"] for r in filed[:3]] == [2, 3, 4]
    office = {"office": INDUSTRY, "role": "lead"}
    given = carried_out(
        callers["dispatcher"], sending.DISPATCH, [row(r, office) for r in references]
    )
    assert [r["status"] for r in given] == [201, 201, 201]
    received = carried_out(
        callers["industry"],
        sending.RECEIVE,
        [row(r["reference"], {"to": "received"}) for r in given],
    )
    for one in received:
        shown = callers["industry"].get(f"{V1}/assignments/{one['id']}").get_json()
        assert (shown["state"], shown["version"]) == ("received", one["version"])
        assert shown["reference"] == one["reference"]
    whole(database)


def test_a_row_leaves_the_history_that_a_request_for_itself_leaves(callers, people):
    registrar = callers["registrar"]
    [made] = carried_out(registrar, sending.ENTER, drafts(people, 1))
    carried_out(registrar, sending.FILE, filing([made["reference"]]))
    single = enter(callers, content(people, title="第0件"))
    path = f"{V1}/proposals/{single['id']}"
    for body in sending.STEPS:
        took(registrar.post(f"{path}/transitions", body, version_of(registrar, path)))

    def history(number):
        events = registrar.get(f"{V1}/proposals/{number}/history").get_json()["items"]
        names = ("operation", "record_version", "story_zh", "story_en", "note", "office_name")
        own = f"N2026-000{number - single['id'] + 2}"
        told = [[e[name] for name in names] for e in events]
        return json.loads(json.dumps(told).replace(own, "-"))

    assert len(history(made["id"])) >= 4
    assert history(made["id"]) == history(single["id"])


def test_each_row_may_be_about_reports_offices_steps_and_tags(callers, database):
    industry = callers["industry"]
    names = several(industry)
    carried_out(industry, sending.TAKE_ON, [row(n, TAKEN_ON) for n in names])
    step = {"axis": "progress", "to": "in_progress"}
    carried_out(industry, sending.STEP, [row(n, step) for n in names])
    reports = carried_out(
        industry, sending.REPORT, [row(n, {"text": "已开工", "percent": 40}) for n in names]
    )
    assert [r["reference"] for r in reports] == names
    assert {r["status"] for r in reports} == {201}
    tagged = carried_out(
        industry, sending.TAG, [row(n, {"add": ["metaverse"], "remove": []}) for n in names]
    )
    for one in tagged:
        shown = industry.get(f"{V1}/recommendations/{one['id']}").get_json()
        assert shown["version"] == one["version"]
        assert shown["percent"] == 40
        assert "metaverse" in [tag["slug"] for tag in shown["tags"]]
    whole(database)


def test_a_row_that_is_refused_leaves_the_others_as_they_are(callers, database):
    industry = callers["industry"]
    first, second, third = several(industry)
    rows = [
        row(first, TAKEN_ON),
        row(second, {"office": DATA, "role": "lead"}),  # an office takes on for itself
        row("D999-P99-R99", TAKEN_ON),
        row(third, {"office": "no-such-office", "role": "lead"}),
        row(third, TAKEN_ON, version=99),
        row(third, TAKEN_ON),
    ]
    answer = batch(industry, sending.TAKE_ON, rows)
    assert answer.status_code == 200
    assert statuses(answer) == [200, 403, 404, 422, 412, 200]
    found = answer.get_json()
    assert (found["carried_out"], found["refused"]) == (2, 4)
    done, _, absent, unknown, stale, _ = found["rows"]
    assert done["problem"] is None
    assert (absent["reference"], absent["id"], absent["version"]) == (None, None, None)
    assert absent["problem"]["type"] == "/problems/not-found"
    assert [e["field"] for e in unknown["problem"]["errors"]] == ["rows.3.body.office"]
    assert stale["problem"]["type"] == "/problems/stale-version"
    assert stale["version"] == 1
    leads = [find(industry, name)["lead_status"] for name in (first, second, third)]
    assert leads == ["taken_on", "suggested", "taken_on"]
    whole(database)


def test_all_rows_or_none(callers, database):
    industry = callers["industry"]
    first, second, third = several(industry)
    rows = [row(first, TAKEN_ON), row("D999-P99-R99", TAKEN_ON), row(third, TAKEN_ON)]
    before = database.read(lambda s: s.scalar(sa.select(sa.func.count(Event.sequence))))
    problem = told(batch(industry, sending.TAKE_ON, rows, "atomic"), 409)
    assert problem["type"] == "/problems/rows-refused"
    assert [r["status"] for r in problem["rows"]] == [200, 404, 200]
    assert [r["reference"] for r in problem["rows"]] == [first, None, third]
    assert {r["version"] for r in problem["rows"]} == {None}
    assert {find(industry, n)["lead_status"] for n in (first, second, third)} == {"suggested"}
    after = database.read(lambda s: s.scalar(sa.select(sa.func.count(Event.sequence))))
    assert after == before + 1  # the attempt
    carried_out(industry, sending.TAKE_ON, [rows[0], rows[2]])
    whole(database)


def test_what_would_have_been_made_has_no_number(callers, people, database):
    rows = drafts(people, 2)
    rows[1]["body"]["session"] = "no-such-session"
    problem = told(batch(callers["registrar"], sending.ENTER, rows, "atomic"), 409)
    first, second = problem["rows"]
    assert (first["status"], first["id"], first["reference"]) == (201, None, None)
    assert second["problem"]["errors"][0]["field"] == "rows.1.body.session"
    assert [e["field"] for e in problem["errors"]] == ["rows.1.body.session"]
    count = sa.select(sa.func.count(Proposal.id)).where(Proposal.title.startswith("第"))
    assert database.read(lambda s: s.scalar(count)) == 0
    again = carried_out(callers["registrar"], sending.ENTER, drafts(people, 2))
    assert [r["reference"] for r in again] == ["N2026-0001-P01", "N2026-0002-P01"]
    whole(database)


@pytest.mark.parametrize("bad", ["x", 7, None, [], {}, {"record": PARK}, {"body": TAKEN_ON},
                                 row(PARK, []), row(7, TAKEN_ON), row(PARK, TAKEN_ON, version="3"),
                                 row(PARK, {**TAKEN_ON, "x": 1}), row("\ud800", TAKEN_ON)],
                         ids=repr)  # fmt: skip
def test_a_malformed_row_is_named_and_only_it_is_refused(callers, bad):
    industry = callers["industry"]
    name, other, _ = several(industry)
    rows = [row(name, TAKEN_ON), bad, row(other, TAKEN_ON)]
    answer = batch(industry, sending.TAKE_ON, rows)
    assert statuses(answer) == [200, 422, 200]
    wrong = answer.get_json()["rows"][1]["problem"]["errors"]
    assert wrong
    assert all(e["field"].startswith("rows.1") for e in wrong)
    problem = told(batch(industry, sending.TAKE_ON, rows, "atomic"), 422)
    assert all(e["field"].startswith("rows.1") for e in problem["errors"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"mode": "atomic", "rows": []}, "rows"),
        ({"mode": "row_by_row", "rows": [row(PARK, TAKEN_ON)] * 101}, "rows"),
        ({"mode": "row_by_row", "rows": {"0": row(PARK, TAKEN_ON)}}, "rows"),
        ({"mode": "row_by_row", "rows": None}, "rows"),
        ({"mode": "row_by_row"}, "rows"),
        ({"rows": [row(PARK, TAKEN_ON)]}, "mode"),
        ({"mode": "both", "rows": [row(PARK, TAKEN_ON)]}, "mode"),
        ({"mode": "row_by_row", "rows": [7], "row": 1}, "row"),
    ],
)
def test_a_malformed_batch_is_refused_whole(callers, body, field):
    told(callers["industry"].post(sending.TAKE_ON, body), 422, field)
    assert find(callers["industry"])["lead_status"] == "suggested"


def test_the_recommendations_of_all_drafts_are_bounded(callers, people):
    rows = drafts(people, 11)
    for one in rows:
        one["body"]["recommendations"] = one["body"]["recommendations"][:1] * 91
    for mode in ("atomic", "row_by_row"):
        told(batch(callers["registrar"], sending.ENTER, rows, mode), 422, "rows")


def test_rows_on_one_record_are_carried_out_in_order(callers, people):
    [made] = carried_out(callers["registrar"], sending.ENTER, drafts(people, 1))
    name = made["reference"]
    rows = [row(name, body) for body in (*sending.STEPS, sending.STEPS[0])]
    answer = batch(callers["registrar"], sending.FILE, rows)
    assert statuses(answer) == [200, 200, 200, 409]
    assert [r["version"] for r in answer.get_json()["rows"]] == [2, 3, 4, None]
    seen = [row(name, {"to": "withdrawn", "reason": "撤回"}, version=4),
            row(name, {"to": "submitted", "reason": "恢复"}, version=4)]  # fmt: skip
    answer = batch(callers["registrar"], sending.FILE, seen)
    assert statuses(answer) == [200, 412]  # it says that it saw what the first row changed


def test_the_same_row_twice_is_done_once(callers):
    industry = callers["industry"]
    [name] = several(industry, 1)
    answer = batch(industry, sending.TAKE_ON, [row(name, TAKEN_ON)] * 2)
    single = industry.post(
        f"{V1}/recommendations/{find(industry, name)['id']}/offices",
        TAKEN_ON,
        find(industry, name)["version"],
    )
    assert statuses(answer) == [200, single.status_code]


def test_a_record_is_named_by_its_number_too(callers):
    industry = callers["industry"]
    name, other, _ = several(industry)
    numbers = [str(find(industry, n)["id"]) for n in (name, other)]
    done = carried_out(
        industry, sending.TAKE_ON, [row(numbers[0], TAKEN_ON), row(f"0{numbers[1]}", TAKEN_ON)]
    )
    assert [r["reference"] for r in done] == [name, other]
    rows = [row(n, TAKEN_ON) for n in ("9" * 18, "9" * 19, "9" * 100, "１", "-1", "' OR 1=1--")]
    assert set(statuses(batch(industry, sending.TAKE_ON, rows))) == {404}


def hide(callers, reference, publication="restricted"):
    """Let the proposal of the recommendation *reference* be seen by few, and return it."""
    found = find(callers["registrar"], reference)["proposal"]
    path = f"{V1}/proposals/{found['id']}"
    seen = version_of(callers["registrar"], path)
    took(callers["registrar"].patch(path, {"publication": publication}, seen))
    return found


def test_what_is_hidden_answers_as_what_is_absent(callers, client, database):
    proposal = hide(callers, PARK)
    outsider = make_caller(client, database, Role.OFFICE_EDITOR, office="zhengzhou-finance")
    dispatcher = make_caller(client, database, Role.DISPATCHER)
    report, office = {"text": "进展"}, {"office": INDUSTRY, "role": "lead"}
    for caller, path, hidden, absent, body in (
        (outsider, sending.REPORT, PARK, "D999-P99-R99", report),
        (outsider, sending.TAG, PARK, "D999-P99-R99", {"add": ["metaverse"], "remove": []}),
        (dispatcher, sending.DISPATCH, proposal["reference"], "D999-P99", office),
    ):
        rows = [row(hidden, body, version=1), row(absent, body, version=1), row(hidden, body)]
        answer = batch(caller, path, rows).get_json()
        first, second, third = answer["rows"]
        assert first["status"] == 404
        assert {**first, "index": 1} == second
        assert {**third, "index": 1} == second


def test_another_offices_record_is_refused_as_singly(callers):
    industry, data = callers["industry"], callers["data"]
    carried_out(industry, sending.TAKE_ON, [row(PARK, TAKEN_ON)])
    single = data.post(f"{V1}/recommendations/{find(data)['id']}/reports", {"text": "进展"})
    answer = batch(data, sending.REPORT, [row(PARK, {"text": "进展"})])
    [refused] = answer.get_json()["rows"]
    assert refused["status"] == single.status_code == 403
    assert refused["problem"]["detail"] == single.get_json()["detail"]


def test_whoever_may_do_it_in_no_way_is_refused_whole(callers, client, database):
    reader = make_caller(client, database, Role.READER)
    for path in (sending.ENTER, sending.FILE, sending.DISPATCH, sending.RECEIVE, sending.REPORT,
                 sending.STEP, sending.TAKE_ON, sending.TAG):  # fmt: skip
        told(reader.post(path, {"nonsense": 1}), 403)
        told(client.post(path, json={}), 401)


def test_a_record_that_another_changed_while_the_batch_waited_is_a_conflict(
    callers, database, monkeypatch
):
    industry = callers["industry"]
    name, other, _ = several(industry)
    read = carrying_out.versions
    calls = []

    def somebody_is_quicker(session, model, names):
        calls.append(read(session, model, names))
        if len(calls) == 1:  # as the request came: the lock is still free
            database.write(lambda s: tagged(s, name))
        return calls[-1]

    monkeypatch.setattr(carrying_out, "versions", somebody_is_quicker)
    rows = [row(name, TAKEN_ON), row(other, TAKEN_ON)]
    answer = batch(industry, sending.TAKE_ON, rows)
    assert statuses(answer) == [412, 200]
    refused = answer.get_json()["rows"][0]
    assert refused["problem"]["type"] == "/problems/stale-version"
    assert refused["version"] == calls[0][name] + 1
    assert find(industry, name)["lead_status"] == "suggested"


def tagged(session, reference):
    """Tag a recommendation, as somebody else does."""
    registrar = make_actor(session, Role.REGISTRAR)
    tags.tag(session, registrar, [recommendation(session, reference)], add=["metaverse"])


def test_what_needs_no_version_singly_needs_none_in_a_row(callers, monkeypatch):
    industry = callers["industry"]
    carried_out(industry, sending.TAKE_ON, [row(PARK, TAKEN_ON)])
    monkeypatch.setattr(carrying_out, "versions", lambda *a, **b: {})
    carried_out(industry, sending.REPORT, [row(PARK, {"text": "进展"})])
    seen = find(industry)["version"]
    answer = batch(
        industry, sending.REPORT, [row(PARK, {"text": "再报"}, version=v) for v in (1, seen)]
    )
    assert statuses(answer) == [412, 201]


def test_what_takes_two_persons_singly_takes_two_in_a_row(callers, database):
    industry, supervisor = callers["industry"], callers["supervisor"]
    carried_out(industry, sending.TAKE_ON, [row(PARK, TAKEN_ON)])
    for body in ({"to": "in_progress"}, {"to": "implemented", "evidence": EVIDENCE}):
        carried_out(industry, sending.STEP, [row(PARK, {"axis": "progress", **body})])
    carried_out(supervisor, sending.STEP, [row(PARK, {"axis": "progress", "to": "verified"})])
    back = row(PARK, {"axis": "progress", "to": "in_progress", "reason": "有误"})
    [asked] = carried_out(supervisor, sending.STEP, [back])
    assert (asked["status"], asked["version"], asked["reference"]) == (202, None, PARK)
    waiting = supervisor.get(f"{V1}/approvals/{asked['approval']}").get_json()
    assert (waiting["state"], waiting["record_reference"]) == ("pending", PARK)
    assert find(industry)["progress"] == "verified"


def test_a_batch_that_is_sent_again_is_answered_alike_and_done_once(callers, people, database):
    registrar, rows = callers["registrar"], drafts(people, 2)
    rows[1]["body"]["session"] = "no-such-session"
    key = {"Idempotency-Key": "b-1"}
    first = batch(registrar, sending.ENTER, rows, **key)
    again = batch(registrar, sending.ENTER, rows, **key)
    assert statuses(first) == [201, 422]
    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Audit-Receipt"] == first.headers["Audit-Receipt"]
    told(batch(registrar, sending.ENTER, rows[:1], **key), 422)
    other = {"Idempotency-Key": "b-2"}
    told(batch(registrar, sending.ENTER, rows[1:], "atomic", **other), 409)
    mended = drafts(people, 3)[2:]
    told(batch(registrar, sending.ENTER, mended, "row_by_row", **key), 422)
    assert batch(registrar, sending.ENTER, mended, "atomic", **other).status_code == 200


def test_a_batch_of_refusals_writes_nothing_and_has_no_receipt(callers, database):
    before = database.read(lambda s: recommendation(s).version)
    answer = batch(callers["industry"], sending.REPORT, [row("D999-P99-R99", {"text": "一"})])
    assert answer.status_code == 200
    assert "Audit-Receipt" not in answer.headers
    assert database.read(lambda s: recommendation(s).version) == before


def attempts(database):
    """Return the operation, the record and the problem of each refused attempt."""
    rows = sa.select(Event).where(Event.outcome == "refused").order_by(Event.sequence)
    found = database.read(lambda s: s.scalars(rows).all())
    return [
        (e.operation, e.record_type, e.record_reference, json.loads(e.changes)["problem"][1])
        for e in found
    ]


@pytest.mark.parametrize("mode", ["atomic", "row_by_row"])
def test_each_refused_row_leaves_an_event(callers, database, mode):
    rows = [row(PARK, TAKEN_ON, version=9), row("D999-P99-R99", TAKEN_ON)]
    batch(callers["industry"], sending.TAKE_ON, rows, mode)
    name = "takeOnRecommendationBatch"
    assert attempts(database) == [
        (name, "recommendation", PARK, "stale-version"),
        (name, "recommendation", "D999-P99-R99", "not-found"),
    ]


def test_what_fails_by_mistake_undoes_the_whole_batch(callers, app, monkeypatch):
    industry = callers["industry"]
    name, other, _ = several(industry)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    done = []

    def broken(session, *, of=carrying_out.require_any):
        done.append(1)
        if len(done) == 2:
            raise ZeroDivisionError

    monkeypatch.setattr(carrying_out, "require_any", lambda *a: broken(a[0]))
    told(batch(industry, sending.TAKE_ON, [row(name, TAKEN_ON), row(other, TAKEN_ON)]), 500)
    assert find(industry, name)["lead_status"] == "suggested"
