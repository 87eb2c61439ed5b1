"""Hostile input for every operation, field, parameter and path, with one answer on both databases.

The cases are made from the application itself, so that what is added later is tested too. A test
sends the cases of one operation to both databases and lists every answer that is wrong.
"""

import gzip
import hashlib
import io
import json
import re
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from urllib.parse import quote, unquote_to_bytes
from zlib import crc32

import pytest
import sqlalchemy as sa
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from app import create_app
from app.accounts.rules.operation_access import ACCESS, IN_BATCHES, Audience
from app.audit.services.checkpoints import make_checkpoint
from app.core.base import Base
from app.core.clock import utcnow
from app.core.codes import AssignmentState, HandlingState, WithheldKind
from app.core.config import Settings
from app.core.schemas import fields as own
from app.core.schemas import filters
from app.core.schemas.fields import Input
from app.handling.assignments.services import assignment_transitions, extensions
from app.handling.withholding.services import keep_back
from app.handling.withholding.targets import Target
from app.http.contract.problem_types import PLACE, TYPES
from app.http.paging import PAGING, write_cursor
from app.http.security.rate_limits import Limits
from app.http.uploads import BINARY, FORM
from app.models import Document, Event, KeySecret, Person, Proposal, Recommendation
from app.register.counting.rules.figure import Viewers
from app.register.counting.rules.figures import BY_ID
from app.register.files import services as files
from app.register.people.queries.reference_data import ReferenceDataCache
from app.register.recommendations.services.holders import end_alone
from tests.api import hostile_values as values
from tests.conftest import SIGNER
from tests.database.empty import go_on_after
from tests.database.templates import KINDS
from tests.support import answering
from tests.support import scene as scenes
from tests.support.answering import in_days
from tests.support.factories import OPERATOR, Undone
from tests.support.papers import PDF
from tests.support.past_days import HERE
from tests.thoroughness import EVERYTHING, in_part, in_share
from tools.contract import committed

LIMIT = Settings().max_body_bytes
LONGEST_PROBLEM = 16 * 1024
JSON = "application/json"


# The operations, as the application knows them


@dataclass(frozen=True)
class Operation:
    """One operation: where it is, what it takes, what it answers."""

    name: str
    method: str
    rule: str
    methods: frozenset
    body: Schema | None = None
    query: Schema | None = None
    answers: tuple = ()
    versioned: bool = False
    tagged: bool = False
    form: Schema | None = None

    @property
    def parameters(self):
        """Return the kind and the name of each part of the path that varies."""
        return re.findall(r"<(?:(\w+):)?(\w+)>", self.rule)

    def path(self, parts):
        """Return the path with *parts* in it."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(parts[match[1]]), self.rule)

    @property
    def taken(self):
        """Return the fields of the query by the names of their parameters."""
        return {field.data_key or name: field for name, field in self.query.fields.items()}

    @property
    def audience(self):
        return ACCESS[self.name].audience if self.name in ACCESS else Audience.ANYONE

    @property
    def lists(self):
        return self.query is not None and "cursor" in self.query.fields


def operations_of(app):
    """Yield every operation of *app*; what is no operation of the contract has no schemas.

    Pages are tried in tests/console/test_hostile_pages.py.
    """
    for rule in app.url_map.iter_rules():
        if is_page(app, rule):
            continue
        view = app.view_functions[rule.endpoint]
        of_class = getattr(view, "view_class", None)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            function = getattr(of_class, method.lower()) if of_class else view
            yield operation_of(rule, method, getattr(function, "_apidoc", {}))


def is_page(app, rule):
    """Return whether *rule* is that of a page for people, or of what pages load."""
    part = app.blueprints.get(rule.endpoint.rpartition(".")[0])
    return part is not None and part.import_name.startswith("app.console")


def operation_of(rule, method, told):
    """Return the operation that flask-smorest's notes *told* are about."""
    taken = {p["in"]: p["schema"] for p in told.get("arguments", {}).get("parameters", ())}
    answered = told.get("response", {}).get("responses", {}).values()
    schemas = [part.get("schema") for parts in answered for part in parts]
    return Operation(
        name=told.get("manual_doc", {}).get("operationId", rule.endpoint),
        method=method,
        rule=rule.rule,
        methods=frozenset(rule.methods),
        body=taken.get("json"),
        query=taken.get("query"),
        answers=tuple(schema for schema in schemas if isinstance(schema, Schema)),
        form=form_of(told.get("manual_doc", {})),
        versioned="IfMatch" in told.get("header_parameters", ()),
        tagged="IfNoneMatch" in told.get("header_parameters", ()),
    )


def form_of(document):
    """Return the schema of the form in which an operation takes a file, or None."""
    content = document.get("requestBody", {}).get("content", {})
    return content[FORM]["schema"]() if FORM in content else None


APP = create_app(Settings(database_url="sqlite://"))
OPERATIONS = {operation.name: operation for operation in operations_of(APP)}
EXAMPLES = {
    operation["operationId"]: operation["requestBody"]["content"][JSON]["example"]
    for methods in committed()["paths"].values()
    for operation in methods.values()
    if isinstance(operation, dict) and JSON in operation.get("requestBody", {}).get("content", {})
}
WRITES = [name for name, operation in OPERATIONS.items() if operation.body]
UPLOADS = [name for name, operation in OPERATIONS.items() if operation.form]
READS = [name for name, operation in OPERATIONS.items() if operation.query]
TAGGED = [name for name, operation in OPERATIONS.items() if operation.tagged]
LISTS = [name for name, operation in OPERATIONS.items() if operation.lists]
PATHS = [name for name, operation in OPERATIONS.items() if operation.parameters]
RULES = list({operation.rule: name for name, operation in OPERATIONS.items()}.values())


# A request as it comes in, byte for byte, and the answer


@dataclass(frozen=True)
class Request:
    """A request; a header that is None is not sent."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    protocol: str = "HTTP/1.1"
    length: str | None = ""

    def with_headers(self, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    def with_json(self, value):
        return replace(self, body=json.dumps(value, separators=(",", ":")).encode())


def environ_of(request):
    """Return what a server makes of *request*."""
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": request.protocol,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if request.length is None:
        environ["wsgi.input_terminated"] = True
    length = str(len(request.body)) if request.length == "" else request.length
    headers = {"Host": "localhost", "Content-Length": length, **request.headers}
    for name, value in headers.items():
        if value is not None:
            environ[variable(name)] = value.encode("utf-8", "surrogatepass").decode("latin-1")
    return environ


def variable(name):
    """Return the name of a header in an environ."""
    bare = name.upper().replace("-", "_")
    return bare if bare in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{bare}"


def send(app, request):
    """Return the answer of *app* to *request*."""
    answer = Response.from_app(app, environ_of(request), buffered=True)
    if answer.headers.get("Content-Encoding") == "gzip":
        answer.set_data(gzip.decompress(answer.get_data()))
    return answer


# Both databases, each with the same records and callers


SOUGHT = {"q": "AI"}
"""What is searched for where nothing else is said."""

RESOLVED = {"office", "document", "tag", "session"}
"""Names of records, which are looked up once all else of a query is right."""


class Place:
    """One database with its application, its records and callers, and a good request of each."""

    def __init__(self, kind, database, app):
        self.kind, self.database, self.app = kind, database, app
        self.scene = scenes.build(app.test_client(), database)
        self.scene.store = app.extensions["store"]
        self.parts = database.write(partial(prepare, self.scene))
        self.good = {}
        self.changed = False
        self.before = self.rows()
        self.events = self.last_event()

    def look(self, connection, cursor, statement, *others):
        """Note that a statement changes a table that attempts leave alone."""
        changing = CHANGING.match(statement)
        self.changed |= bool(changing and changing[1] not in COUNTING)

    def rows(self):
        """Return every row that a refused request must leave as it is."""
        tables = [table for name, table in Base.metadata.tables.items() if name not in COUNTING]
        return {t.name: self.read_all(sa.select(t).order_by(*t.primary_key)) for t in tables}

    def last_event(self):
        return self.database.read(lambda s: s.scalar(sa.select(sa.func.max(Event.sequence))))

    def written(self):
        """Yield what was written since the beginning, but for attempts that were refused."""
        after = self.rows() if self.changed else self.before
        self.changed = False
        yield from (f"{name} was written" for name in after if after[name] != self.before[name])
        done = sa.select(Event.operation, Event.outcome).where(
            Event.sequence > self.events, Event.outcome != "refused"
        )
        yield from (f"an event was written: {row}" for row in self.read_all(done))

    def read_all(self, statement):
        return self.database.read(lambda s: s.execute(statement).all())

    def request(self, operation):
        """Return a request that *operation* carries out, from the first caller who may."""
        if operation.name not in self.good:
            tried = (self.tried(operation, caller) for caller in self.scene.callers.values())
            self.good[operation.name] = next(request for request in tried if request)
        return self.good[operation.name]

    def tried(self, operation, caller):
        """Return a good request of *caller*, or None where the caller may not do this."""
        headers = {"X-Request-ID": "hostile", **caller.headers}
        del headers["Accept-Language"]
        parts = {**self.parts, **self.parts.get(operation.name, {})}
        request = Request(operation.method, operation.path(parts), headers=headers)
        if operation.lists:
            request = replace(request, query="limit=1")
        if operation.name == "search":
            request = asked(request, limit="1", **SOUGHT)
        if operation.body:
            body = {**EXAMPLES[operation.name], **parts["bodies"].get(operation.name, {})}
            request = request.with_json(body).with_headers(Content_Type=JSON)
        if operation.form:
            request = replace(request, query="filename=a.pdf", body=PDF)
            request = request.with_headers(Content_Type=BINARY)
        if operation.versioned:
            stale = self.send(request.with_headers(If_Match='"v999999"'))
            request = request.with_headers(If_Match=stale.headers.get("ETag"))
        return request if self.send(request).status_code < 300 else None

    def send(self, request):
        """Return the answer; what is carried out is undone."""
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return send(self.app, request)
        outer, inner = self.database.bind.begin_nested(), self.database.bind.begin_nested()
        changed = self.changed
        answer = send(self.app, request)
        if answer.status_code < 400:
            inner.rollback()
            self.changed = changed
            self.app.extensions["vocabulary"] = ReferenceDataCache()
        else:
            inner.commit()
        outer.commit()
        return answer


CHANGING = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
COUNTING = {"attempt_counts", "events", "heads", "buckets", "failed_sign_ins", "readiness"}
"""Tables that attempts may write to, and asking whether the register is ready."""


def prepare(scene, session):
    """Let every example of the contract fit, and return what stands in paths and bodies."""
    thing = scene.objects["own"]
    record = session.get_one(Recommendation, thing.id)
    record.progress = "in_progress"
    key, older = scene.their_key
    session.get_one(KeySecret, older).revoked_at = utcnow()
    rotated, first = scene.own_keys["reader"]
    session.get_one(KeySecret, first).revoked_at = utcnow()
    newer = sa.select(sa.func.max(KeySecret.id)).where(KeySecret.key_id == key)
    session.flush()
    two_checkpoints(session, scene)
    free = filed(session)
    replies = answered(session, free[3:7])
    file = brought(session, scene, record)
    drafted, signer = answering.draft(session)
    return with_batches(
        {
            "recommendation_id": thing.id,
            "proposal_id": thing.proposal,
            "assignment_id": thing.assignment,
            "document_id": session.scalar(sa.select(sa.func.min(Document.id))),
            "person": thing.person,
            "slug": "metaverse",
            "reference": thing.reference,
            "getSession": {"slug": "national-lianghui-2024"},
            "editSession": {"slug": "national-lianghui-2024"},
            "getSessionLedger": {"slug": "national-lianghui-2024"},
            "getOrganization": {"slug": scenes.INDUSTRY},
            "editOrganization": {"slug": scenes.INDUSTRY},
            "principal_id": scene.someone,
            "key_id": key,
            "secret_id": session.scalar(newer),
            "file_id": file.id,
            "withholding_id": withheld(session, file.proposal_id),
            "approval_id": scene.approvals["write_key"],
            "name": "docs.css",
            "figure": "funnel",
            "code": "not-found",
            "issueSecret": {"key_id": rotated},
            "getWorklist": {"slug": scenes.INDUSTRY},
            "dispatchProposal": {"proposal_id": free[0].id},
            "moveProposal": {"proposal_id": free[7].id},
            "cosignProposal": {"proposal_id": drafted},
            "reviseText": {"document_id": text_of(session, drafted)},
            "addRecommendations": {"proposal_id": drafted},
            "restoreRecommendation": {"recommendation_id": taken_back(session, free[10])},
            **replies["parts"],
            "askExtension": {"assignment_id": under_consent(session, free[1], None).id},
            "decideExtension": {"assignment_id": under_consent(session, free[2], in_days(120)).id},
            "pauseAssignment": {"assignment_id": under_consent(session, free[9], None).id},
            "takeOnRecommendation": {"recommendation_id": answering.first_of(session, free[8]).id},
            "lookBackAtRecommendation": {"recommendation_id": verified(session, scene).id},
            "number": 1,
            "bodies": {
                **replies["bodies"],
                "withholdRecord": {"target_id": file.id},
                "eraseTexts": {"words": record.summary_zh},
                "exchangeKey": {"halves": scene.codes["good"]},
                "cosignProposal": {"proposer": signer},
                "reviseText": {"text": "为此建议设立基金。"},
                "addRecommendations": {
                    "recommendations": [{"summary_zh": "基金", "quotes": [{"text": "设立基金"}]}],
                    "replaces": [],
                },
                "editSession": {"starts_on": "2026-02-03"},
                "mergePerson": {"into": beside(session, thing.person)},
                "moveProposal": {"into": free[8].reference},
                "addMilestone": {"due_on": str(in_days(200))},
                "draftProposal": {"cosign_until": str(in_days(30))},
                "takeOnRecommendation": {"due_on": str(in_days(200))},
                "askExtension": {"extended_to": str(in_days(120))},
                "explainDelay": {"done_by": str(in_days(30))},
                "pressAssignment": {"answer_by": str(in_days(9))},
                "pauseAssignment": {name: str(in_days(9)) for name in ("first", "last")},
                "tagRecommendations": {
                    "recommendations": [{"id": record.id, "version": record.version}]
                },
            },
        }
    )


RECORDS = ("recommendation_id", "assignment_id", "proposal_id")


def with_batches(parts):
    """Return *parts* with the bodies of batches, each of one row that asks what a request does."""
    for name in IN_BATCHES:
        own, single = {**parts, **parts.get(name, {})}, OPERATIONS[name]
        row = {"body": {**EXAMPLES[name], **parts["bodies"].get(name, {})}}
        named = [own[part] for _, part in single.parameters if part in RECORDS]
        row |= {"record": str(named[0])} if named else {}
        parts["bodies"][f"{name}Batch"] = {"mode": "atomic", "rows": [row]}
    parts["bodies"]["draftProposalBatch"]["rows"] = EXAMPLES["draftProposalBatch"]["rows"]
    return parts


def beside(session, person):
    """Return the slug of somebody else in the body of *person*."""
    known = sa.select(Person.body_id).where(Person.slug == person).scalar_subquery()
    others = sa.select(Person.slug).where(Person.body_id == known, Person.slug != person)
    return session.scalar(others.order_by(Person.id))


def text_of(session, proposal):
    """Return the number of the text on which a proposal stands."""
    return session.scalar(sa.select(Proposal.document_id).where(Proposal.id == proposal))


def taken_back(session, proposal):
    """Return the number of a recommendation of *proposal* that ended alone."""
    record = answering.first_of(session, proposal)
    end_alone(session, OPERATOR, record, HandlingState.WITHDRAWN, "误登")
    return record.id


def verified(session, scene):
    """Return a recommendation that was verified."""
    record = session.get_one(Recommendation, scene.objects["other"].id)
    record.progress = "verified"
    session.flush()
    return record


def brought(session, scene, record):
    """Return a file that *record* shows, whose content is in the store, beside another one."""
    sha256 = hashlib.sha256(PDF).hexdigest()
    scene.store.keep(sha256, io.BytesIO(PDF))
    registrar = scenes.make_actor(session, scenes.Role.REGISTRAR)
    proposal = session.get_one(scenes.Proposal, record.proposal_id)
    content = files.Content("报告.pdf", "application/pdf", len(PDF), sha256)
    made = [files.add(session, registrar, proposal, content) for _ in range(2)]
    shown = [{"title": "报告", "file": file.reference, "url": "/"} for file in made]
    files.attach(session, registrar, shown, record)
    return made[0]


def withheld(session, proposal):
    """Return the number of something about *proposal* that is withheld."""
    registrar = scenes.make_actor(session, scenes.Role.REGISTRAR)
    words = Target(WithheldKind.NOTE, 1, proposal, None, None)
    return keep_back(session, registrar, words, "误写了个人信息").id


PROMISED = (
    "getCommitment", "moveCommitment", "remarkCommitment", "addMilestone", "reachMilestone",
    "listMilestones", "listRemarks",
)  # fmt: skip
"""Operations about one promise."""


def answered(session, free):
    """Return what stands in paths and bodies about replies, each as far as its example needs."""
    joint, point = answering.joint(session, free[0])
    checked, _ = answering.replied(session, free[1], "checked")
    sent, form = answering.replied(session, free[2], "sent")
    rated, _ = answering.replied(session, free[3], "rated")
    promised = answering.promised(session, rated)
    return {
        "parts": {
            "draftReply": {"assignment_id": checked.id},
            "countersignReply": {"assignment_id": joint.id},
            "moveReply": {"assignment_id": checked.id},
            "getReply": {"assignment_id": checked.id},
            "rateReply": {"assignment_id": sent.id},
            "assessHandling": {"assignment_id": rated.id},
            **{name: {"commitment_id": promised} for name in PROMISED},
        },
        "bodies": {
            "draftReply": {"points": [answering.point_of(session, checked)]},
            "countersignReply": {"reply": point},
            "rateReply": {"proposer": form},
        },
    }


def filed(session):
    """Return proposals with recommendations that no office was given."""
    rows = sa.select(scenes.Proposal).where(
        scenes.Proposal.handling_state == "filed",
        scenes.Proposal.reference.startswith("D001"),
        sa.exists().where(Recommendation.proposal_id == scenes.Proposal.id),
    )
    return session.scalars(rows.order_by(scenes.Proposal.id)).all()


def under_consent(session, proposal, until):
    """Return an assignment under rules of consent, received; more time is asked *until* a day."""
    office = scenes.organization(session, scenes.INDUSTRY)
    today = in_days(0)
    work = scenes.Work(session, scenes.read_book(session), today)
    rules = work.book.profile("shandong-npc-2017")
    given = scenes.DispatchInput(office, scenes.AssignmentRole.LEAD, today, profile=rules)
    made = scenes.dispatch(
        scenes.make_actor(session, scenes.Role.DISPATCHER), proposal, given, work
    )
    editor = scenes.make_actor(session, scenes.Role.OFFICE_EDITOR, office=scenes.INDUSTRY)
    assignment_transitions.move(
        editor,
        made,
        AssignmentState.RECEIVED,
        assignment_transitions.AssignmentTransition(today),
        work,
    )
    if until:
        extensions.ask_extension(
            editor, made, extensions.ExtensionInput(until, "涉及面广", work.today), work
        )
    return made


def two_checkpoints(session, scene):
    """Make two checkpoints, so that their list has a second page."""
    make_checkpoint(session, SIGNER)
    scenes.key_of(session, "last", scenes.Role.READER, None, [scenes.Scope.READ], [])
    make_checkpoint(session, SIGNER)


@contextmanager
def placed(kind, database, app):
    """Give the place on *database*; everything is undone afterwards."""
    settings = replace(app.extensions["settings"], key_rate=0, failed_sign_ins=10**9)
    with database.engine.connect() as connection:
        connection = connection.execution_options(begin="BEGIN IMMEDIATE")
        outer = connection.begin()
        for table in Base.metadata.sorted_tables:
            go_on_after(connection, table)  # what was undone before has used numbers up
        database.bind = connection
        app.extensions["limits"] = Limits(lambda: database, settings)
        app.extensions["vocabulary"] = ReferenceDataCache()
        place = Place(kind, database, app)
        sa.event.listen(database.engine, "before_cursor_execute", place.look)
        try:
            yield place
        finally:
            sa.event.remove(database.engine, "before_cursor_execute", place.look)
            database.bind = database.engine
            app.extensions["vocabulary"] = ReferenceDataCache()
            outer.rollback()


@pytest.fixture(scope="module")
def places(request, copies, applications):
    """Give a place on each database that there is."""
    with ExitStack() as stack:
        found = [(kind, copies(kind)) for kind in KINDS if kind in request.config.templates]
        yield [stack.enter_context(placed(kind, db, applications(db))) for kind, db in found]


# What an answer must be


@dataclass(frozen=True)
class Case:
    """A request, and the answer to it: one of *statuses*, naming *named*, with *headers*."""

    told: str
    request: Request
    statuses: tuple
    named: tuple = ()
    headers: dict = field(default_factory=dict)


def refused(told, request, status, *named, **headers):
    """Return the case of a request that is refused, with an error for each of *named*."""
    return Case(told, request, (status,), named, headers)


def taken(told, request):
    """Return the case of a request that is carried out."""
    return Case(told, request, (200, 201, 202))


def clear(told, request):
    """Return the case of a request that is carried out or refused, but never breaks anything."""
    return Case(told, request, tuple(range(200, 300)) + tuple(range(400, 500)))


LEAKS = re.compile(
    r"sqlalchemy|sqlite|psycopg|postgres|marshmallow|werkzeug|flask|traceback|\.py\b|/app/|/usr/"
    r"|/home/|site-packages|select .* from|insert into|<class|<app\.|object at 0x|schema|\\u001f",
    re.IGNORECASE,
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MEMBERS = {"type", "title", "status", "detail", "instance"}


def complaints(case, answer):
    """Yield what is wrong with *answer*."""
    status = answer.status_code
    if status not in case.statuses:
        yield f"{status} instead of {expected(case.statuses)}: {answer.get_data(True)[:200]}"
    if any(name.startswith("Access-Control") for name, _ in answer.headers):
        yield "another origin may read it"
    if "evil" in f"{answer.headers} {answer.get_data(True)}":
        yield "says what a header of the caller said"
    if not re.fullmatch(r"hostile|[0-9a-f]{16}", answer.headers["X-Request-ID"]):
        yield f"its id is {answer.headers['X-Request-ID']}"
    for name, value in case.headers.items():
        if answer.headers.get(name) != value:
            yield f"{name} is {answer.headers.get(name)}, not {value}"
    if status >= 400 and case.request.method != "HEAD":
        yield from problems(case, answer)


def expected(statuses):
    return statuses[0] if len(statuses) == 1 else "a clear answer"


def problems(case, answer):
    """Yield what is wrong with *answer* as a problem document."""
    text, body = answer.get_data(True), answer.get_json(silent=True)
    if answer.mimetype != "application/problem+json" or not isinstance(body, dict):
        yield f"no problem document: {answer.mimetype} {text[:100]}"
        return
    if {*body} - {"errors", "rows"} != MEMBERS or body["status"] != answer.status_code:
        yield f"members: {text[:200]}"
    if TYPES.get(body["type"].removeprefix(PLACE)) is None:
        yield f"type: {body['type']}"
    if body["instance"] != "urn:request:" + answer.headers["X-Request-ID"]:
        yield f"instance: {body['instance']}"
    if leak := LEAKS.search(text):
        yield f"tells {leak[0]!r}"
    if len(text) > LONGEST_PROBLEM * (4 if "rows" in body else 1):
        yield f"{len(text)} characters long"
    if "Audit-Receipt" in answer.headers:
        yield "a receipt for nothing"
    yield from wrong_errors(case, body)


def wrong_errors(case, body):
    """Yield what is wrong with the list of errors in *body*."""
    errors = body.get("errors", [])
    if body["status"] == HTTPStatus.UNPROCESSABLE_ENTITY and not 1 <= len(errors) <= 50:
        yield f"{len(errors)} errors"
    said = [body["title"], body["detail"], *(error["message"] for error in errors)]
    yield from (f"not in Chinese: {text!a}" for text in said if not CHINESE.search(text))
    names = [error["field"] for error in errors]
    unnamed = [outer for outer in case.named if not any(is_within(n, outer) for n in names)]
    if unnamed:
        yield f"does not name {unnamed!a}, but {names!a}"


def is_within(name, outer):
    return name == outer or name.startswith(f"{outer}.")


OWN = re.compile(
    r".*(^id|_id|^at|_at|hash|sequence|seals?|sealed|salts|half|secret|signature|prefix"
    r"|principals)$"
)
"""Members of an answer that differ from one database to another: numbers, moments and marks."""
DIGEST = re.compile(r'(?<=\d)\.[0-9a-f]{16}"$')
"""What in an entity tag covers those members as well."""
STATE = re.compile(r'^W/"[0-9a-f]{24}"$')
"""The tag of a list: that of the state of the whole register."""
OTHERS = {"next", "as_of", "record_reference", "reference", "changes"}
SHOWN = ("Allow", "Content-Language", "Content-Type", "ETag", "Retry-After", "WWW-Authenticate")


def shown(answer):
    """Return what must be the same on every database."""
    headers = {name: answer.headers.get(name) for name in SHOWN}
    tag = headers["ETag"] or ""  # a weak one where the answer was gzipped
    headers["ETag"] = DIGEST.sub('"', STATE.sub("state", tag).removeprefix("W/"))
    body = answer.get_json(silent=True)
    if body is None or answer.status_code >= 400:
        return answer.status_code, headers, answer.get_data()
    return answer.status_code, headers, masked(body)


def masked(value):
    """Return *value* without what may differ."""
    if isinstance(value, list):
        return [masked(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {n: masked(v) for n, v in value.items() if not (OWN.match(n) or n in OTHERS)}


def outcomes(place, name, cases, of, is_here):
    """Return of each case what was answered, and every complaint; nothing may be written.

    One case in *of* is sent, and in a quick run at most one in four, of those that *is_here*
    says are for this place.
    """
    nested = Undone(place.database.bind)
    answers, wrong = {}, []
    for case in cases:
        assert case.told not in answers, case.told
        if case.told != "plain" and not is_tried(name, case.told, of):
            continue
        if not is_here(case.told):
            continue
        answer = place.send(case.request)
        answers[case.told] = shown(answer)
        wrong += [f"{place.kind}: {case.told}: {told}" for told in complaints(case, answer)]
    wrong += [f"{place.kind}: {told}" for told in place.written()]
    nested.end()
    return answers, wrong


def is_tried(name, told, of=1):
    """Return whether a case of an operation is tried: one in *of*, and of a batch, whose rows are
    read as the bodies of the single operation are, one in four.
    """
    single = name.removesuffix("Batch")
    is_batch = single in IN_BATCHES and single != name
    return in_share(name, told) and in_part(name, told, of=4 if is_batch else of)


def turn_of(name, told):
    """Return which of two databases a case of an operation goes to, where one is enough."""
    return crc32(f"{name}\0{told}".encode()) >> 8 & 1  # not the bits by which shares are taken


def check(places, name, *makers, of=1, before=False):
    """Send the cases of all *makers* to each database; fail with all answers that are wrong.

    One case in *of* is enough where all operations do the same with it in one place: each case is
    sent to many of them, and each of them gets many. What is decided *before* the database is
    asked goes to one of them, half of the cases to each.

    An answer is wrong too when it is another on another database. Return the answers by case.
    """
    operation, once = OPERATIONS[name], before and not EVERYTHING and len(places) == 2
    found = [
        outcomes(
            place,
            name,
            (case for make in makers for case in make(operation, place)),
            of,
            lambda told, number=number: not once or turn_of(name, told) == number,
        )
        for number, place in enumerate(places)
    ]
    first, wrong = found[0][0], [told for _, complaints in found for told in complaints]
    for answers, _ in () if once else found[1:]:
        assert list(answers) == list(first)
        wrong += [f"differs: {n}: {first[n]} {a}" for n, a in answers.items() if a != first[n]]
    assert not wrong, f"{len(wrong)} wrong\n" + "\n".join(wrong)
    return first


def short(value):
    """Return a value so that it can be read in a list."""
    text = ascii(value)
    return text if len(text) < 60 else f"{text[:40]}… ({len(text)} characters)"


# Nothing is left out


def inputs(base=Input):
    """Yield every schema of what comes in."""
    for schema in base.__subclasses__():
        yield schema
        yield from inputs(schema)


def within(schema):
    """Yield the class of *schema*, those it is made of, and those inside it."""
    yield from (kind for kind in type(schema).__mro__ if issubclass(kind, Input))
    for inner in schema.fields.values():
        inner = inner.inner if isinstance(inner, fields.List) else inner
        if isinstance(inner, fields.Nested):
            yield from within(inner.schema)


def test_no_operation_and_no_schema_is_left_out():
    assert {name for name in OPERATIONS if not name.startswith(("docs.", "problems."))} == set(
        ACCESS
    )
    assert set(WRITES) | set(READS) == set(ACCESS) > set(UPLOADS) > set()
    assert set(WRITES) == set(EXAMPLES)
    taken = [OPERATIONS[name] for name in ACCESS]
    used = {schema for one in taken for schema in (one.body, one.query, one.form) if schema}
    assert {kind for schema in used for kind in within(schema)} - {Input} == set(inputs())


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_carried_out_when_asked_well(places, name):
    check(places, name, lambda operation, place: [taken("plain", place.request(operation))])


# Fields of bodies


def objects_in(schema, body, where="", put=lambda value: value):
    """Yield every object of a body: where it is, its fields, the object, and how to put another."""
    yield where, schema.fields, body, put
    for name, found in schema.fields.items():
        inner = found.inner if isinstance(found, fields.List) else found
        if isinstance(inner, fields.Nested):
            many = inner is not found

            def inside(value, name=name, many=many):
                return put({**body, name: [value] if many else value})

            step = f"{where}{name}.0." if many else f"{where}{name}."
            yield from objects_in(inner.schema, values.valid(inner), step, inside)


def lots(found, of):
    """Yield the first of what each field refuses, then the second of each, until all are through.

    Each must be named, so one request tells as much as one for each field would.
    """
    given = {name: of(kind) for name, kind in found.items()}
    for n in range(max(map(len, given.values()), default=0)):
        yield {name: many[n] for name, many in given.items() if n < len(many)}


def listed(lot):
    return ", ".join(f"{name} = {short(value)}" for name, value in lot.items())


def body_of(request):
    return json.loads(request.body)


def bad_fields(operation, place):
    """Yield a case for everything that the fields of a body cannot hold."""
    request = place.request(operation)
    for where, found, good, put in objects_in(operation.body, body_of(request)):
        for n, lot in enumerate(lots(found, values.refused_values)):
            sent = request.with_json(put({**good, **lot}))
            yield refused(f"{where} {n}: {listed(lot)}", sent, 422, *(where + name for name in lot))
        for text in values.EVERYWHERE:
            sent = request.with_json(put({**good, **dict.fromkeys(found, "@")}))
            raw = sent.body.replace(b'"@"', text.encode())
            yield refused(f"{where} {short(text)}", replace(sent, body=raw), 400)


def meaningless_fields(operation, place):
    """Yield a case for each value of the right kind that stands for nothing."""
    request = place.request(operation)
    for name in values.MEANINGLESS.keys() & operation.body.fields.keys():
        for value in values.MEANINGLESS[name]:
            sent = request.with_json({**body_of(request), name: value})
            yield refused(f"{name} = {short(value)}", sent, 422, name)


def missing_and_unknown(operation, place):
    """Yield a case for the fields that lack, and for each that no body has."""
    request = place.request(operation)
    answered = {name for schema in operation.answers for name in schema.fields}
    more = dict.fromkeys([*values.MORE_FIELDS, *sorted(answered)], "a")
    for where, known, good, put in objects_in(operation.body, body_of(request)):
        needed = [where + name for name, found in known.items() if found.required]
        if needed:
            yield refused(f"{where} without any", request.with_json(put({})), 422, *needed)
        for names in by_the_lot(name for name in more if name not in known):
            sent = request.with_json(put({**good, **dict.fromkeys(names, "a")}))
            named = [where + name for name in names if name not in values.NAMELESS]
            yield refused(f"{where}{names!a} are unknown", sent, 422, *named)


def by_the_lot(names):
    """Yield the nameless ones of *names* each by itself, and the others in lots of forty.

    Each must be named, so one request tells as much as one for each name would.
    """
    names = list(names)
    yield from ([name] for name in names if name in values.NAMELESS)
    named = [name for name in names if name not in values.NAMELESS]
    yield from (named[n : n + 40] for n in range(0, len(named), 40))


def many_mistakes(operation, place):
    """Yield a case for each body with more mistakes than anybody wants to read."""
    request = place.request(operation)
    body = body_of(request)
    many = 100_000 if operation.name == WRITES[0] else 1_000
    names = ",".join(f'"{n:x}":0' for n in range(many))
    yield refused(f"{many} unknown names", replace(request, body=f"{{{names}}}".encode()), 422)
    long = {**body, "長" * 100_000: 1}
    yield refused("a name of 100,000 characters", request.with_json(long), 422)
    wrong = {name: [[]] for name in operation.body.fields}
    yield refused("every field wrong", request.with_json(wrong), 422)
    for name, found in operation.body.fields.items():
        if isinstance(found, own.Items):
            all_wrong = request.with_json({**body, name: [[]] * found.most})
            yield refused(f"{name} wrong throughout", all_wrong, 422, name)


@pytest.mark.parametrize("name", WRITES)
def test_each_field_refuses_what_it_cannot_hold(places, name):
    check(places, name, bad_fields, before=True)
    check(places, name, meaningless_fields)


@pytest.mark.parametrize("name", WRITES)
def test_no_field_may_lack_or_come_on_top(places, name):
    check(places, name, missing_and_unknown, many_mistakes, before=True)


def full_fields(operation, place):
    """Yield a case for the longest and oddest that each field holds, one by one and at once."""
    request = place.request(operation)
    body, everything = body_of(request), {}
    for name, found in operation.body.fields.items():
        everything[name], *_ = values.fitting(found)
        for n, value in enumerate(values.fitting(found)):
            yield clear(f"{name} #{n} = {short(value)}", request.with_json({**body, name: value}))
    yield clear("all at once", request.with_json({**everything, **body}))
    padded = request.body + b" " * (LIMIT - len(request.body))
    yield taken("as long as a body may be", replace(request, body=padded))


@pytest.mark.parametrize("name", WRITES)
def test_each_field_holds_what_it_allows(places, name):
    check(places, name, full_fields, of=2)


# Bodies as a whole


def bad_bodies(operation, place):
    """Yield a case for each body that is no JSON, no object, too long, or not what it says."""
    request = place.request(operation)
    for told, body in values.broken_bodies(request.body.decode()).items():
        yield refused(f"body {told}", replace(request, body=body), 400)
    for body in values.NO_OBJECTS:
        yield refused(ascii(body[:9]), replace(request, body=body), 422)
    long = replace(request, body=b'{"note":"' + b"a" * LIMIT + b'"}')
    yield refused("too long", long, 413)
    yield refused("too long, in chunks", replace(long, length=None), 413)
    yield refused("too long, it says", replace(request, length=str(50 * 2**20)), 413)
    for length in ("-1", "1_0", "１２", "abc", str(len(request.body) + 9)):
        yield refused(f"its length is {length!a}", replace(request, length=length), 400)


def other_types(operation, place):
    """Yield a case for each content type, JSON or not."""
    request = place.request(operation)
    form = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
    bodies = {values.FORM: b"note=a", values.PARTS: form * 1001 + b"--b--\r\n"}
    for kind in values.OTHER_TYPES:
        body = bodies.get(kind, request.body)
        sent = replace(request, body=body).with_headers(Content_Type=kind)
        yield refused(f"type {kind}", sent, 415, Accept=JSON)
    for kind in values.SAME_TYPES:
        yield taken(f"type {kind}", request.with_headers(Content_Type=kind))


@pytest.mark.parametrize("name", WRITES)
def test_a_body_is_read_strictly(places, name):
    check(places, name, bad_bodies, other_types, of=4, before=True)


# Parameters of queries


def asked(request, **parameters):
    """Return *request* with *parameters* in its query, beside the words that a search needs."""
    needed = SOUGHT if "q=AI" in (request.query or "") else {}
    sent = {**needed, **parameters}
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in sent.items())
    return replace(request, query=query)


def bad_parameters(operation, place):
    """Yield a case for everything that a query cannot hold."""
    request, known = place.request(operation), operation.taken
    for n, lot in enumerate(lots(known, values.refused_texts)):
        yield refused(f"{n}: {listed(lot)}", asked(request, **lot), 422, *lot)
    for name, found in known.items():
        several = isinstance(found, filters.Several)
        holds = several and type(found.inner) in (own.Line, filters.CaseNo)
        for raw in (f"{name}&{name}", *([] if holds else [f"{name}=a&{name}=b"])):
            words = f"&{request.query}" if operation.name == "search" and name in RESOLVED else ""
            yield refused(raw, replace(request, query=raw + words), 422, name)
        yield refused(f"{name}=%ff", replace(request, query=f"{name}=%ff"), 400)
    for raw in values.NO_QUERIES:
        yield refused(short(raw), replace(request, query=raw), 400)
    for names in by_the_lot(values.MORE_PARAMETERS):
        query = "&".join(f"{name}=1" for name in names)
        named = [unquote_to_bytes(name).decode() for name in names if name not in values.NAMELESS]
        yield refused(f"?{query}", replace(request, query=query), 422, *named)
    many = "&".join(f"{n:x}=" for n in range(2_000))
    yield refused("2,000 parameters", replace(request, query=many), 422)
    yield refused("a long name", replace(request, query="a" * 60_000), 422)


@pytest.mark.parametrize("name", READS)
def test_each_parameter_refuses_what_it_cannot_hold(places, name):
    check(places, name, bad_parameters)


def full_parameters(operation, place):
    """Yield a case for the longest and oddest that each parameter holds."""
    request = place.request(operation)
    for name, found in operation.taken.items():
        texts = [v if isinstance(v, str) else json.dumps(v) for v in values.fitting(found)]
        searched = values.SEARCHES if type(found) is own.Line else []
        for n, text in enumerate([*texts, *searched]):
            sent = asked(request, **{"limit": "5", name: text} if operation.lists else {name: text})
            yield clear(f"{name} #{n} = {short(text)}", sent)
    if not any(found.required for found in operation.taken.values()):
        yield taken("nothing after ?", replace(request, query="&&"))


@pytest.mark.parametrize("name", READS)
def test_each_parameter_holds_what_it_allows(places, name):
    check(places, name, full_parameters)


# Cursors


def orders_of(schema):
    """Return every order that a list can have, as parameters."""
    sort = schema.fields.get("sort")
    return [{"sort": word} for word in sort.choices] if sort else [{}]


def bad_cursors(operation, place):
    """Yield a case for each cursor that a list must refuse."""
    request = place.request(operation)
    other = next(name for name in ("listTags", "listSessions") if name != operation.name)
    foreign = cursor_of(place, place.request(OPERATIONS[other]), {})
    for order in orders_of(operation.query):
        mine = cursor_of(place, request, order)
        if mine is None:
            continue
        told = "".join(order.values())
        bad = {"of another list": foreign, **altered(mine), **forged(place, operation, order, mine)}
        for what, cursor in bad.items():
            sent = asked(request, limit="1", cursor=cursor, **order)
            yield refused(f"{told} {what}", sent, 422, "cursor")
        for name, text in another_filter(operation.taken, order):
            sent = asked(request, **{"cursor": mine, **order, name: text})
            yield refused(f"{told} with {name}={text}", sent, 422, "cursor")
        yield taken(f"{told} a good one", asked(request, limit="2", cursor=mine, **order))


def cursor_of(place, request, order):
    """Return the cursor of the second page, or None where there is one page only."""
    return place.send(asked(request, limit="1", **order)).get_json()["next"]


def altered(cursor):
    """Return *cursor* with something else in it, by what."""
    middle = len(cursor) // 2
    other = {place: "A" if cursor[place] != "A" else "B" for place in (0, middle, -1)}
    return {
        "altered at its beginning": other[0] + cursor[1:],
        "altered in the middle": cursor[:middle] + other[middle] + cursor[middle + 1 :],
        "altered at its end": cursor[:-1] + other[-1],
        "cut short": cursor[:-4],
        "twice": cursor * 2,
        "with a sign after it": cursor + "!",
        "with a sign inside": f"{cursor[:middle]}!{cursor[middle:]}",
        "with a letter of no alphabet": f"{cursor}é",
        "padded": f"{cursor}====",
        "no base64": "!!!!",
        "an empty list": "W10",
        "null": "bnVsbA",
        "deep": quote("W1tb" * 240),
        "digits": "W" + "zk5" * 300,
    }


def forged(place, operation, order, cursor):
    """Return cursors with the right mark whose values no row can have."""
    import base64

    padded = cursor + "=" * (-len(cursor) % 4)
    number = len(json.loads(base64.urlsafe_b64decode(padded))) - 1
    made = {}
    with place.app.test_request_context(place.request(operation).path):
        words = SOUGHT if operation.name == "search" else {}
        filters = operation.query.load({"limit": "1", **words, **order})
        for text in (
            "9" * 30,
            str(2**63),
            "x",
            "",
            "1.5",
            "1_0",
            "１２",
            " 1",
            "1e3",
            "0001-01-01",
        ):
            made[f"forged {text!a}"] = write_cursor([text] * number, filters)
        made["forged with less"] = write_cursor([], filters)
        made["forged with more"] = write_cursor(["1"] * (number + 1), filters)
    return made


def another_filter(taken, order):
    """Yield parameters that make another list of the same records."""
    for name, found in taken.items():
        if name == "as_of":  # the register began on the day of its tests
            yield name, str(utcnow().astimezone(HERE).date())
        elif name not in (*PAGING, *order) and not is_for_staff(found):
            yield from ((name, text) for text in ordinary(found))


def is_for_staff(found):
    """Return whether a filter takes parts of figures that only the staff may ask for."""
    parts = getattr(found, "parts", ())
    viewers = {BY_ID[part.partition(".")[0]].viewers for part in parts}
    return viewers == {Viewers.STAFF}


def ordinary(found):
    """Yield a text that a parameter holds, where one can be made without looking up a record."""
    if isinstance(found, own.Choice):
        yield from (word for word in found.choices if word != found.load_default)
    elif isinstance(found, own.Flag):
        yield "false" if found.load_default is True else "true"
    elif not isinstance(getattr(found, "inner", found), own.Slug | filters.Named):
        value = values.valid(found)
        yield value if isinstance(value, str) else str(value)


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_is_good_only_as_it_was_given(places, name):
    check(places, name, bad_cursors, of=2)


# Paths


def bad_paths(operation, place):
    """Yield a case for everything that a part of the path cannot be."""
    request = place.request(operation)
    for n, (kind, name) in enumerate(operation.parameters):
        good = request.path.split("/")
        position = [i for i, part in enumerate(operation.rule.split("/")) if "<" in part][n]
        for text in values.NO_IDS if kind == "id" else values.NO_SLUGS:
            wrong = text.format(good[position])
            path = "/".join([*good[:position], wrong, *good[position + 1 :]])
            yield refused(f"{name} = {short(text)}", replace(request, path=path), 404)


@pytest.mark.parametrize("name", PATHS)
def test_a_path_that_leads_nowhere_is_404(places, name):
    check(places, name, bad_paths)


def other_paths(operation, place):
    """Yield a case for each path that is nearly the operation's, and its answer."""
    request = place.request(operation)
    yield taken("two slashes before it", replace(request, path=f"/{request.path}"))
    nearly = {
        "a slash after it": f"{request.path}/",
        "two slashes after it": f"{request.path}//",
        "a part that is empty": f"{request.path}//x",
        "capitals": request.path.upper(),
        "dots": f"{request.path}/%2e%2e%2f",
        "a NUL": f"{request.path}%00",
        "a line break": f"{request.path}%0a",
        "no UTF-8": f"{request.path}%ff",
        "a semicolon": f"{request.path};a=b",
    }
    for told, path in nearly.items():
        yield refused(told, replace(request, path=path), 404)


def other_methods(operation, place):
    """Yield a case for each method that the path does not know, and for those that it does."""
    allowed = {n for o in OPERATIONS.values() if o.rule == operation.rule for n in o.methods}
    request = replace(place.request(operation), query="")
    allow = ", ".join(sorted(allowed))
    for method in values.METHODS:
        if method not in allowed:
            yield refused(method, replace(request, method=method), 405, Allow=allow)
    asking = Request("OPTIONS", request.path)
    found = sorted(send(place.app, asking).headers.get("Allow", "").split(", "))
    assert found == sorted(allowed), found
    yield taken("OPTIONS", asking)


def hosts(operation, place):
    """Yield a case for a request without Host."""
    request = place.request(operation)
    yield refused("no host", request.with_headers(Host=None), 400)
    old = replace(request, protocol="HTTP/1.0").with_headers(Host=None)
    yield taken("no host, long ago", old)
    for host in values.NO_HOSTS:
        yield clear(f"host {host!a}", request.with_headers(Host=host))


def foreign_hosts(operation, place):
    """Yield a case for each host that is none of ours, where ours are named."""
    request = place.request(operation)
    for host in values.FOREIGN_HOSTS:
        yield refused(f"host {host!a}", request.with_headers(Host=host), 400)
    yield taken("our host", request.with_headers(Host="localhost:8000"))


@pytest.mark.parametrize("name", RULES)
def test_a_path_knows_its_methods_and_its_host(places, name):
    check(places, name, other_paths, other_methods, hosts, of=3, before=True)
    for place in places:
        place.app.config["TRUSTED_HOSTS"] = ["localhost"]
    try:
        check(places, name, foreign_hosts, of=3, before=True)
    finally:
        for place in places:
            place.app.config["TRUSTED_HOSTS"] = None


# Headers


def strangers(operation, place):
    """Yield a case for each Authorization that lets nobody in."""
    request = place.request(operation)
    key = place.scene.callers["registrar"].headers["Authorization"].removeprefix("Bearer ")
    for told, header in values.no_authority(key).items():
        sent = request.with_headers(Authorization=header)
        if operation.audience is Audience.ANYONE:
            yield taken(told, sent)
        else:
            asks = {"WWW-Authenticate": 'Bearer realm="proposal-register"'}
            yield Case(told, sent, (401,), headers=asks)
    if operation.audience is not Audience.ANYONE:
        elsewhere = place.scene.callers["elsewhere"].headers
        told = {"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=198.51.100.7"}
        sent = replace(request, headers={**request.headers, **elsewhere, **told})
        yield refused("a key from elsewhere", sent.with_headers(Accept_Language=None), 403)


@pytest.mark.parametrize("name", ACCESS)
def test_a_key_that_is_none_lets_nobody_in(places, name):
    check(places, name, strangers)


def versions(operation, place):
    """Yield a case for each If-Match."""
    request = place.request(operation)
    for tag in values.NO_TAGS:
        yield refused(f"tag {tag!a}", request.with_headers(If_Match=tag), 400)
    for tag in ("*", " * "):
        yield taken(f"tag {tag!a}", request.with_headers(If_Match=tag))
    if operation.versioned:
        yield refused("no tag", request.with_headers(If_Match=None), 428)
        known = request.headers["If-Match"]
        for tag in (f"W/{known}", known.replace('"v', '"v', 1), f" {known} "):
            yield taken(f"known as {tag!a}", request.with_headers(If_Match=tag))
        for tag in ('"v999999"', 'W/"v999999"', '"v999999999.1"'):
            stale = request.with_headers(If_Match=tag)
            yield refused(f"stale {tag!a}", stale, 412, ETag=known)
    elif operation.parameters:
        sent = request.with_headers(If_Match='"v999999"')
        current = place.send(sent).headers.get("ETag")
        yield refused("stale", sent, 412, ETag=current or "the current one")


def known(operation, place):
    """Yield a case for each If-None-Match that names the whole answer, or only its version."""
    request = place.request(operation)
    got = place.send(request).headers
    tag = got["ETag"]
    kept = {name: got[name] for name in ("Cache-Control", "ETag", "Vary") if name in got}
    bare = tag.removeprefix("W/")
    for n, seen in enumerate((tag, f"W/{bare}", f'"v99", {tag}', f"{tag},", "*")):
        asked = request.with_headers(If_None_Match=seen)
        yield Case(f"known #{n}", asked, (304,), headers=kept)
    version, point, _ = bare.strip('"').partition(".")
    version = version if point else "v1"  # a text or a file has no version, but its SHA-256
    for seen in (f'"{version}"', f'"{version}.{"0" * 16}"', f'"{version}.17"', version, '""', ""):
        yield taken(f"not known {seen}", request.with_headers(If_None_Match=seen))


@pytest.mark.parametrize("name", TAGGED)
def test_only_the_whole_of_a_known_answer_is_304(places, name):
    check(places, name, known)


def repeats(operation, place):
    """Yield a case for each Idempotency-Key of a POST with a caller, to which alone it counts."""
    request = place.request(operation)
    posts = operation.method == "POST" and operation.audience is not Audience.ANYONE
    for n, key in enumerate(values.NO_KEYS_TO_REPEAT if posts else ["", "é"]):
        sent, told = request.with_headers(Idempotency_Key=key), f"key #{n} {short(key)}"
        yield refused(told, sent, 400) if posts else taken(told, sent)
    if posts:
        again = replace(request, body=b"[]").with_headers(Idempotency_Key="again")
        yield refused("a key and a bad body", again, 422)
    for key in ("a" * 255, '"a b"', "!#[]~"):
        yield taken(f"key {short(key)}", request.with_headers(Idempotency_Key=key))


@pytest.mark.parametrize("name", [*WRITES, *UPLOADS])
def test_conditions_and_repeats_are_read_strictly(places, name):
    check(places, name, versions, repeats, of=3)


def ignored(operation, place):
    """Yield a case for each lot of headers that make no difference."""
    request = place.request(operation)
    yield taken("plain", request)
    for n in range(max(map(len, values.IGNORED.values()))):
        headers = {name: texts[n] for name, texts in values.IGNORED.items() if n < len(texts)}
        told = f"lot {n}: {', '.join(headers)}"
        yield taken(told, replace(request, headers={**request.headers, **headers}))


def unacceptable(operation, place):
    """Yield a case for each Accept that takes nothing that the operation gives."""
    request = place.request(operation)
    good = place.send(request).headers["Content-Type"]
    for accept in ("application/xml", "*/*;q=0", f"{good.partition(';')[0]};q=0"):
        yield refused(f"Accept {accept}", request.with_headers(Accept=accept), 406)


@pytest.mark.parametrize("name", ACCESS)
def test_what_nobody_asked_for_is_not_given(places, name):
    check(places, name, unacceptable, of=2, before=True)


def like_get(operation, place):
    """Yield a case for HEAD, whose headers are those of GET, without a body."""
    if operation.method == "GET":
        for told, path in (("there", ""), ("absent", "/absent")):
            request = place.request(operation)
            request = replace(request, path=request.path + path)
            got, head = place.send(request), place.send(replace(request, method="HEAD"))
            assert (head.status_code, head.data) == (got.status_code, b"")
            assert differing(got, head) == set()
            yield clear(told, replace(request, method="HEAD"))


def differing(one, other):
    """Return the names of the headers in which two answers differ."""
    return {name for name, _ in set(one.headers) ^ set(other.headers)}


@pytest.mark.parametrize("name", ACCESS)
def test_other_headers_make_no_difference(places, name):
    answers = check(places, name, ignored, of=2)
    assert {told for told, answer in answers.items() if answer != answers["plain"]} == set()


@pytest.mark.parametrize("name", [name for name in OPERATIONS if OPERATIONS[name].method == "GET"])
def test_head_is_get_without_its_body(places, name):
    check(places, name, like_get)
