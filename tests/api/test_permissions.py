"""The reviewed table of permissions, walked cell by cell: see tests/permissions.csv.

The table was written from the rules, not from the code. Each request stands for one cell and is
undone; making any one guard always agree must break at least one cell.
"""

import csv
import hashlib
import io
import re
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from app import create_app
from app.accounts.queries import approvals, exchanges, principals, visibility, withheld
from app.accounts.rules import operation_access
from app.accounts.services import approvals as deciding
from app.accounts.services import keys as key_services
from app.accounts.services import principals as accounts
from app.core.codes import Clock, OfficeRole
from app.core.config import Settings
from app.core.rules import permissions
from app.core.services import authorization as checks
from app.handling.assignments import rules as handled
from app.handling.assignments.services import dispatch as dispatching
from app.handling.assignments.services import permissions as of_assignments
from app.handling.withholding import queries as told_of
from app.handling.withholding import services as withholding
from app.http.blueprints import NoAccess, access_of
from app.http.security import authentication
from app.http.security.rate_limits import Limits
from app.models import (
    Assignment,
    Attachment,
    Commitment,
    Document,
    Evaluation,
    File,
    Milestone,
    Passage,
    Person,
    Principal,
    ProgressReport,
    Proposer,
    Recommendation,
    Reply,
    ReplyPoint,
    Withholding,
)
from app.register.files import services as bringing
from app.register.files.queries import evidence, files
from app.register.people.queries import persons
from app.register.proposals.queries import handling_visibility
from app.register.recommendations import rules
from app.register.recommendations.queries import lateness
from app.register.recommendations.queries import recommendation_columns as columns
from app.register.recommendations.queries import recommendations as lists
from app.register.recommendations.services import permissions as of_recommendations
from app.register.recommendations.services import recommendation_offices
from app.register.recommendations.services import recommendations as moving
from tests.conftest import copies_named
from tests.database.templates import TEMPLATE
from tests.support import scene as scenes
from tests.support.answering import in_days
from tests.support.factories import INDUSTRY, Undone, organization
from tests.support.lateness import set_due
from tests.support.papers import PDF
from tests.support.scene import ABSENT
from tools.contract import DRAFT

V1 = "/api/v1"
FILE = Path(__file__).parent.parent / "permissions.csv"
EVIDENCE = [{"title": "报告", "url": "https://example.org/1"}]


def rows():
    """Return the rows of the table."""
    lines = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines))


def keyed(row):
    return f"{row['operation']} {row['case']}".strip()


TABLE = {name: list(found) for name, found in groupby(rows(), keyed)}
CALLERS = [name for name in rows()[0] if name not in ("operation", "case", "object")]


SCENES = {}
"""What each database of this worker speaks of, made once: every test undoes what it does."""


@pytest.fixture(scope="session")
def copies(request, tmp_path_factory, worker_id):
    """Give databases of their own, in which the scene stands already."""
    with copies_named(TEMPLATE, f"register_scene_{worker_id}", request, tmp_path_factory) as copy:

        def staged(kind):
            database = copy(kind)
            if kind not in SCENES:
                SCENES[kind] = scenes.build(None, database)
            return database

        yield staged


@pytest.fixture
def scene(app, client, database, kind):
    settings = replace(app.extensions["settings"], key_rate=0, failed_sign_ins=10**9)
    app.extensions["limits"] = Limits(lambda: database, settings)
    found = deepcopy(SCENES[kind])
    for caller in found.callers.values():
        caller.client = client
    found.store = app.extensions["store"]
    return found


class NotGiven(Exception):
    """What a row of the table begins with is still to be made."""


class Cell:
    """One cell: who calls, what it is about, and the way to ask.

    What is done behind the rules before the call is the same for each caller of a row, so it is
    done once; *known* holds what came of it, in order.
    """

    def __init__(self, scene, database, caller, about, known):
        self.scene, self.database, self.name, self.about = scene, database, caller, about
        self.caller = scene.callers[caller]
        self.thing = scene.objects.get(about)
        self.known, self.number = known, 0

    def given(self, work):
        """Return what *work* made where this row begins."""
        self.number += 1
        if self.number > len(self.known):
            raise NotGiven(work)
        return self.known[self.number - 1]

    def get(self, path):
        return self.caller.get(V1 + path)

    def send(self, method, path, body, version=None):
        return self.caller.send(method, V1 + path, body, version)

    def post(self, path, body, version=None):
        return self.send("POST", path, body, version)

    def shows(self, path, found):
        """Return whether *found* holds for an item of a list, or the status of its refusal."""
        answer = self.get(path)
        if answer.status_code == 422:  # by a name under which the caller sees nothing
            assert all(
                wrong.startswith(("没有", "there is no")) for wrong in named_wrong(answer)
            ), answer.text
            return "hidden"
        if answer.status_code != 200:
            return str(answer.status_code)
        return "shown" if any(map(found, answer.get_json()["items"])) else "hidden"

    @property
    def one(self):
        return f"/recommendations/{self.thing.id if self.thing else ABSENT}"

    @property
    def assignment(self):
        return f"/assignments/{self.thing.assignment if self.thing else ABSENT}"

    @property
    def seen(self):
        """Return the version of the assignment of the object."""
        if self.thing is None:
            return 1
        return self.database.read(lambda s: s.get_one(Assignment, self.thing.assignment).version)

    @property
    def person(self):
        return f"/persons/{self.thing.person if self.thing else 'nobody'}"

    def version(self, model=Recommendation):
        if self.thing is None:
            return 1
        return self.database.read(lambda s: s.get_one(model, self.thing.id).version)

    def set(self, **columns):
        """Put the record where the case begins, behind the rules."""
        if self.thing is None:
            return

        def work(session):
            record = session.get_one(Recommendation, self.thing.id)
            for name, value in columns.items():
                setattr(record, name, value)

        self.given(work)

    def claimer(self, office=None):
        """Return the office that claimed: the lead, or *office*; none where nobody leads."""
        leads = self.thing is not None and self.about != "unassigned"
        slug = office or (self.thing.lead if leads else None)
        found = self.database.read(lambda s: organization(s, slug)) if slug else None
        return found.id if found else None

    def step(self, axis, to, **more):
        body = {"axis": axis, "to": to, **more}
        return self.post(f"{self.one}/transitions", body, self.version())

    @property
    def key(self):
        """Return the path of the key of the object, and the number of a secret of it."""
        if self.about == "absent":
            return f"/keys/{ABSENT}", ABSENT
        known = self.scene.second_keys if self.about == "second" else self.scene.own_keys
        of_others = {"theirs": self.scene.their_key, "new": self.scene.new_key}
        own = known.get(self.name) or self.scene.their_key
        number, secret = of_others.get(self.about, own)
        return f"/keys/{number}", secret

    @property
    def account(self):
        return f"/principals/{self.scene.someone if self.about == 'someone' else ABSENT}"

    @property
    def approval(self):
        if self.about == "mine":
            return self.scene.mine[self.name]
        return self.scene.approvals.get(self.about, ABSENT)


class InBatch(Cell):
    """The same cell, asked for in the one row of a batch; it is answered by the status of the row.

    The way to ask is that of the single operation.
    """

    def send(self, method, path, body, version=None):
        number = re.search(r"\d+", path)
        row = {"record": number and number[0], "version": version, "body": body}
        row = {name: value for name, value in row.items() if value is not None}
        place = re.sub(r"/\d+", "", path)
        sent = {"mode": "row_by_row", "rows": [row]}
        answer = self.caller.send(method, f"{V1}{place}/batch", sent)
        if answer.status_code == 200:
            answer.status_code = answer.get_json()["rows"][0]["status"]
        return answer


def in_batch(name):
    """Return the way to ask for *name*, an operation and perhaps a case, in a batch."""
    return lambda c: ASK[name](InBatch(c.scene, c.database, c.name, c.about, c.known))


def named_wrong(answer):
    """Return what an answer says of each parameter that it refuses."""
    return [error["message"] for error in answer.get_json()["errors"]]


def status(answer):
    return str(answer.status_code)


def get(path):
    """Return the way to read one record."""
    return lambda cell: status(cell.get(path(cell)))


def step(state, axis, to, **more):
    """Return the way to take a step from *state*."""

    def ask(cell):
        claimed = state in ("implemented", "verified") and cell.thing
        if axis == "progress":
            cell.set(progress=state, claimed_by_office_id=cell.claimer() if claimed else None)
        return status(cell.step(axis, to, **more))

    return ask


def claimed_by_the_judge(cell):
    cell.set(progress="implemented", claimed_by_office_id=cell.claimer(scenes.GOVERNMENT))
    return status(cell.step("progress", "verified"))


def look_back(claimer=None):
    """Return the way to look back at the object, which was verified, as *claimer* had claimed."""

    def ask(cell):
        cell.set(progress="verified", claimed_by_office_id=cell.claimer(claimer))
        body = {"text": "仍在运行"}
        return status(cell.post(f"{cell.one}/look-backs", body, cell.version()))

    return ask


def listed(path, name="id", of=lambda thing: thing.id):
    """Return the way to look for an object in a list."""
    return lambda cell: cell.shows(path(cell.thing), lambda item: item[name] == of(cell.thing))


def late_inside(cell):
    """Look among what is overdue for what is late with a joint opinion alone."""
    set_due(cell.database, Recommendation, cell.thing.id, date(2020, 1, 31), Clock.JOINT_OPINION)
    return cell.shows(
        f"/recommendations?overdue=true&proposal={cell.thing.proposal}",
        lambda item: item["id"] == cell.thing.id,
    )


def hidden_past(cell):
    """Look for what was done while the record, which is published now, was internal."""
    registrar = cell.scene.callers["registrar"]
    path, one = f"{V1}/proposals/{cell.thing.proposal}", f"{V1}{cell.one}"
    for publication in ("internal", "published"):
        seen = registrar.get(path).get_json()["version"]
        registrar.patch(path, {"publication": publication}, seen)
        if publication == "internal":
            seen = registrar.get(one).get_json()["version"]
            registrar.patch(one, {"due_on": "2099-01-01"}, seen)
    answer = cell.get(f"{cell.one}/history?limit=200")
    if answer.status_code != 200:
        return status(answer)
    told = [event["changes"] for event in answer.get_json()["items"]]
    return "shown" if any("due_on" in changes for changes in told) else "hidden"


def proposals_hidden_past(cell):
    """Look for what was corrected on a proposal while it, published now, was internal."""
    registrar, path = cell.scene.callers["registrar"], f"{V1}/proposals/{cell.thing.proposal}"
    for values in ({"publication": "internal"}, {"case_no": "X-1"}, {"publication": "published"}):
        registrar.patch(path, values, registrar.get(path).get_json()["version"])
    answer = cell.get(f"/proposals/{cell.thing.proposal}/history?limit=200")
    if answer.status_code != 200:
        return status(answer)
    told = [event["changes"] for event in answer.get_json()["items"]]
    return "shown" if any("case_no" in changes for changes in told) else "hidden"


def counted(cell):
    answer = cell.get(f"/recommendations?reference={cell.thing.reference}&with_total=true")
    body = answer.get_json()
    return ("shown" if body["total"] else "hidden") if "total" in body else status(answer)


def figure(cell):
    both = "specificity=concrete&specificity=directional"
    answer = cell.get(f"/tags/{cell.thing.tag}/progress?{both}")
    body = answer.get_json()
    if answer.status_code != 200:
        return status(answer)
    own = [body["total"], *(row["number"] for row in body["documents"])]
    assert set(own) in ({1}, {0}), own
    return "shown" if body["total"] else "hidden"


def in_figure(cell):
    """Look for an object among what a figure counts of its tag, and in a list of it."""
    both = "specificity=concrete&specificity=directional"
    answer = cell.get(f"/figures/stages?within=tag:{cell.thing.tag}&{both}")
    if answer.status_code != 200:
        return status(answer)
    parts = answer.get_json()["parts"]
    assert sum(part["number"] for part in parts) in (0, 1)
    return "shown" if any(part["number"] for part in parts) else "hidden"


def with_form(cell):
    """Give the reply of the object's assignment a form on which its proposer rates it."""
    with_reply(cell, "sent")

    def work(session):
        proposer = session.scalars(
            sa.select(Proposer.id).where(Proposer.proposal_id == cell.thing.proposal)
        ).first()
        reply = sa.select(Reply.id).where(Reply.assignment_id == cell.thing.assignment)
        session.add(Evaluation(
            assignment_id=cell.thing.assignment, reply_id=session.scalar(reply), sequence=1,
            proposer_id=proposer, attitude="satisfied", result="satisfied",
            rated_on=datetime.now(UTC).date(), paper="反馈表",
        ))  # fmt: skip

    cell.given(work)


def listed_form(cell):
    with_form(cell)
    return cell.shows(
        f"/evaluations?proposal={cell.thing.proposal}",
        lambda item: item["assignment_id"] == cell.thing.assignment,
    )


def told_by(address):
    """Return the way to look for a recommendation in the dossier at an *address*."""

    def ask(cell):
        answer = cell.get(address(cell.thing))
        if answer.status_code != 200:
            return status(answer)
        body = answer.get_json()
        told = [own for item in body["items"] for own in item["recommendations"]]
        assert {len(told), body["figures"]["counts"][0]["number"]} in ({1}, {0})
        return "shown" if told else "hidden"

    return ask


def moves(cell):
    answer = cell.get(f"/tags/{cell.thing.tag}/progress")
    if answer.status_code != 200:
        return status(answer)
    return "shown" if answer.get_json()["latest_moves"] else "hidden"


def contact(name):
    """Return the way to look for one field of a person."""

    def ask(cell):
        answer = cell.get(cell.person)
        if answer.status_code != 200:
            return status(answer)
        return "shown" if answer.get_json()[name] else "null"

    return ask


def take_on(office, role):
    body = {"office": office, "role": role}
    return lambda cell: status(cell.post(f"{cell.one}/offices", body, cell.version()))


def tag_many(cell):
    number = cell.thing.id if cell.thing else ABSENT
    target = [{"id": number, "version": cell.version()}]
    body = {"recommendations": target, "add": ["metaverse"]}
    return status(cell.post("/recommendations/tags", body))


def edit_proposal(cell):
    number = cell.thing.proposal if cell.thing else ABSENT
    known = cell.database.read(lambda s: s.get(scenes.Proposal, number))
    body = {"case_no": "2026-1"}
    return status(cell.send("PATCH", f"/proposals/{number}", body, known.version if known else 1))


def mark_proposal(cell):
    """Mark the proposal of the object, which was filed, as excellent."""
    number = cell.thing.proposal if cell.thing else ABSENT
    known = cell.database.read(lambda s: s.get(scenes.Proposal, number))
    body = {"kind": "excellent", "given_by": "zhengzhou-npc", "paper": "表彰通报"}
    return status(cell.post(f"/proposals/{number}/marks", body, known.version if known else 1))


def add_recommendations(cell):
    number = cell.thing.proposal if cell.thing else ABSENT
    known = cell.database.read(lambda s: s.get(scenes.Proposal, number))
    words = cell.database.read(lambda s: words_of(s, number))
    asked = {"summary_zh": "新的一条", "quotes": [{"text": words}]}
    body = {"recommendations": [asked], "reason": "漏登"}
    path, version = f"/proposals/{number}/recommendations", known.version if known else 1
    return status(cell.post(path, body, version))


def words_of(session, number):
    """Return words of a proposal that stand in its document once."""
    known = session.get(scenes.Proposal, number)
    if known is None:
        return "没有"
    text = session.get_one(Document, known.document_id).text
    own = sa.select(Passage.text).where(Passage.proposal_id == number)
    return max((t for t in session.scalars(own) if text.count(t) == 1), key=len)


def move_proposal(cell):
    number = cell.thing.proposal if cell.thing else ABSENT
    known = cell.database.read(lambda s: s.get(scenes.Proposal, number))
    path, version = f"/proposals/{number}/transitions", known.version if known else 1
    return status(cell.post(path, {"to": "filed"}, version))


def to_assignment(place, body):
    """Return the way to send something to the assignment of an object."""
    return lambda cell: status(cell.post(f"{cell.assignment}/{place}", body, cell.seen))


def move_assignment(to, **more):
    return to_assignment("transitions", {"to": to, **more})


def dispatch_proposal(cell, **more):
    number = cell.thing.proposal if cell.thing else ABSENT
    body = {"office": "zhengzhou-education", "role": "separate", **more}
    return status(cell.post(f"/proposals/{number}/assignments", body))


def dispatch_under(cell):
    parent = f"{cell.thing.proposal_reference}-A01" if cell.thing else "D000-P01-A09"
    return dispatch_proposal(cell, parent=parent)


def with_reply(cell, state, role="lead"):
    """Give the assignment of the object a version of its reply in *state*, behind the rules."""
    if cell.thing is None:
        return

    def work(session):
        own = session.get_one(Assignment, cell.thing.assignment)
        own.role, own.state = role, "answered" if state in ("sent", "published") else "received"
        own.received_on, own.recommendation_id = own.dispatched_on, cell.thing.id
        today = datetime.now(UTC).date()
        session.flush()
        version = {"number": 1, "round": 1, "state": state, "text": "答复", "drafted_on": today}
        days = {"sent_on": today} if state in ("sent", "published") else {}
        days |= {"published_on": today} if state == "published" else {}
        reply = Reply(assignment_id=own.id, **version, **days)
        session.add(reply)
        session.flush()
        said = {"text": "已列入计划", "acceptance": "accepted", "outcome": "planned"}
        session.add(ReplyPoint(
            assignment_id=own.id, reply_id=reply.id, recommendation_id=cell.thing.id, **said
        ))  # fmt: skip

    cell.given(work)


def to_what_is_under_own(place, body):
    """Return the way to send something to what the office of the object dispatched on."""

    def ask(cell):
        def work(session):
            own = session.get_one(Assignment, cell.thing.assignment)
            office = organization(session, "zhengzhou-education").id
            under = Assignment(
                reference=f"{cell.thing.proposal_reference}-A99", proposal_id=own.proposal_id,
                number=99, parent_id=own.id, office_id=office, role="lead", state="received",
                is_open=True, in_recess=False, dispatched_on=own.dispatched_on,
                received_on=own.dispatched_on,
            )  # fmt: skip
            session.add(under)
            session.flush()
            version = {"number": 1, "round": 1, "state": "draft", "text": "答复"}
            session.add(Reply(assignment_id=under.id, **version, drafted_on=own.dispatched_on))
            return under.id

        path = f"/assignments/{cell.given(work)}/{place}"
        return status(cell.post(path, body, 1))

    return ask


def get_reply(state):
    def ask(cell):
        with_reply(cell, state)
        return status(cell.get(f"{cell.assignment}/replies/1"))

    return ask


def named(cell):
    """Return the reference of the object."""
    return cell.thing.reference if cell.thing else "D009-P99-R99"


def find_reply(state):
    """Return the way to look a version of a reply in *state* up by its reference."""

    def ask(cell):
        with_reply(cell, state)
        if cell.thing is None:
            return status(cell.get("/references/D009-P99-A01-V1"))

        def reference(session):
            return session.get_one(Assignment, cell.thing.assignment).reference

        return status(cell.get(f"/references/{cell.database.read(reference)}-V1"))

    return ask


def in_replies(state):
    """Return the way to look for a version of a reply in *state* among all of them."""

    def ask(cell):
        with_reply(cell, state)
        return cell.shows(
            "/replies?limit=200", lambda item: item["assignment_id"] == cell.thing.assignment
        )

    return ask


def searched_reply(state):
    """Return the way to search for a version of a reply in *state*."""

    def ask(cell):
        with_reply(cell, state)
        own = f"/assignments/{cell.thing.assignment}/replies/"
        return cell.shows(f"/search?q={quote('答复')}&kind=reply", lambda hit: own in hit["href"])

    return ask


def searched_report(cell):
    with_words(cell)
    own = f"/recommendations/{cell.thing.id}/reports"
    return cell.shows(f"/search?q={quote('见附件')}&kind=report", lambda hit: own in hit["href"])


def searched_text(cell):
    number = int(with_draft(cell).rpartition("/")[2])
    path = f"/search?q={quote('草稿')}&kind=document"
    return cell.shows(path, lambda hit: hit["id"] == number)


def in_own_replies(state):
    """Return the way to look for a version of a reply in *state* among those of its assignment."""

    def ask(cell):
        with_reply(cell, state)
        return cell.shows(f"{cell.assignment}/replies", lambda item: item["number"] == 1)

    return ask


def to_reply(state, place, body):
    """Return the way to send something to a version of a reply in *state*."""

    def ask(cell):
        with_reply(cell, state)
        content = body(cell) if callable(body) else body
        return status(cell.post(f"{cell.assignment}/replies/1/{place}", content, cell.seen))

    return ask


def with_promise(cell, state="open", published=False):
    """Let the reply of the object promise something, behind the rules; return the path of it."""
    if cell.thing is None:
        return f"/commitments/{ABSENT}"
    with_reply(cell, "published" if published else "sent")

    def work(session):
        own = session.get_one(Assignment, cell.thing.assignment)
        own_point = sa.select(ReplyPoint.id).where(ReplyPoint.assignment_id == own.id)
        about = {"recommendation_id": cell.thing.id, "text": "承诺"}
        made = Commitment(
            reference=f"{cell.thing.reference}-C01", number=1, proposal_id=cell.thing.proposal,
            point_id=session.scalar(own_point), office_id=own.office_id, state=state,
            strength="undated", made_on=own.dispatched_on, **about,
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.add(Milestone(commitment_id=made.id, number=1, text="节点", evidence=[]))
        return made.id

    return f"/commitments/{cell.given(work)}"


def get_promise(published, place=""):
    return lambda cell: status(cell.get(with_promise(cell, published=published) + place))


def listed_promise(cell):
    with_promise(cell)
    return cell.shows(
        "/commitments", lambda item: item["reference"].startswith(cell.thing.reference)
    )


def to_promise(place, body, state="open", published=False):
    """Return the way to send something to a promise in *state*."""

    def ask(cell):
        path = with_promise(cell, state, published)
        content = body(cell) if callable(body) else body
        return status(cell.post(f"{path}/{place}", content, 1))

    return ask


def rating(cell):
    proposer = cell.thing.person if cell.thing else "nobody"
    return {"kind": "rating", "text": "评价", "proposer": proposer, "rating": "satisfied"}


def form(cell):
    proposer = cell.thing.person if cell.thing else "nobody"
    rated = {"attitude": "satisfied", "result": "satisfied", "paper": "反馈表"}
    return {"proposer": proposer, **rated}


def countersign(cell):
    """Countersign, as the office of the object, what another office of its proposal drafted."""
    name = "D000-P01-A09-V1"
    if cell.thing:
        number = cell.given(lambda s: leading(s, cell.thing))
        name = f"{cell.thing.proposal_reference}-A{number:02d}-V1"
    body = {"reply": name, "agrees": True}
    return status(cell.post(f"{cell.assignment}/countersignatures", body, cell.seen))


def leading(session, thing):
    """Let the office of *thing* be joint, and another one lead, with a draft; return its number."""
    session.get_one(Assignment, thing.assignment).role = "joint"
    session.flush()
    proposal = session.get_one(scenes.Proposal, thing.proposal)
    seen, proposal.publication = proposal.publication, "published"
    made = scenes.dispatched(session, proposal, "zhengzhou-education")
    proposal.publication = seen
    version = {"number": 1, "round": 1, "state": "draft", "text": "答复"}
    session.add(Reply(assignment_id=made.id, **version, drafted_on=made.dispatched_on))
    return made.number


def with_file(cell, reported=False, internal=False):
    """Give the proposal of the object a file, behind the rules; return the path of it."""
    if cell.thing is None:
        return f"/files/{ABSENT}"
    content = PDF
    sha256 = hashlib.sha256(content).hexdigest()
    cell.scene.store.keep(sha256, io.BytesIO(content))

    def work(session):
        made = File(
            reference=f"{cell.thing.proposal_reference}-F01", number=1, sha256=sha256,
            proposal_id=cell.thing.proposal, filename="报告.pdf", media_type="application/pdf",
            size=len(content), publication="internal" if internal else "published",
        )  # fmt: skip
        session.add(made)
        session.flush()
        if reported:
            about = {"recommendation_id": cell.thing.id, "is_internal": False}
            session.add(Attachment(file_id=made.id, sequence=1, **about))
            session.add(report_with(made, cell.thing.id))
        return made.id

    return f"/files/{cell.given(work)}"


def report_with(file, recommendation_id):
    """Return a report that names *file* as evidence."""
    named = {"title": "报告", "file": file.reference, "url": "/", "sha256": file.sha256}
    return ProgressReport(
        recommendation_id=recommendation_id, sequence=1, text="见附件", evidence=[named],
        reported_by="测试", reported_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def named_file(cell):
    with_file(cell, reported=True, internal=True)
    return cell.shows(f"{cell.one}/reports", lambda report: report["evidence"])


def with_words(cell, withheld=True):
    """Let the lead of the object have reported, behind the rules; return the number of that.

    *withheld*: let it be withheld as well, and return the number of the withholding.
    """
    if cell.thing is None:
        return ABSENT

    def work(session):
        leads = cell.about != "unassigned"
        office = organization(session, cell.thing.lead).id if leads else None
        made = ProgressReport(
            recommendation_id=cell.thing.id, sequence=1, text="见附件", evidence=[],
            reported_by="测试", reported_at=datetime(2026, 1, 1, tzinfo=UTC), office_id=office,
        )  # fmt: skip
        session.add(made)
        session.flush()
        if not withheld:
            return made.id
        held = Withholding(
            kind="report", target_id=made.id, proposal_id=cell.thing.proposal,
            recommendation_id=cell.thing.id, office_id=office, told_in=1, sequence=1, reason="误写",
        )  # fmt: skip
        session.add(held)
        session.flush()
        return held.id

    return cell.given(work)


def withhold(cell):
    number = with_words(cell, withheld=False)
    body = {"kind": "report", "target_id": number, "reason": "误写了个人信息"}
    return status(cell.post("/withholdings", body))


def release(cell):
    path = f"/withholdings/{with_words(cell)}/release"
    return status(cell.post(path, {"reason": "已核实"}, 1))


def listed_withholding(cell):
    number = with_words(cell)
    return cell.shows("/withholdings?limit=200", lambda item: item["id"] == number)


def withheld_report(cell):
    with_words(cell)
    return cell.shows(f"{cell.one}/reports", lambda report: report["text"] == "见附件")


def get_file(more="", **how):
    return lambda cell: status(cell.get(with_file(cell, **how) + more))


def listed_file(reported):
    def ask(cell):
        number = int(with_file(cell, reported).rpartition("/")[2])
        path = f"/proposals/{cell.thing.proposal}/files"
        return cell.shows(path, lambda item: item["id"] == number)

    return ask


def upload(cell):
    number = cell.thing.proposal if cell.thing else ABSENT
    path = f"{V1}/proposals/{number}/files?filename=a.pdf"
    return status(cell.caller.upload(path, PDF))


def with_draft(cell):
    """Let the proposal of the object stand in a text that is not public; return its path."""

    def work(session):
        text = Document(
            reference="N2026-0001", text="草稿", sha256="0" * 64, title="草稿", kind="filed_text",
            level="city", publication="internal",
        )  # fmt: skip
        session.add(text)
        session.flush()
        session.get_one(scenes.Proposal, cell.thing.proposal).document_id = text.id
        return text.id

    return f"/documents/{cell.given(work)}"


def revise_text(cell):
    if cell.thing is None:
        return status(cell.post(f"/documents/{ABSENT}/editions", {"text": "无", "reason": "无"}, 1))
    path = with_draft(cell)

    def words(session):
        own = sa.select(Passage.text).where(Passage.proposal_id == cell.thing.proposal)
        return "\n".join(session.scalars(own.order_by(Passage.position)))

    body = {"text": cell.database.read(words), "reason": "漏字"}
    return status(cell.post(f"{path}/editions", body, 1))


def listed_text(cell):
    number = int(with_draft(cell).rpartition("/")[2])
    return cell.shows("/documents?limit=200", lambda item: item["id"] == number)


def listed_in_text(cell):
    path = f"{with_draft(cell)}/proposals"
    return cell.shows(path, lambda item: item["id"] == cell.thing.proposal)


def cosign(cell):
    """Sign, as its only proposer, the proposal of the object, which is a draft."""
    if cell.thing is None:
        path = f"/proposals/{ABSENT}/cosignatures"
        return status(cell.post(path, {"proposer": "nobody", "paper": "回执"}, 1))

    def work(session):
        found = session.get_one(scenes.Proposal, cell.thing.proposal)
        found.handling_state, found.cosign_until = "draft", datetime(2199, 1, 1, tzinfo=UTC).date()
        own = Proposer.proposal_id == found.id
        session.scalars(sa.select(Proposer).where(own)).first().role = "cosigner"
        session.flush()
        return found.version

    version, path = cell.given(work), f"/proposals/{cell.thing.proposal}/cosignatures"
    return status(cell.post(path, {"proposer": cell.thing.person, "paper": "回执"}, version))


def post(path, body):
    return lambda cell: status(cell.post(path, body))


SIGNED = {"to": "sent", "document_no": "1号", "signed_by": "局长"}
DESKS = {"industry": scenes.INDUSTRY, "data": scenes.DATA, "absent": "nothing"}


def edit_person(cell):
    body, slug = {"phone": "0371-2"}, cell.thing.person if cell.thing else "nobody"
    mine = sa.select(scenes.Person.version).where(scenes.Person.slug == slug)
    version = cell.database.read(lambda s: s.scalar(mine))
    return status(cell.send("PATCH", cell.person, body, version or 1))


def merge_person(cell):
    slug = cell.thing.person if cell.thing else "nobody"

    def known(session):
        own = session.scalar(sa.select(Person).where(Person.slug == slug))
        others = sa.select(Person.slug).where(Person.slug != slug).order_by(Person.id)
        if own is None:
            return 1, session.scalar(others)
        return own.version, session.scalar(others.where(Person.body_id == own.body_id))

    version, other = cell.database.read(known)
    return status(cell.post(f"{cell.person}/merge", {"into": other, "reason": "重复"}, version))


def edit_account(**values):
    def ask(cell):
        known = cell.database.read(lambda s: s.get(Principal, cell.scene.someone))
        body = {**values, "note": "有理由"}
        return status(cell.send("PATCH", cell.account, body, known.version))

    return ask


def add_account(role):
    body = {"name": "新人", "roles": [role], "reason": "有理由"}
    return lambda cell: status(cell.post("/principals", body))


def add_accounts(cell):
    row = {"name": "新人", "roles": ["reader"]}
    return status(cell.post("/principals/batch", {"accounts": [row, row], "reason": "有理由"}))


def exchange(cell):
    halves = cell.scene.codes.get(cell.about) or ["prh_1", "prh_2"]
    return status(cell.post("/keys/exchange", {"halves": halves}))


def add_key(scope):
    body = {"scopes": [scope], "reason": "有理由"}
    return lambda cell: status(cell.post(f"{cell.account}/keys", body))


def decide(decision):
    body = {"decision": decision}
    return lambda cell: status(cell.post(f"/approvals/{cell.approval}/decision", body))


def erase_texts(cell):
    """Ask that the summary of some recommendation be erased."""
    words = cell.given(lambda s: s.scalar(sa.select(Recommendation.summary_zh).limit(1)))
    return status(cell.post("/erasures", {"words": words, "reason": "有理由"}))


def revoke_secret(cell):
    path, secret = cell.key
    return status(cell.post(f"{path}/secrets/{secret}/revocation", {}))


def issue_secret(cell):
    path, secret = cell.key
    if cell.about != "absent":
        made = sa.update(scenes.KeySecret).where(scenes.KeySecret.id == secret)
        cell.database.write(lambda s: s.execute(made.values(revoked_at=datetime.now(UTC))))
    return status(cell.post(f"{path}/secrets", {}))


def end_tag(cell):
    path = f"/tags/{'metaverse' if cell.about == '-' else 'no-such-tag'}/end"
    return status(cell.post(path, {"reason": "不再使用"}, 1))


def split_tag(cell):
    path = f"/tags/{'metaverse' if cell.about == '-' else 'no-such-tag'}/split"
    parts = [{"tag": "talent"}, {"tag": "ai-industrial-park"}]
    return status(cell.post(path, {"parts": parts, "reason": "两件事"}, 1))


def edit_named(place, slug):
    """Return the way to change the English name of a record that is there, or of none."""

    def edit(cell):
        found = slug if cell.about == "-" else "nothing"
        return status(cell.send("PATCH", f"/{place}/{found}", {"name_en": "M"}, 1))

    return edit


def there(path, absent):
    """Return the way to read something public that is there, or not."""
    return lambda cell: status(cell.get(path if cell.about == "-" else absent))


NEW_SESSION = {
    "slug": "new",
    "body": "zhengzhou-npc",
    "kind": "plenary",
    "name_zh": "新的会议",
}
NEW_ORGANIZATION = {
    "slug": "new",
    "kind": "department",
    "name_zh": "新的机构",
    "region_code": "410100",
}
REFORM = {
    "effective_on": "2026-01-01",
    "paper": "郑办〔2026〕1号",
    "created": [NEW_ORGANIZATION],
    "reason": "机构改革",
}
NEW_TAG = {"slug": "new", "name_zh": "新", "name_en": "New", "definition": "新。"}


def proposal_of(cell):
    return f"/proposals/{cell.thing.proposal if cell.thing else ABSENT}"


PROPOSAL = get(proposal_of)
ASK = {
    "listCalendars": get(lambda c: "/calendars"),
    "listRuleProfiles": get(lambda c: "/rule-profiles"),
    "listLabelSchemes": get(lambda c: "/label-schemes"),
    "listCategorySchemes": get(lambda c: "/category-schemes"),
    "previewDeadline": lambda c: status(
        c.post("/deadlines/preview", {"start": "2026-02-10", "kind": "reply"})
    ),
    "listAssignments": get(
        lambda c: f"/proposals/{c.thing.proposal if c.thing else ABSENT}/assignments"
    ),
    "getAssignment": get(lambda c: c.assignment),
    "getAssignment as_of": get(lambda c: f"{c.assignment}?as_of={quote(now())}"),
    "listContacts": get(lambda c: f"{c.assignment}/contacts"),
    "moveAssignment receive": move_assignment("received"),
    "moveAssignment withdraw": move_assignment("withdrawn", reason="有理由"),
    "moveAssignment under_own": to_what_is_under_own(
        "transitions", {"to": "withdrawn", "reason": "有理由"}
    ),
    "moveReply under_own": to_what_is_under_own("replies/1/transitions", {"to": "checked"}),
    "decideExtension under_own": to_what_is_under_own("extensions/decision", {"decision": "grant"}),
    "getReply draft": get_reply("draft"),
    "getReply published": get_reply("published"),
    "findReference recommendation": get(lambda c: f"/references/{named(c)}"),
    "findReference reply_draft": find_reply("draft"),
    "findReference reply_published": find_reply("published"),
    "search recommendation": listed(
        lambda t: f"/search?kind=recommendation&limit=200&q={quote(t.summary[:20])}"
    ),
    "search draft": searched_reply("draft"),
    "search published": searched_reply("published"),
    "search withheld": searched_report,
    "search document": searched_text,
    "findReplies draft": in_replies("draft"),
    "findReplies published": in_replies("published"),
    "listReplies draft": in_own_replies("draft"),
    "listReplies published": in_own_replies("published"),
    "draftReply": to_assignment("replies", {"text": "答复"}),
    "logContact": to_assignment("contacts", {"channel": "phone", "note": "电话"}),
    "explainDelay": to_assignment("explanations", {"text": "有原因", "done_by": "2199-01-01"}),
    "pressAssignment": to_assignment("presses", {"text": "请答复", "answer_by": "2199-01-01"}),
    "moveReply check": to_reply("draft", "transitions", {"to": "checked"}),
    "moveReply sign": to_reply("checked", "transitions", SIGNED),
    "countersignReply": countersign,
    "rateReply": to_reply("sent", "evaluations", form),
    "assessHandling": to_assignment("assessment", {"decision": "leave", "note": "评估"}),
    "getCommitment draft": get_promise(published=False),
    "getCommitment published": get_promise(published=True),
    "listMilestones draft": get_promise(published=False, place="/milestones"),
    "listMilestones published": get_promise(published=True, place="/milestones"),
    "listRemarks draft": get_promise(published=False, place="/remarks"),
    "listRemarks published": get_promise(published=True, place="/remarks"),
    "listCommitments": listed_promise,
    "moveCommitment keep": to_promise("transitions", {"to": "kept", "evidence": EVIDENCE}),
    "moveCommitment withdraw": to_promise("transitions", {"to": "withdrawn", "reason": "有因"}),
    "moveCommitment reopen": to_promise("transitions", {"to": "open", "reason": "有因"}, "kept"),
    "addMilestone": to_promise("milestones", {"text": "节点"}),
    "reachMilestone": to_promise("milestones/1/completion", {}),
    "remarkCommitment confirm": to_promise(
        "remarks", {"kind": "confirmation", "text": "确认"}, published=True
    ),
    "remarkCommitment rate": to_promise("remarks", rating),
    "remarkCommitment look_back": to_promise(
        "remarks", {"kind": "look_back", "text": "已核查"}, "kept"
    ),
    "getFile loose": get_file(),
    "getFile reported": get_file(reported=True),
    "getFileContent loose": get_file("/content"),
    "getFileContent reported": get_file("/content", reported=True),
    "getFileContent internal": get_file("/content", reported=True, internal=True),
    "listReports internal": named_file,
    "listReports withheld": withheld_report,
    "withholdRecord": withhold,
    "getWithholding": lambda c: status(c.get(f"/withholdings/{with_words(c)}")),
    "listWithholdings": listed_withholding,
    "releaseWithholding": release,
    "listFiles loose": listed_file(reported=False),
    "listFiles reported": listed_file(reported=True),
    "uploadFile": upload,
    "draftProposal": post("/proposals", DRAFT | {"cosign_until": str(in_days(30))}),
    "eraseTexts": erase_texts,
    "createPerson": post(
        "/persons",
        {
            "slug": "new-deputy",
            "name": "新代表",
            "capacity": "npc_deputy",
            "body": "zhengzhou-npc",
        },
    ),
    "cosignProposal": cosign,
    "getDocument draft": get(with_draft),
    "reviseText": revise_text,
    "getDocumentText draft": get(lambda c: f"{with_draft(c)}/text"),
    "listDocuments draft": listed_text,
    "listDocumentProposals draft": listed_in_text,
    "getInbox": get(lambda c: "/me/inbox"),
    "askExtension": to_assignment(
        "extensions", {"extended_to": str(in_days(150)), "reason": "有理由"}
    ),
    "decideExtension": to_assignment("extensions/decision", {"decision": "grant"}),
    "pauseAssignment": to_assignment(
        "pauses", {"first": "2199-01-01", "last": "2199-01-02", "reason": "有理由"}
    ),
    "dispatchProposal": dispatch_proposal,
    "dispatchProposal under_own": dispatch_under,
    "getWorklist": get(lambda c: f"/offices/{DESKS[c.about]}/worklist"),
    "getMyWorklist": get(lambda c: "/me/worklist"),
    "getRecommendation": get(lambda c: c.one),
    "getRecommendation as_of": get(lambda c: f"{c.one}?as_of={quote(now())}"),
    "getRecommendationHistory": get(lambda c: f"{c.one}/history"),
    "getRecommendationHistory hidden_past": hidden_past,
    "listReports": get(lambda c: f"{c.one}/reports"),
    "listRecommendations": listed(lambda t: f"/recommendations?reference={t.reference}"),
    "listRecommendations search": listed(lambda t: f"/recommendations?q={quote(t.summary[:20])}"),
    "listRecommendations tag": listed(lambda t: f"/recommendations?tag={t.tag}"),
    "listRecommendations office": listed(
        lambda t: f"/recommendations?office={t.lead}&proposal={t.proposal}"
    ),
    "listRecommendations count": counted,
    "listRecommendations late_inside": late_inside,
    "findAssignments": listed(
        lambda t: f"/assignments?proposal={t.proposal}", of=lambda t: t.assignment
    ),
    "getSearchDossier": told_by(lambda t: f"/dossier?q={quote(t.summary[:20])}&tag={t.tag}"),
    "getTagDossier": told_by(lambda t: f"/tags/{t.tag}/dossier"),
    "findEvaluations": listed_form,
    "getFigure counted": in_figure,
    "getTagProgress figure": figure,
    "getTagProgress moves": moves,
    "addReport": lambda c: status(c.post(f"{c.one}/reports", {"text": "进展"})),
    "moveRecommendation report": step("planned", "progress", "in_progress"),
    "moveRecommendation decide": step("undecided", "acceptance", "accepted"),
    "moveRecommendation claim": step("in_progress", "progress", "implemented", evidence=EVIDENCE),
    "moveRecommendation verify": step("implemented", "progress", "verified"),
    "moveRecommendation verify_own_claim": claimed_by_the_judge,
    "lookBackAtRecommendation": look_back(),
    "lookBackAtRecommendation own_claim": look_back(scenes.GOVERNMENT),
    "moveRecommendation reopen": step("verified", "progress", "in_progress", reason="有误"),
    "takeOnRecommendation lead": take_on(INDUSTRY, "lead"),
    "takeOnRecommendation joint": take_on(INDUSTRY, "joint"),
    "tagRecommendation": lambda c: status(
        c.post(f"{c.one}/tags", {"add": ["metaverse"]}, c.version())
    ),
    "tagRecommendation untag": lambda c: status(
        c.post(f"{c.one}/tags", {"remove": [c.thing.tag]}, c.version())
    ),
    "tagRecommendations": tag_many,
    "editRecommendation": lambda c: status(
        c.send("PATCH", c.one, {"due_on": "2099-01-01"}, c.version())
    ),
    "addRecommendations": add_recommendations,
    "withdrawRecommendation": lambda c: status(
        c.post(f"{c.one}/withdrawal", {"reason": "不是请求"}, c.version())
    ),
    "restoreRecommendation": lambda c: status(
        c.post(f"{c.one}/restoration", {"reason": "误撤"}, c.version())
    ),
    "relateRecommendation": lambda c: status(
        c.post(
            f"{c.one}/relations",
            {"kind": "repeats", "other": "D004-P01-R01", "reason": "再次提出"},
            c.version(),
        )
    ),
    "getProposal": PROPOSAL,
    "getProposal as_of": get(lambda c: f"{proposal_of(c)}?as_of={quote(now())}"),
    "getProposalHistory": get(lambda c: f"{proposal_of(c)}/history"),
    "getProposalHistory hidden_past": proposals_hidden_past,
    "editProposal": edit_proposal,
    "markProposal": mark_proposal,
    "moveProposal": move_proposal,
    "listProposals": listed(lambda t: "/proposals?document=1&limit=200", of=lambda t: t.proposal),
    "listProposals search": listed(
        lambda t: f"/proposals?q={quote(t.title)}", of=lambda t: t.proposal
    ),
    "listDocumentProposals": listed(
        lambda t: "/documents/1/proposals?limit=200", of=lambda t: t.proposal
    ),
    "getPerson": get(lambda c: c.person),
    "getPerson phone": contact("phone"),
    "getPerson email": contact("email"),
    "getPerson address": contact("address"),
    "listPersons": listed(lambda t: "/persons?limit=200", "slug", lambda t: t.person),
    "editPerson": edit_person,
    "mergePerson": merge_person,
    "getPerson unit": contact("unit"),
    "getPerson member_number": contact("member_number"),
    "erasePerson": lambda c: status(c.post(f"{c.person}/erasure", {"reason": "要求"})),
    "getDocument": there("/documents/1", f"/documents/{ABSENT}"),
    "getDocumentText": there("/documents/1/text", f"/documents/{ABSENT}/text"),
    "listDocuments": there("/documents", ""),
    "listSessions": there("/sessions", ""),
    "listOrganizations": there("/organizations", ""),
    "listTags": there("/tags", ""),
    "getSession": there("/sessions/national-lianghui-2024", "/sessions/nothing"),
    "getSessionLedger": there(
        "/sessions/national-lianghui-2024/ledger", "/sessions/nothing/ledger"
    ),
    "getOrganization": there("/organizations/zhengzhou-industry", "/organizations/nothing"),
    "getTag": there("/tags/metaverse", "/tags/nothing"),
    "listFigures": get(lambda c: "/figures"),
    "getFigure": there("/figures/funnel", "/figures/no_such"),
    "getFigure offices": get(lambda c: "/figures/funnel?by=office"),
    "getFigure handling": get(lambda c: "/figures/meeting_rate"),
    "getFigure staff": get(lambda c: "/figures/publication_rate"),
    "getFigurePicture": there("/figures/funnel.svg", "/figures/no_such.svg"),
    "getVocabularies": there("/vocabularies", ""),
    "getWorkflows": there("/workflows", ""),
    "getLiveness": lambda c: status(c.caller.get("/livez")),
    "getReadiness": lambda c: status(c.caller.get("/readyz")),
    "getMe": there("/me", ""),
    "createTag": lambda c: status(c.post("/tags", NEW_TAG)),
    "editTag": edit_named("tags", "metaverse"),
    "endTag": end_tag,
    "splitTag": split_tag,
    "createSession": post("/sessions", NEW_SESSION),
    "editSession": edit_named("sessions", "national-lianghui-2024"),
    "reformOrganizations": post("/reforms", REFORM),
    "createOrganization": post("/organizations", NEW_ORGANIZATION),
    "editOrganization": edit_named("organizations", "zhengzhou-industry"),
    "listPrincipals": there("/principals", ""),
    "findKeys": there("/keys?live=true", ""),
    "createPrincipal ordinary": add_account("reader"),
    "createPrincipal admin": add_account("auditor"),
    "createPrincipals": add_accounts,
    "getPrincipal": get(lambda c: c.account),
    "editPrincipal ordinary": edit_account(roles=["reader"]),
    "editPrincipal wider": edit_account(roles=["reader", "dispatcher"]),
    "editPrincipal office": edit_account(office=INDUSTRY),
    "editPrincipal shut_out": edit_account(disabled=True),
    "editPrincipal admin": edit_account(roles=["auditor"]),
    "erasePrincipal": lambda c: status(c.post(f"{c.account}/erasure", {"reason": "离职"})),
    "listKeys": get(lambda c: f"{c.account}/keys"),
    "createKey read": add_key("read"),
    "createKey write": add_key("write"),
    "issueSecret": issue_secret,
    "exchangeKey": exchange,
    "revokeKey": lambda c: status(c.post(f"{c.key[0]}/revocation", {})),
    "revokeSecret": revoke_secret,
    "listApprovals": lambda c: c.shows(
        "/approvals?limit=200", lambda item: item["id"] == c.approval
    ),
    "getApproval": get(lambda c: f"/approvals/{c.approval}"),
    "decideApproval approve": decide("approve"),
    "decideApproval withdraw": decide("withdraw"),
    "listAudit": there("/audit", ""),
    "listCheckpoints": there("/audit/checkpoints", ""),
}


ASK |= {
    name: in_batch(name.replace("Batch", "", 1))
    for name in TABLE
    if name.partition(" ")[0].removesuffix("Batch") in operation_access.IN_BATCHES
    and name not in ASK
}


def now():
    return datetime.now(UTC).isoformat()


def wrong_cells(scene, database, name):
    """Yield each cell of one operation that is answered otherwise than the table says."""
    for row in TABLE[name]:
        with Undone(database.bind):
            known = []
            for caller in CALLERS:
                if row[caller] == "-":
                    continue
                found = answered(scene, database, caller, name, row["object"], known)
                if found != row[caller]:
                    yield f"{name} on {row['object']} by {caller}: {found}, not {row[caller]}"


def answered(scene, database, caller, name, about, known):
    """Return how the operation *name* on the object *about* answers *caller*, and undo it."""
    while True:
        try:
            with Undone(database.bind):
                return ASK[name](Cell(scene, database, caller, about, known))
        except NotGiven as missing:
            known.append(database.write(missing.args[0]))


def test_the_table_speaks_of_every_operation():
    assert {row["operation"] for row in rows()} == set(operation_access.ACCESS)
    assert set(TABLE) == set(ASK)


@pytest.mark.share
@pytest.mark.one_database
@pytest.mark.parametrize("name", TABLE)
def test_each_cell_of_the_table_holds(scene, database, name):
    assert not list(wrong_cells(scene, database, name))


GUARDS = {
    "clocks.next_due": (
        lateness.next_due,
        lambda columns, view, proposal_id: whole(columns),  # noqa: F821
        "listRecommendations late_inside",
    ),
    "visibility.seen_by": (visibility.seen_by, lambda *a: [], "getRecommendation"),
    "visibility.seen in lists": (visibility.seen, lambda *a: [], "listRecommendations tag"),
    "visibility.handled_now": (
        visibility.handled_now,
        lambda session, actor, model, ids: frozenset(ids),
        "getRecommendationHistory hidden_past",
    ),
    "visibility.handled_now of a proposal": (
        visibility.handled_now,
        lambda session, actor, model, ids: frozenset(ids),
        "getProposalHistory hidden_past",
    ),
    "visibility.shown_to": (visibility.shown_to, lambda *a: [], "getProposal"),
    "permissions.may_untag": (
        permissions.may_untag,
        lambda *a: True,
        "tagRecommendation untag",
    ),
    "history.sees": (visibility.sees, lambda *a: True, "getRecommendationHistory hidden_past"),
    "history.sees of a proposal": (
        visibility.sees,
        lambda *a: True,
        "getProposalHistory hidden_past",
    ),
    "persons.seen_persons": (persons.seen_persons, lambda statement, actor: statement, "getPerson"),
    "persons.shown_to": (
        persons.shown_to,
        lambda *a: ("phone", "email", "unit", "address", "member_number"),
        "getPerson address",
    ),
    "principals.visible_id": (
        principals.visible_id,
        lambda session, actor, number: number,
        "listKeys",
    ),
    "principals.key_record": (
        principals.key_record,
        lambda session, actor, key_id, secret_id=None: session.get(AccessKey, key_id),  # noqa: F821
        "revokeKey",
    ),
    "approvals.allowed": (approvals.allowed, lambda statement, actor: statement, "getApproval"),
    "keys.holds": (key_services.holds, lambda *a: True, "issueSecret"),
    "keys.require_own": (key_services.require_own, lambda *a: None, "issueSecret"),
    "exchanges.is_open": (exchanges.is_open, lambda *a: True, "exchangeKey"),
    "principals.made_alone": (
        principals.made_alone,
        lambda *a: False,
        "decideApproval approve",
    ),
    "of_assignments.require_own": (
        of_assignments.require_own,
        lambda *a: None,
        "moveAssignment receive",
    ),
    "of_assignments.require_own of a delay": (
        of_assignments.require_own,
        lambda *a: None,
        "explainDelay",
    ),
    "of_assignments.require_part": (
        of_assignments.require_part,
        lambda *a: None,
        "moveAssignment withdraw",
    ),
    "of_assignments.office_above": (
        of_assignments.office_above,
        lambda session, assignment: assignment.office_id,
        "moveAssignment withdraw",
    ),
    "of_assignments.require_dispatch": (
        of_assignments.require_dispatch,
        lambda *a: None,
        "decideExtension under_own",
    ),
    "handling.dispatched_on": (
        handled.dispatched_on,
        lambda *a: True,
        "moveAssignment under_own",
    ),
    "of_assignments.require_part of a reply": (
        of_assignments.require_part,
        lambda *a: None,
        "moveReply sign",
    ),
    "permissions.require_office": (
        checks.require_office,
        lambda *a: None,
        "remarkCommitment confirm",
    ),
    "replies.takes_part": (handling_visibility.takes_part, lambda *a: True, "getReply draft"),
    "visibility.given_to": (
        visibility.given_to,
        lambda proposal, office: sa.true(),
        "getReply draft",
    ),
    "visibility.visible_texts": (
        visibility.visible_texts,
        lambda statement, actor: statement,
        "getDocument draft",
    ),
    "files.inside": (files.inside, lambda actor, proposal, office: sa.true(), "getFile loose"),
    "evidence.known_files": (
        evidence.known_files,
        lambda session, actor, lists: {
            item["file"] for pieces in lists for item in pieces or [] if "file" in item
        },
        "listReports internal",
    ),
    "withheld.hiding": (withheld.hiding, lambda *a: [], "listReports withheld"),
    "withholding.may_withhold": (withholding.may_withhold, lambda *a: True, "withholdRecord"),
    "withholding.told_of": (told_of.told_of, lambda actor: sa.true(), "getWithholding"),
    "files.handled_by": (files.handled_by, lambda *a: sa.true(), "uploadFile"),
    "files.require_part_in": (bringing.require_part_in, lambda *a: None, "uploadFile"),
    "dispatch.check_dispatcher": (
        dispatching.check_dispatcher,
        lambda *a: None,
        "dispatchProposal",
    ),
    "approvals.may_decide": (deciding.may_decide, lambda *a: True, "decideApproval approve"),
    "approvals.asked_it": (deciding.asked_it, lambda *a: True, "decideApproval withdraw"),
    "approvals.asked_it not": (deciding.asked_it, lambda *a: False, "decideApproval approve"),
    "approvals.require_decision": (
        deciding.require_decision,
        lambda *a: None,
        "decideApproval approve",
    ),
    "keys.require_holder": (key_services.require_holder, lambda *a: None, "revokeKey"),
    "permissions.require": (checks.require, lambda *a: None, "moveRecommendation verify"),
    "of_recommendations.require_on": (of_recommendations.require_on, lambda *a: None, "addReport"),
    "of_recommendations.require_any": (
        of_recommendations.require_any,
        lambda *a: None,
        "countersignReply",
    ),
    "permissions.require_one": (checks.require_one, lambda *a: [], "listAudit"),
    "permissions.part_of": (permissions.part_of, lambda *a: OfficeRole.LEAD, "addReport"),
    "assignments.check_assignment": (
        recommendation_offices.check_assignment,
        lambda *a: None,
        "takeOnRecommendation lead",
    ),
    "workflow.judges_itself": (
        rules.judges_itself,
        lambda *a: False,
        "moveRecommendation verify_own_claim",
    ),
    "workflow.judges_itself looking back": (
        rules.judges_itself,
        lambda *a: False,
        "lookBackAtRecommendation own_claim",
    ),
    "principals.takes_two": (accounts.takes_two, lambda *a: False, "editPrincipal wider"),
    "recommendations.is_reopening": (
        moving.is_reopening,
        lambda *a: False,
        "moveRecommendation reopen",
    ),
    "signing_in.comes_from": (authentication.comes_from, lambda *a: True, "getMe"),
}
"""Every guard of a permission, the same made to agree always, and where that must show."""


@pytest.mark.share
@pytest.mark.parametrize("name", GUARDS)
@pytest.mark.parametrize("kind", ["sqlite"], indirect=False)
def test_a_guard_that_always_agrees_breaks_a_cell(scene, database, monkeypatch, name):
    guard, agreeing, operation = GUARDS[name]
    monkeypatch.setattr(guard, "__code__", agreeing.__code__)
    forget_statements()  # what was built with the guard is built without it
    try:
        assert next(wrong_cells(scene, database, operation), None)
    finally:
        forget_statements()


def forget_statements():
    for built in (lists.listed, lists.counted, lists.orders, columns.shown_columns):
        built.cache_clear()


def test_an_operation_without_a_row_does_not_start(monkeypatch):
    monkeypatch.delitem(operation_access.ACCESS, "getMe")
    with pytest.raises(NoAccess, match="getMe"):
        access_of("getMe")
    monkeypatch.setitem(operation_access.ACCESS, "getNothing", operation_access.PUBLIC)
    monkeypatch.setitem(operation_access.ACCESS, "getMe", operation_access.KEYED)
    with pytest.raises(NoAccess, match="getNothing"):
        create_app(Settings(database_url="sqlite://"))
