"""No answer is without bound: a record shows the newest, and pages tell all of it, once."""

import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from app.accounts.rules.operation_access import ACCESS, Audience
from app.core.clock import utcnow
from app.core.codes import ActorKind, Role
from app.core.rules.permissions import Actor
from app.core.rules.sizes import PAGE_BYTES, RELATED, SHOWN
from app.models import (
    Contact,
    Milestone,
    Person,
    ProgressReport,
    Proposal,
    Proposer,
    Remark,
)
from app.register.recommendations.queries import recommendation_details
from tests.database.counting import counted
from tests.support.accounts import new_key
from tests.support.casework import V1, took
from tests.support.crowd import FULL, LONG, add_reports, copy, crowd, relate
from tests.support.factories import (
    DATA,
    INDUSTRY,
    Caller,
    find,
    make_caller,
    organization,
    recommendation,
)
from tests.support.papers import PDF
from tests.support.problems import told
from tests.support.replies import move, send
from tools.contract import committed

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database, pytest.mark.share]

MOST = 1024 * 1024
"""No answer in JSON that anyone gets without a key is longer, in bytes."""

EVIDENCE = [{"title": "开工报告", "url": "https://example.org/start"}]


def send_to(caller, path, place, body):
    """Send *body* to a *place* below *path*, as it stands now, and return what is answered."""
    return took(caller.post(f"{path}/{place}", body, took(caller.get(path))["version"]))


@pytest.fixture
def case(callers, proposal, lead, client):
    """Give the parts of paths about a case in which everything that grows was done once."""
    industry = callers["industry"]
    one = f"{V1}/assignments/{lead['id']}"
    more = {"extended_to": "2026-07-31", "reason": "需报批"}
    send_to(industry, one, "extensions", more)
    send_to(industry, one, "contacts", {"channel": "meeting", "note": "当面听取意见"})
    send_to(callers["supervisor"], one, "presses", {"text": "请答复", "answer_by": "2026-06-20"})
    send_to(industry, one, "explanations", {"text": "手续未办结", "done_by": "2026-07-31"})
    send(callers, lead, proposal, promise={"text": "年底前开工", "on": "2026-12-31"})
    took(move(callers["head"], lead, 1, "published"))
    [promised] = took(client.get(f"{V1}/commitments"))["items"]
    path = f"{V1}/commitments/{promised['id']}"
    send_to(industry, path, "milestones", {"text": "完成选址"})
    send_to(industry, path, "milestones/1/completion", {"evidence": EVIDENCE})
    said = {"kind": "explanation", "text": "进度正常", "evidence": EVIDENCE}
    send_to(industry, path, "remarks", said)
    name = quote("竣工报告.pdf")
    file = took(industry.upload(f"{proposal}/files?filename={name}", PDF))
    park = find(client)
    proof = {"text": "已竣工", "evidence": [{"title": "报告", "file": file["reference"]}]}
    took(industry.post(f"{V1}/recommendations/{park['id']}/reports", proof))
    return {
        "recommendation_id": park["id"],
        "proposal_id": park["proposal"]["id"],
        "document_id": park["proposal"]["document_id"],
        "assignment_id": lead["id"],
        "commitment_id": promised["id"],
        "file_id": file["id"],
        "number": 1,
        "slug": "ai-industrial-park",
        "reference": park["reference"],
        "person": took(client.get(f"{V1}/persons"))["items"][0]["slug"],
    }


def open_readings():
    """Yield the path and the parameters of every reading of the contract that takes no key.

    Those that give a text or a file as it came in are as long as that.
    """
    for path, methods in committed()["paths"].items():
        operation = methods.get("get")
        if operation is None:
            continue
        access = ACCESS.get(operation["operationId"])
        content = operation["responses"]["200"].get("content", {})
        is_open = access is None or access.audience is not Audience.KEYED
        if is_open and "application/json" in content:
            yield path, dict(map(taken, operation.get("parameters", ())))


def taken(parameter):
    """Return the name of a parameter, and the format of its values."""
    whole = found_at(committed(), parameter)
    return whole["name"], whole["schema"].get("format")


def found_at(document, part):
    """Return *part*, or what it refers to in *document*."""
    if "$ref" not in part:
        return part
    for step in part["$ref"].removeprefix("#/").split("/"):
        document = document[step]
    return document


READINGS = dict(open_readings())
SLUGS = {
    f"{V1}/sessions/{{slug}}": {"slug": "national-lianghui-2024"},
    f"{V1}/sessions/{{slug}}/ledger": {"slug": "national-lianghui-2024"},
    f"{V1}/organizations/{{slug}}": {"slug": INDUSTRY},
    f"{V1}/figures/{{figure}}": {"figure": "stages"},
    f"{V1}/figures/{{figure}}.svg": {"figure": "stages"},
}
"""What is found by a slug, and is no tag."""


NEEDED = {f"{V1}/search": "q=数&facets=true"}
"""What a reading is not answered without."""


def asked(names):
    """Yield what to ask a reading for that takes parameters of these *names*."""
    yield ""
    if "limit" in names:
        yield "?limit=200"
    if "with_total" in names:
        yield "?limit=200&with_total=true"
    if names.get("as_of") == "date-time":
        yield f"?as_of={quote(utcnow().isoformat())}"


def test_no_reading_without_a_key_is_long(case, client, database):
    database.write(crowd)
    sizes = {}
    for path, names in READINGS.items():
        for more in asked(names):
            asked_for = f"{more}{'&' if more else '?'}{NEEDED[path]}" if path in NEEDED else more
            answer = client.get(path.format(**case | SLUGS.get(path, {})) + asked_for)
            assert answer.status_code == 200, (path, more, answer.text[:300])
            sizes[path + more] = len(answer.get_data())
    assert {name: size for name, size in sizes.items() if size > MOST} == {}
    assert max(sizes.values()) > PAGE_BYTES / 2, "the case is not long enough to show anything"


# -- pages ---------------------------------------------------------------------------------------

LISTS = (
    "recommendations/{recommendation_id}/reports",
    "recommendations/{recommendation_id}/reports?office=" + INDUSTRY,
    "recommendations/{recommendation_id}/history",
    "proposals/{proposal_id}/history",
    "proposals/{proposal_id}/assignments",
    "assignments/{assignment_id}/contacts",
    "commitments/{commitment_id}/milestones",
    "commitments/{commitment_id}/remarks",
)


def paged(caller, path, limit):
    """Return the items of each page of the list at *path*, following its links."""
    path, pages = f"{path}{'&' if '?' in path else '?'}limit={limit}", []
    while path:
        answer = caller.get(path)
        page = took(answer)
        pages.append(page["items"])
        link = re.match("<(.*)>", answer.headers.get("Link", ""))
        assert (link is None) == (page["next"] is None)
        path = link[1] if link else None
    return pages


def flat(pages):
    return [item for page in pages for item in page]


@pytest.fixture
def longer(case, database):
    """Give the same, with a few of everything, every third report from when it was internal."""

    def work(session):
        add_reports(session, 30, hidden=lambda n: n % 3 == 0, text="进展")
        copy(session, Contact, 12)
        copy(session, Milestone, 12, number=lambda n: 1 + n)
        copy(session, Remark, 12)

    database.write(work)
    return case


@pytest.mark.parametrize("name", LISTS)
def test_the_pages_tell_every_entry_once_and_in_order_to_each_viewer(longer, callers, client, name):
    path = f"{V1}/{name.format(**longer)}"
    known = [callers[name] for name in ("industry", "data", "supervisor", "auditor")]
    for viewer in (Caller(client), *known):
        [whole] = paged(viewer, path, 200)
        pages = paged(viewer, path, 9)
        assert flat(pages) == whole
        assert {len(page) for page in pages[:-1]} <= {9}
        assert len(pages[-1]) <= 9
        keys = [item[key] for item in whole for key in ("sequence",) if key in item]
        assert keys == sorted(set(keys))


def test_each_viewer_is_told_of_the_reports_that_they_may_see(longer, callers, client):
    path = f"{V1}/recommendations/{longer['recommendation_id']}"
    inside = ("industry", "dispatcher", "auditor")
    for viewer, known in (
        (Caller(client), 21),
        *((callers[name], 31) for name in inside),
    ):
        told_in = [e for e in flat(paged(viewer, f"{path}/history", 30))
                   if e["operation"] == "recommendation.reported"]  # fmt: skip
        listed = flat(paged(viewer, f"{path}/reports", 9))
        assert (len(told_in), len(listed)) == (known, known)
        assert [e["sequence"] for e in told_in] == [r["sequence"] for r in listed]
        shown = took(viewer.get(path))
        assert shown["reports_total"] == known
        assert shown["reports"] == listed[-SHOWN:]


def test_a_page_that_would_be_long_ends_early_and_goes_on(case, client, database):
    database.write(lambda s: add_reports(s, 40, evidence=lambda n: FULL))
    public = Caller(client)
    for place, kind in (("reports", None), ("history", "recommendation.reported")):
        path = f"{V1}/recommendations/{case['recommendation_id']}/{place}"
        first = public.get(f"{path}?limit=200")
        assert len(first.get_data()) < PAGE_BYTES * 1.1
        assert took(first)["next"] is not None
        pages = paged(public, path, 200)
        items = [item for item in flat(pages) if kind in (None, item.get("operation"))]
        sequences = [item["sequence"] for item in items]
        assert len(sequences) == 41
        assert sequences == sorted(set(sequences))
        assert len(pages) > 2


def test_a_page_of_a_list_with_long_rows_ends_early_too(client, database):
    def work(session):
        person = session.scalars(sa.select(Person).order_by(Person.id)).first()
        rows = [
            {"proposal_id": number, "person_id": person.id, "position": 100 + n, "role": "cosigner",
             "as_printed": f"代表{n}" + "名" * 80, "withdrawn_at": None}
            for number in session.scalars(sa.select(Proposal.id).limit(30)).all()
            for n in range(100)
        ]  # fmt: skip
        session.execute(sa.insert(Proposer), rows)

    before = [item["id"] for item in flat(paged(Caller(client), f"{V1}/proposals", 200))]
    database.write(work)
    first = client.get(f"{V1}/proposals?limit=200&with_total=true")
    assert len(first.get_data()) < PAGE_BYTES * 1.1
    assert took(first)["total"] == len(before)
    pages = paged(Caller(client), f"{V1}/proposals", 200)
    assert [item["id"] for item in flat(pages)] == before
    assert len(pages) > 1


def test_a_history_that_grows_keeps_its_pages(longer, callers, client):
    public, one = Caller(client), f"{V1}/recommendations/{longer['recommendation_id']}"
    path = f"{V1}/proposals/{longer['proposal_id']}/history"
    before = paged(public, path, 7)
    first = took(public.get(f"{path}?limit=7"))
    took(callers["industry"].post(f"{one}/reports", {"text": "又有进展"}))
    rest = took(public.get(f"{path}?limit=7&cursor={first['next']}"))
    assert rest["items"] == before[1]
    after = paged(public, path, 7)
    assert after[: len(before) - 1] == before[:-1]
    added = flat(after)[len(flat(before)) :]
    assert [event["operation"] for event in added] == ["recommendation.reported"]


def test_a_cursor_is_good_for_its_own_list_alone(longer, client):
    one = f"{V1}/recommendations/{longer['recommendation_id']}"
    proposal = f"{V1}/proposals/{longer['proposal_id']}"
    lists = [f"{one}/reports", f"{one}/history", f"{proposal}/history"]
    for mine in lists:
        cursor = took(client.get(f"{mine}?limit=2"))["next"]
        for other in lists:
            answer = client.get(f"{other}?limit=2&cursor={cursor}")
            if other == mine:
                took(answer)
            else:
                told(answer, 422, "cursor")
    told(client.get(f"{one}/reports?office={INDUSTRY}&cursor={cursor}"), 422, "cursor")
    for limit in ("0", "201", "x"):
        told(client.get(f"{one}/history?limit={limit}"), 422, "limit")


@pytest.mark.parametrize("name", LISTS)
def test_a_page_costs_the_same_whatever_its_length(longer, client, database, name):
    path = f"{V1}/{name.format(**longer)}"
    path += "&" if "?" in path else "?"
    client.get(f"{V1}/tags")
    numbers = set()
    for limit in (4, 200):
        with counted(database) as statements:
            took(client.get(f"{path}limit={limit}"))
        numbers.add(len(statements))
    named = 2 if name.endswith("history") else 0  # looked up where an event names other records
    assert max(numbers) - min(numbers) <= named, numbers


# -- what one record shows -----------------------------------------------------------------------


def test_a_recommendation_knows_the_last_percentage_though_it_shows_no_such_report(
    case, client, database
):
    path = f"{V1}/recommendations/{case['recommendation_id']}"
    database.write(lambda s: add_reports(s, 30, percent=lambda n: 40 if n == 3 else None))
    now = took(client.get(path))
    then = took(client.get(f"{path}?as_of={quote(utcnow().isoformat())}"))
    [office] = now["offices"]
    assert {report["percent"] for report in now["reports"]} == {None}
    assert (now["percent"], then["percent"], office["percent"]) == (40, 40, 40)
    assert (now["reports_total"], then["reports_total"], office["reports_total"]) == (31, 31, 31)
    last = now["reports"][-1]["reported_at"]
    assert {now["last_reported_at"], then["last_reported_at"], office["last_reported_at"]} == {last}


@pytest.mark.parametrize("number", [0, 1, SHOWN - 1, SHOWN, SHOWN + 1])
def test_what_offices_reported_is_the_same_read_from_all_rows_or_asked_for(
    client, database, number
):
    def reported(session):
        data = organization(session, DATA).id
        if number:
            add_reports(session, number, percent=lambda n: n if n % 3 == 1 else None)
        rows = ProgressReport.sequence % 4 == 0, ProgressReport.text.endswith(LONG)
        session.execute(sa.update(ProgressReport).where(*rows).values(office_id=data))
        park, anyone = recommendation(session), Actor(ActorKind.ANONYMOUS, "")
        asked = recommendation_details.reported(session, anyone, park.id, None)
        rows = session.execute(
            recommendation_details.reports(anyone, park.id).order_by(ProgressReport.sequence)
        )
        return (
            asked,
            recommendation_details.reported_in(rows),
            recommendation_details.newest_reports(session, anyone, park.id, None),
        )

    asked, read, (shown, told) = database.write(reported)
    names = "number", "sequence", "last_reported_at", "percent_sequence", "percent"
    assert sum(own.number for own in asked.values()) == number
    assert len(shown) == min(number, SHOWN)
    for other in (read, told):
        assert asked.keys() == other.keys()
        for office, own in asked.items():
            assert [getattr(own, n) for n in names] == [getattr(other[office], n) for n in names]


def test_of_long_reports_fewer_are_shown_and_the_last_always(case, client, database):
    path = f"{V1}/recommendations/{case['recommendation_id']}"
    database.write(lambda s: add_reports(s, 5, evidence=lambda n: FULL))
    shown = took(client.get(path))
    assert shown["reports_total"] == 6
    assert [report["text"].split()[0] for report in shown["reports"]] == ["4"]
    assert shown["offices"][0]["evidence"] == FULL


def test_what_is_related_is_shown_up_to_a_number(client, database):
    path = f"{V1}/recommendations/{find(client)['id']}"
    database.write(lambda session: relate(session, recommendation(session)))
    shown = took(client.get(path))
    assert len(shown["lineage"]) == RELATED < shown["lineage_total"]


GROWING = ("extensions", "replies", "contacts", "explanations", "presses", "tasks")


def test_an_assignment_shows_the_newest_of_each_list_and_how_many_there_are(
    case, callers, client, database
):
    database.write(crowd)
    path = f"{V1}/assignments/{case['assignment_id']}"
    public, inside = took(client.get(path)), took(callers["industry"].get(path))
    for shown in (public, inside):
        assert {name: len(shown[name]) for name in GROWING if len(shown[name]) > SHOWN} == {}
        assert shown["contacts_total"] > SHOWN
    assert {name: inside[f"{name}_total"] > SHOWN for name in GROWING} == dict.fromkeys(
        GROWING, True
    )
    assert (public["presses"], public["presses_total"]) == ([], 0)
    listed = flat(paged(callers["industry"], f"{path}/contacts", 200))
    assert len(listed) == inside["contacts_total"]
    assert listed[-SHOWN:] == inside["contacts"]


def test_a_promise_shows_the_newest_and_lists_the_rest(longer, callers, client, database):
    path = f"{V1}/commitments/{longer['commitment_id']}"
    database.write(lambda s: copy(s, Milestone, 20, number=lambda n: 20 + n))
    shown = took(client.get(path))
    milestones = flat(paged(Caller(client), f"{path}/milestones", 10))
    remarks = flat(paged(Caller(client), f"{path}/remarks", 10))
    assert (shown["milestones_total"], shown["remarks_total"]) == (33, 13)
    assert (len(milestones), len(remarks)) == (33, 13)
    assert shown["milestones"] == milestones[-SHOWN:]
    assert shown["remarks"] == remarks


def test_what_was_merged_into_a_proposal_is_a_list_of_its_own(case, callers, client, database):
    database.write(crowd)
    number = case["proposal_id"]
    shown = took(client.get(f"{V1}/proposals/{number}"))
    listed = flat(paged(Caller(client), f"{V1}/proposals?merged_into={number}", 20))
    assert shown["merged_total"] == len(listed) > SHOWN
    assert [one["id"] for one in listed][-len(shown["merged"]) :] == [
        one["id"] for one in shown["merged"]
    ]
    hidden = sa.update(Proposal).where(Proposal.id == number).values(publication="internal")
    database.write(lambda session: session.execute(hidden))
    for name in (number, 99999):  # what is hidden is as what is not there
        answer = client.get(f"{V1}/proposals?merged_into={name}")
        [said] = told(answer, 422, "merged_into")["errors"]
        assert said["message"] == f"没有 {name}"
    seen = took(callers["registrar"].get(f"{V1}/proposals?merged_into={number}&limit=200"))
    assert len(seen["items"]) == len(listed)


def test_a_further_report_makes_what_is_known_stale(case, client, database):
    path = f"{V1}/recommendations/{case['recommendation_id']}"
    database.write(lambda s: add_reports(s, 25, text="进展", evidence=lambda n: []))
    first = client.get(path)
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get(path, headers=known).status_code == 304
    database.write(lambda s: add_reports(s, 1, text="进展", evidence=lambda n: []))
    assert client.get(path, headers=known).status_code == 200


def test_the_keys_of_an_account_come_in_pages(client, database):
    make_caller(client, database, Role.READER)
    security, other = (make_caller(client, database, Role.SECURITY_ADMIN) for _ in range(2))
    account = took(security.get(f"{V1}/principals?limit=1"))["items"][0]
    for _ in range(3):
        new_key(client, security, other, account, scopes=["read"], days=30)
    path = f"{V1}/principals/{account['id']}/keys"
    pages = paged(security, path, 2)
    assert flat(pages) == flat(paged(security, path, 200))
    assert [len(page) for page in pages[:-1]] == [2] * (len(pages) - 1)
    assert len(flat(pages)) >= 3
