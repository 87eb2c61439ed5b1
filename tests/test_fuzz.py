"""Whatever comes in is answered as the document says, and nothing goes wrong behind the answer."""

import json
import logging
import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import pytest
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup, ServerError
from schemathesis.openapi.checks import (
    AllowHeaderMismatch,
    IgnoredAuth,
    JsonSchemaError,
    MissingHeaderNotRejected,
    MissingHeaders,
    RejectedPositiveData,
    UndefinedContentType,
    UndefinedStatusCode,
    UnsupportedMethodResponse,
)
from werkzeug import Request, Response

from app.accounts.services.keys import is_network
from app.core.codes import Acceptance, AssignmentState, MarkKind, Progress
from app.core.config import Settings
from app.core.rules.permissions import conflicting
from app.core.schemas.date_fields import YEARS
from app.register.files.rules.files import format_of
from app.register.searching.rules.search_words import Misread, read_words
from tests.fuzzing import (
    CASES,
    DOCUMENT,
    ENOUGH,
    IF_MATCH,
    LISTS,
    PAGING,
    PATHS,
    Bench,
    Real,
    TracebackLogged,
    tidied,
)
from tests.support.fuzzed import ALL_ROUND, V1
from tools.contract import example_in

# ---- what a schema cannot say ----


SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REGION = re.compile(r"[0-9]{6}([0-9]{6})?")
LINK = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?")


LATE = ("review_on", "cosign_until", "done_by", "answer_by")
"""Days that must be later than today."""


class Sent(NamedTuple):
    """What a refused field held: its path and value, the query or body around it, the words."""

    field: str
    value: Any
    whole: Any
    words: dict[str, list[Any]]

    def is_untidy(self):
        """Return whether it is a text, or has one, that no field takes as it is."""
        values = self.value if isinstance(self.value, list) else [self.value]
        return any(isinstance(value, str) and value != tidied(value) for value in values)

    def unknown(self):
        """Return whether it names a record that is not there."""
        values = self.value if isinstance(self.value, list) else [self.value]
        known = self.words[self.field.split(".")[0]]
        return not set(map(str, values)) <= set(map(str, known))

    def of_a_mark(self):
        """Return whether it stands beside the kind of a mark."""
        return self.whole.get("kind") in set(MarkKind)

    def out_of_time(self):
        """Return whether it is a day of no year of the register, or too early or too late."""
        today = date.today().isoformat()
        late = self.field not in LATE or self.value > today
        past = self.field != "as_of" or self.value[:10] < today
        return int(self.value[:4]) not in YEARS[1:-1] or not late or not past

    def of_the_other_axis(self):
        """Return whether it is no state of the axis beside it."""
        states = {"progress": Progress, "acceptance": Acceptance, None: AssignmentState}
        return self.value not in set(states[self.whole.get("axis")])

    def target(self):
        """Return the recommendation of a bulk change that it belongs to."""
        return self.whole["recommendations"][int(self.field.split(".")[1])]

    def doubled(self):
        """Return whether another recommendation of a bulk change has its id."""
        ids = [target["id"] for target in self.whole["recommendations"]]
        return ids.count(self.target()["id"]) > 1


def is_question(text):
    """Return whether the search understands *text*."""
    try:
        read_words(text)
    except Misread:
        return False
    return True


class Excuse(NamedTuple):
    """Fields, by their path, that may be refused though they fit the schema: *when*, and why.

    It is about a value that was sent, or, where it says so, about one that is *lacking*.
    """

    field: str
    when: Callable[[Sent], Any]
    reason: str
    lacking: bool = False


def beside(name):
    """Return what tells whether *name* stands beside a field."""
    return lambda sent: name in sent.whole


EXCUSES = (
    Excuse(
        r".*",
        lambda sent: sent.is_untidy(),
        "blank, or with invisible signs: only a pattern over Unicode's categories could say so",
    ),
    Excuse(rf"({'|'.join(LISTS)})(\.\d+)?", Sent.unknown, "only the records say which there are"),
    Excuse(r"q", lambda sent: not is_question(sent.value), "a language of its own"),
    Excuse(r"counted_in|within(\.\d+)?", lambda sent: True, "only /figures says which there are"),
    Excuse(r"as_of|months", lambda sent: True, "not before it began; some have no past"),
    Excuse(
        r"answered|clock|due_(after|before)|lead_status|office|overdue|part|promised(_after|_before)?"
        r"|reported",
        beside("as_of"),
        "what no period keeps is not told of a past day",
    ),
    Excuse(r"asking(\..+)?", lambda sent: True, "a query of its own"),
    Excuse(r"slug", lambda sent: not SLUG.fullmatch(sent.value), "the schema has no pattern"),
    Excuse(r"(.*\.)?url", lambda sent: not LINK.fullmatch(sent.value), "the schema has no pattern"),
    Excuse(
        r"filename",
        lambda sent: format_of(sent.value) is None or set(sent.value) & set('\\/:*?"<>|'),
        "the schema has no pattern",
    ),
    Excuse(r"filename", lambda sent: True, "only the part of a form has a name", lacking=True),
    *(
        Excuse(
            r"filename|internal|supersedes",
            beside("file"),
            "a schema cannot compare a form with the query: each stands in one of them",
            lacking,
        )
        for lacking in (False, True)
    ),
    Excuse(
        r"recommendations\.\d+\.(quotes\.\d+\.(text|nth)|suggested_office|tags)|replaces\.\d+",
        lambda sent: True,
        "only the records say which words, offices and recommendations there are",
    ),
    Excuse(
        r"passages\.\d+\..*|text",
        lambda sent: "passages" in sent.whole,
        "only the text says where its words stand",
    ),
    Excuse(r"corrects", lambda sent: True, "only the records say what can be mended"),
    Excuse(r"note", lambda sent: True, "some fields of a case need a reason", lacking=True),
    Excuse(r"target_id", lambda sent: True, "only the records say what there is of a kind"),
    Excuse(r"into", lambda sent: True, "only the records say what goes on in what"),
    Excuse(r"other", lambda sent: True, "only the records say how they relate"),
    Excuse(r"content", lambda sent: True, "a schema does not know what bytes are", lacking=True),
    Excuse(r"supersedes", lambda sent: True, "only the records say whose it is"),
    Excuse(r"words", lambda sent: True, "only what was written says where they stand"),
    Excuse(
        r"reason",
        lambda sent: sent.whole.get("words", "\0") in sent.value,
        "it must not hold the words that are to be erased",
    ),
    *(
        Excuse(
            r"(evidence|attachments)\.\d+\.(url|file)",
            lambda sent: True,
            "a link or a file, not both, and only the records say which files there are",
            lacking,
        )
        for lacking in (False, True)
    ),
    *(
        Excuse(
            r"proposers(\.\d+\.(proposer|capacity_confirmed))?"
            r"|recommendations\.\d+\.(tags(\.\d+)?|suggested_office|quotes\.\d+\.(text|nth))",
            beside("proposers"),
            "only the text says what stands in it, and one leads",
            lacking,
        )
        for lacking in (False, True)
    ),
    *(
        Excuse(
            r"parts\.\d+(\..*)?|rest|digest",
            beside("parts"),
            "a tag or a new one, not both; only the records and a dry run say which can be",
            lacking,
        )
        for lacking in (False, True)
    ),
    Excuse(r"replaces", lambda sent: True, "only a draft, or one that was returned"),
    Excuse(r"body", Sent.unknown, "only the records say which there are"),
    Excuse(
        r"into",
        lambda sent: set(sent.whole) <= {"into", "reason"},
        "only the records say who is there, of the same body, and stands",
    ),
    *(
        Excuse(r"name_source", lambda sent: True, "what is said of a name needs it", lacking)
        for lacking in (False, True)
    ),
    Excuse(r"networks", lambda sent: not all(map(is_network, sent.value)), "there is no format"),
    Excuse(
        r"(.*\.)?(due_on|review_on|due_before|due_after|as_of|updated_since|since|until|start|on|"
        r"first|last|extended_to|promised_on|promised_before|promised_after|sent_before|sent_after|"
        r"published_before|published_after|ends_before|ends_after|cosign_until|done_by|answer_by)",
        Sent.out_of_time,
        "a format has no bounds; the register knows the years 1949 to 2199",
    ),
    Excuse(
        r"due_on",
        lambda sent: str(sent.value) < date.today().isoformat(),
        "a day in the past needs who may enter older papers, and a note",
    ),
    Excuse(r"percent", lambda sent: True, "what was not started has none: the step comes first"),
    Excuse(
        r"cursor",
        lambda sent: sent.unknown() or set(sent.whole) - PAGING,
        "it is opaque, and good only with the filters it came with",
    ),
    Excuse(
        r"remove",
        lambda sent: set(sent.value) & set(sent.whole.get("add", [])),
        "a schema cannot compare two lists",
    ),
    Excuse(r"recommendations\.\d+\.id", Sent.doubled, "a schema cannot compare two items"),
    Excuse(
        r"recommendations\.\d+\.version",
        lambda sent: sent.target() not in sent.words["recommendations"],
        "which version a record has is not a matter of the schema",
    ),
    Excuse(r"to", Sent.of_the_other_axis, "the words depend on the axis; /workflows has them"),
    Excuse(r"review_on|superseded_by", beside("axis"), "a step takes only what it needs"),
    Excuse(
        r"evidence|reason|review_on|superseded_by",
        beside("axis"),
        "what a step needs depends on the present state; allowed_steps says it",
        lacking=True,
    ),
    Excuse(r"roles", lambda sent: conflicting(sent.value), "a schema cannot pair list and rule"),
    Excuse(r"office|subject|reason|note", beside("roles"), "so some roles need it", lacking=True),
    *(
        Excuse(
            r"accounts\.\d+\.(roles|office|subject|key|key\.networks)|reason",
            beside("accounts"),
            "what goes with the kind and the roles, and which offices and networks there are",
            lacking,
        )
        for lacking in (False, True)
    ),
    Excuse(r"key", beside("roles"), "a person signs in without one"),
    Excuse(r"key\.networks", lambda sent: True, "there is no format"),
    Excuse(r"subject", lambda sent: sent.whole.get("kind") != "person", "only a person has one"),
    Excuse(r"kind", beside("start"), "a preview takes a limit or a kind, and a profile has some"),
    Excuse(r"kind", beside("start"), "a preview needs a limit or a kind", lacking=True),
    Excuse(r"profile", beside("limit"), "a preview takes a limit or a kind"),
    Excuse(r"profile", Sent.unknown, "only the register says which there are"),
    Excuse(r"limit\.unit", lambda sent: sent.value == "fixed", "a fixed date is a profile's"),
    Excuse(r"pauses\.\d+\.last", lambda sent: True, "a schema cannot compare two days"),
    Excuse(r"on", beside("extended_to"), "not before the limit began, nor after today"),
    Excuse(r"first|last", beside("first"), "within the time of a clock that runs, and in order"),
    Excuse(r"extended_to", lambda sent: True, "later than the present due date, which has a limit"),
    Excuse(
        r"office|role|recommendation|parent|profile|on",
        beside("role"),
        "what stands already, or its days, forbid it",
    ),
    Excuse(r"reason|on|suggested_office", beside("to"), "a step takes only what it needs"),
    Excuse(r"reason", beside("to"), "a step may need it; allowed_steps says so", lacking=True),
    *(
        Excuse(
            r"points(\.\d+\.(recommendation|label|outcome|acceptance|promise(\.(on|strength))?))?",
            lambda sent: True,
            "what was given, the scheme of labels and the day say what a point can be",
            lacking,
        )
        for lacking in (False, True)
    ),
    *(
        Excuse(
            r"evidence|promised_on|into|reason_code|case_no|without_recommendations|document_no|signed_by|labels(\.\d+\.(recommendation|label|outcome))?",
            beside("to"),
            "a step takes what it needs, of what the reply has; allowed_steps says it",
            lacking,
        )
        for lacking in (False, True)
    ),
    *(
        Excuse(
            r"proposer|rating|on",
            lambda sent: {"kind", "text"} <= set(sent.whole),
            "a rating has them, and no other remark; none is older than the promise",
            lacking,
        )
        for lacking in (False, True)
    ),
    Excuse(
        r"on",
        lambda sent: set(sent.whole) <= {"on", "evidence"} or "evidence" in sent.whole,
        "not before the promise, nor after today",
    ),
    Excuse(r"due_on", beside("text"), "a milestone is not before its promise"),
    Excuse(r"category(\.\d+)?", Sent.unknown, "only the papers say which there are"),
    Excuse(r"categories(\.\d+)?", lambda sent: True, "the papers say which hold for what"),
    Excuse(r"note", beside("categories"), "a category that goes needs a reason", lacking=True),
    Excuse(r"on", Sent.of_a_mark, "not before it was given, nor after today"),
    Excuse(r"given_by|paper|note", Sent.of_a_mark, "a mark, or its end, needs it", lacking=True),
    Excuse(r"reply", beside("agrees"), "only some replies wait for this office"),
    Excuse(r"note", beside("agrees"), "a refusal says why", lacking=True),
    Excuse(r"on", beside("agrees"), "not before the draft, nor after today"),
    Excuse(r"on", beside("text"), "no draft is before the receipt, nor after today"),
    Excuse(
        r"paper",
        lambda sent: not {"on", "first"}.isdisjoint(sent.whole),
        "an earlier day rests on a paper",
        lacking=True,
    ),
    Excuse(r"proposer|on", beside("paper"), "only some are its proposers, since it was sent"),
    Excuse(r"proposer|on", beside("channel"), "only some are its proposers, since the dispatch"),
    Excuse(r"on", beside("done_by"), "not before the dispatch, nor after today"),
    Excuse(r"on|answer_by", beside("answer_by"), "since the dispatch, and the answer after it"),
    Excuse(r"on", beside("decision"), "not before it was waited for, nor after today"),
    Excuse(r"decision|note", beside("decision"), "there is none to decide on, or it says why"),
    Excuse(r"note", beside("decision"), "a refusal says why", lacking=True),
    Excuse(r"note", beside("disabled"), "letting an administrator in again needs it", lacking=True),
    Excuse(r"note", beside("office"), "changing the own account needs it", lacking=True),
    Excuse(r"office", beside("office"), "whether the roles need one, they say", lacking=True),
    Excuse(r"disabled", beside("disabled"), "an erased account stays out; the record says so"),
    Excuse(r"reason", beside("scopes"), "a key that can write needs it", lacking=True),
    Excuse(r"region_code", lambda sent: not REGION.fullmatch(sent.value), "there is no pattern"),
    *(
        Excuse(
            r"(created|renamed|moved|ended)(\.\d+(\.\w+)*)?|effective_on",
            beside("paper"),
            "only the records say who is there, what is open, and that something is to be done",
            lacking,
        )
        for lacking in (False, True)
    ),
    Excuse(r"is_office", lambda sent: sent.value is False, "only the records say which had work"),
    *(
        Excuse(r"term|starts_on|ends_on", lambda sent: True, "days and numbers in order", lacking)
        for lacking in (False, True)
    ),
)


def fields_excused(failure, case, response, real):
    """Return whether an excuse explains every field that the problem names."""
    whole = case.body if isinstance(case.body, dict) else case.query
    errors = response.json().get("errors", [])
    return errors != [] and all(field_excused(e["field"], whole, real.words) for e in errors)


IN_A_ROW = re.compile(r"(rows\.\d+\.body)\.(.+)")
"""A field of what one row of a batch asks for."""


def field_excused(field, whole, words):
    """Return whether an excuse explains that *field* of *whole* was refused."""
    if inside := IN_A_ROW.fullmatch(field):
        return field_excused(inside[2], value_at(whole, inside[1]), words)
    sent = Sent(field, value_at(whole, field), whole, words)
    lacking = sent.value in (None, [])
    fitting = (e for e in EXCUSES if e.lacking == lacking and re.fullmatch(e.field, field))
    return any(excuse.when(sent) for excuse in fitting)


def value_at(whole, field):
    """Return what stands at the path *field*, such as ``evidence.0.url``; None: nothing."""
    for step in field.split("."):
        if isinstance(whole, list):
            whole = whole[int(step)]
        else:
            whole = whole.get(step) if isinstance(whole, dict) else None
    return whole


def rows_told(failure, case, response, real):
    """Return whether each row that is refused, of a batch that is not, says so for itself."""
    rows = response.json().get("rows", [])
    return any(row["problem"] is not None and row["status"] >= 400 for row in rows)


def malformed(failure, case, response, real):
    """Return whether If-Match is no entity tag of the register."""
    return IF_MATCH.fullmatch(case.headers["If-Match"].strip()) is None


def other_version(failure, case, response, real):
    """Return whether If-Match names another version than the record is known to have."""
    tag = IF_MATCH.fullmatch(case.headers.get("If-Match", "").strip())
    return tag is not None and tag[1] != str(real.version_at(case.path_parameters))


def condition_missing(failure, case, response, real):
    """Return whether what is missing is If-Match."""
    return failure.header_name == "If-Match"


def too_long(failure, case, response, real):
    """Return whether the body is longer than any body may be."""
    return len(json.dumps(case.body)) > Settings().max_body_bytes


def a_part(failure, case, response, real):
    """Return whether a part was asked for."""
    return "Range" in case.headers


def key_reused(failure, case, response, real):
    """Return whether the Idempotency-Key was sent before, with another body."""
    sent = "Idempotency-Key" in case.headers
    return sent and response.json()["type"].endswith(":key-reused")


def a_code(failure, case, response, real):
    """Return whether what was refused is a code that gives a key."""
    return case.path == PATHS["exchangeKey"]


class Concession(NamedTuple):
    """A finding of a check, by the status that was answered, that is none: *when*, and why."""

    check: type[Failure]
    status: int
    when: Callable[[Any, Any, Any, Real], Any]
    reason: str


EXCEPTIONS = (
    Concession(MissingHeaderNotRejected, 428, condition_missing, "RFC 6585 has this status for it"),
    Concession(RejectedPositiveData, 400, malformed, "the schema of If-Match has no pattern"),
    Concession(RejectedPositiveData, 412, other_version, "RFC 9110: the condition is not met"),
    Concession(RejectedPositiveData, 412, fields_excused, "the same, in a body"),
    Concession(RejectedPositiveData, 416, a_part, "how long a file is no schema says"),
    Concession(RejectedPositiveData, 422, fields_excused, "see EXCUSES"),
    Concession(RejectedPositiveData, 422, key_reused, "a walk made up the same key twice"),
    Concession(RejectedPositiveData, 413, too_long, "a schema does not limit a whole body"),
    Concession(RejectedPositiveData, 401, a_code, "a code is given out and not made up"),
    Concession(AcceptedNegativeData, 200, rows_told, "each row of a batch is answered by itself"),
    Concession(AcceptedNegativeData, 413, too_long, "it was refused, for another reason"),
)


def excepted(failure, case, response, real):
    """Return whether the table says that *failure* is none."""
    return any(
        isinstance(failure, row.check)
        and response.status_code == row.status
        and row.when(failure, case, response, real)
        for row in EXCEPTIONS
    )


def bench_for(database, app, stories, path=V1, **others):
    """Return a bench on which the exceptions count."""
    bench = Bench(database, app, stories, path, **others)

    @bench.schema.hook
    def filter_failure(context, failure, case, response):
        return not excepted(failure, case, response, bench.real)

    return bench


UNREACHED = {"exchangeKey": "a code is given out and not made up"}
"""Operation → why nothing that it accepts can be made up."""


@pytest.mark.share
@pytest.mark.one_database
@pytest.mark.parametrize("name", PATHS)
def test_whatever_comes_in_is_answered_as_documented(database, app, stories, name):
    bench = bench_for(database, app, stories, PATHS[name])
    bench.fuzz(name)
    accepted = any(200 <= status < 300 for status in bench.answers)
    assert accepted or name in UNREACHED or CASES < ENOUGH, bench.answers


@pytest.mark.long
@pytest.mark.one_database
def test_links_lead_on(database, app, stories):
    bench = bench_for(database, app, stories)
    scenarios = max(8, CASES // 5)
    bench.walk(scenarios, steps=15)
    assert bench.answers[200] > scenarios


def test_what_a_link_takes_from_an_answer_stands_in_it():
    operations = [o for path in DOCUMENT["paths"].values() for o in path.values()]
    for operation in (o for o in operations if isinstance(o, dict)):
        for response in operation["responses"].values():
            for name, link in response.get("links", {}).items():
                for taken in link.get("parameters", {}).values():
                    assert stands_in(taken, response), (operation["operationId"], name, taken)


def stands_in(taken, response):
    """Return whether *response* documents what the expression *taken* takes from it."""
    if taken.startswith("$response.header."):
        return taken.removeprefix("$response.header.") in response.get("headers", {})
    if taken.startswith("$response.body#/"):
        example = example_in(DOCUMENT, response["content"]["application/json"])
        path = taken.removeprefix("$response.body#/").replace("/", ".")
        return value_at(example, path) is not None
    return True  # what it takes from the request is looked at when the walk begins


# ---- planted faults: each of them must be found ----


def five_hundred(request, answer, keys):
    return Response(status=500) if request.args.get("limit") == "200" else answer()


def five_hundred_later(request, answer, keys):
    later = ("/history", "/reports", "/text", "/progress", "/proposals")
    far = request.method == "GET" and request.path.count("/") > 3
    return Response(status=500) if far and request.path.endswith(later) else answer()


def other_status(request, answer, keys):
    response = answer()
    response.status_code = 202 if response.status_code == 200 else response.status_code
    return response


def other_content(request, answer, keys):
    response = answer()
    response.mimetype = "text/html"
    return response


def lost_field(request, answer, keys):
    response = answer()
    response.set_data(response.get_data().replace(b'"roles"', b'"rules"'))
    return response


def lost_header(request, answer, keys):
    response = answer()
    response.headers.pop("ETag", None)
    return response


def lost_query(request, answer, keys):
    return answer(QUERY_STRING="")


def refused(request, answer, keys):
    problem = {"type": "x", "title": "x", "status": 422, "detail": "x", "instance": "x"}
    return Response(json.dumps(problem), 422, content_type="application/problem+json")


def refused_field(request, answer, keys):
    response = refused(request, answer, keys)
    errors = [{"field": name, "message": "x"} for name in request.args]
    response.set_data(json.dumps({**response.get_json(), "errors": errors}))
    return response if errors else answer()


def open_door(request, answer, keys):
    return answer(HTTP_AUTHORIZATION=f"Bearer {keys[ALL_ROUND]}")


def forgotten_condition(request, answer, keys):
    return answer(HTTP_IF_MATCH=request.headers.get("If-Match", '"v1"'))


def any_method(request, answer, keys):
    return answer(REQUEST_METHOD="GET" if request.method == "DELETE" else request.method)


def wrong_allow(request, answer, keys):
    response = answer()
    if request.method == "OPTIONS":
        response.headers["Allow"] = "GET, DELETE"
    return response


def swallowed(request, answer, keys):
    try:
        return answer(REQUEST_METHOD=request.method) if request.args else {}["limit"]
    except KeyError:
        logging.getLogger("app").exception("nobody is told")
        return answer()


FAULTS = [
    (five_hundred, "listSessions", ServerError),
    (other_status, "getMe", UndefinedStatusCode),
    (other_content, "getMe", UndefinedContentType),
    (lost_field, "getMe", JsonSchemaError),
    (lost_header, "getTag", MissingHeaders),
    (lost_query, "listSessions", AcceptedNegativeData),
    (refused, "getMe", RejectedPositiveData),
    (refused_field, "listSessions", RejectedPositiveData),
    (open_door, "getMe", IgnoredAuth),
    (forgotten_condition, "editTag", MissingHeaderNotRejected),
    (any_method, "getTag", UnsupportedMethodResponse),
    (wrong_allow, "getTag", AllowHeaderMismatch),
    (swallowed, "listSessions", TracebackLogged),
]


def planted(fault):
    """Return a wrapper of the WSGI application that has *fault*."""

    def outside(app, keys):
        def wsgi(environ, start):
            def answer(**others):
                return Response.from_app(app, {**environ, **others})

            return fault(Request(environ), answer, keys)(environ, start)

        return wsgi

    return outside


def strict(document):
    """Return *document* with the entity tags it tells of required."""
    document = json.loads(json.dumps(document))
    document["components"]["headers"]["ETag"]["required"] = True
    return document


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("fault", "name", "finding"), FAULTS, ids=lambda v: v.__name__ if callable(v) else v
)
def test_a_planted_fault_is_found(database, app, stories, fault, name, finding):
    outside, document = planted(fault), strict(DOCUMENT)
    bench = bench_for(database, app, stories, PATHS[name], outside=outside, document=document)
    with pytest.raises((FailureGroup, TracebackLogged)) as raised:
        bench.fuzz(name, cases=20)
    found = getattr(raised.value, "exceptions", [raised.value])
    assert any(isinstance(one, finding) for one in found), found


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_fault_at_the_end_of_a_link_is_found(database, app, stories):
    outside = planted(five_hundred_later)
    bench = bench_for(database, app, stories, outside=outside)
    with pytest.raises(FailureGroup) as raised:
        bench.walk(scenarios=20, steps=15)
    found = raised.value.exceptions
    assert any(isinstance(one, ServerError) for one in found), [repr(one)[:300] for one in found]
