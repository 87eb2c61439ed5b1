"""Requests made from the document, positive and negative, and what each answer must keep to.

Each case runs in a savepoint that is rolled back, so that no case depends on the one before and
any can be repeated. FUZZ_CASES asks for so many random cases of each operation, from FUZZ_SEED;
without it the same ones are sent each time: 15, and 30 in CI.
"""

import json
import logging
import os
import random
import re
import unicodedata
from collections import Counter
from contextlib import contextmanager
from typing import Any, NamedTuple

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.coverage import GenerationSession
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.meta import CoverageScenario, coverage_scenario
from schemathesis.generation.overrides import Override

from app.core.codes import Acceptance, Progress, WithheldKind
from app.core.config import Settings
from app.core.schemas.fields import HIDDEN
from app.http.security.rate_limits import Limits
from app.http.uploads import BINARY
from app.register.people.queries.reference_data import ReferenceDataCache
from tests.support.answering import in_days
from tests.support.factories import (
    PARK,
    Caller,
    Undone,
    differences,
)
from tests.support.fuzzed import ALL_ROUND, EVIDENCE, EXTENDED_TO, V1, items, roles_at
from tests.support.papers import GOOD, PDF
from tests.thoroughness import in_part
from tools.contract import committed

RANDOM = "FUZZ_CASES" in os.environ
ENOUGH = 30
"""So many cases meet at least one answer that is no refusal, of every operation."""

EACH = 60
"""So many of the cases that an operation's bounds suggest are all sent; of more, one in three."""

CASES = int(os.environ.get("FUZZ_CASES", ENOUGH if os.environ.get("CI") else 15))
SEED = int(os.environ.get("FUZZ_SEED", random.randrange(2**32)))
"""Counts only with FUZZ_CASES; `make fuzz` prints it."""

DOCUMENT = committed()
PATHS = {
    operation["operationId"]: path
    for path, methods in DOCUMENT["paths"].items()
    for operation in methods.values()
    if isinstance(operation, dict)
}
"""operationId → its path."""

CONFIG = {
    "analysis": {"constants": {"enabled": False}},  # the cases come from the document alone
    "phases": {"coverage": {"generate-duplicate-query-parameters": True}},
}
UNFIT = [HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large]
"""What Hypothesis warns of: cases that are not negative are made anew, and some are long."""

IF_MATCH = re.compile(r'(?:W/)?"v(\d+)(?:\.[0-9a-f]+)?"')
LACKING = {CoverageScenario.MISSING_PARAMETER, CoverageScenario.UNSPECIFIED_HTTP_METHOD}
"""What is refused only where the record is there."""

PAGING = {"cursor", "limit", "with_total"}

# ---- what is there ----

LISTS = {
    "tag": ("tags", "slug"),
    "broader": ("tags", "slug"),
    "caught_by": ("tags", "slug"),
    "add": ("tags", "slug"),
    "remove": ("tags", "slug"),
    "office": ("organizations?is_office=true", "slug"),
    "parent": ("organizations", "slug"),
    "body": ("organizations", "slug"),
    "session": ("sessions", "slug"),
    "proposer": ("persons", "slug"),
    "document": ("documents", "id"),
    "proposal": ("proposals", "id"),
    "reference": ("recommendations", "reference"),
    "superseded_by": ("recommendations", "reference"),
    "recommendation": ("recommendations", "reference"),
    "into": ("proposals", "reference"),
    "merged_into": ("proposals", "id"),
    "supervisor": ("organizations", "slug"),
    "given_by": ("organizations", "slug"),
    "suggested_office": ("organizations?is_office=true", "slug"),
}
"""Parameter or field that names a record → the list it stands in, and the field it is named by."""

FIXED = {
    "category": ["economy", "urban", "none"],
    "categories": ["economy", "urban"],
    "slug": ["fuzzed-tag"],
    "filename": list(GOOD),
    "internal": [True],
    "words": ["人工智能产业园"],
    "within": ["month:2026-03", "kind:npc_bill", "tag:none"],
    "cosign_until": [str(in_days(30))],
    "answer_by": [str(in_days(30))],
    "done_by": [str(in_days(30))],
    "replaces": ["D002-P04"],
    "to": [*map(str, Progress), *map(str, Acceptance)],
    "url": ["https://example.org/evidence"],
    "networks": ["198.51.100.0/24"],
    "due_on": [str(in_days(200))],
    "first": [str(in_days(1))],
    "last": [str(in_days(8))],
    "review_on": ["2199-01-01"],
    "due_before": ["2030-01-01"],
    "due_after": ["1990-01-01"],
    "profile": ["shandong-npc-2017"],
    "extended_to": [EXTENDED_TO],
    "on": [str(in_days(0))],
    "updated_since": ["2024-01-01T00:00:00Z"],
    "since": ["2024-01-01T00:00:00Z"],
    "until": ["2199-01-01T00:00:00Z"],
}
"""Parameter or field → values that will do, of all those that fit its schema."""

GROUNDS = {
    "reason": "条件不具备",
    "evidence": EVIDENCE,
    "review_on": "2199-01-01",
    "superseded_by": PARK,
    "reason_code": "empty",
    "into": "D002-P04",
    "promised_on": "2199-01-01",
    "document_no": "12号",
    "signed_by": "局长",
}
"""What a step may need of the body → what will do."""


class Place(NamedTuple):
    """A record that is there: the parameters of its path, its version, the steps it can take."""

    parameters: dict[str, Any]
    version: int | None = None
    steps: tuple[dict[str, Any], ...] = ()


def place_at(caller, path, parameters):
    """Return the record that *parameters* name in *path* as it is now; None where it is absent."""
    ends = [i + 1 for i, sign in enumerate(path) if sign == "}"]
    holders = [path[:end] for end in reversed(ends)]
    own = next((p for p in holders if "get" in DOCUMENT["paths"].get(p, {})), None)
    if own is None:
        return Place(parameters)
    answer = caller.get(own.format(**parameters))
    if answer.status_code == 404:
        return None
    tag = IF_MATCH.match(answer.headers.get("ETag", ""))
    steps = steps_in(answer.get_json()) if path.endswith("/transitions") else ()
    return Place(parameters, int(tag[1]) if tag else None, steps)


def steps_in(shown):
    """Return the steps that a recommendation can take, with what each needs."""
    return tuple(
        {name: step[name] for name in ("axis", "to") if step.get(name)}
        | {need: GROUNDS[need] for need in step["needs"] if need in GROUNDS}
        for step in shown["allowed_steps"]
    )


def places(caller, path, listed, ready=None, most=12):
    """Return those of the rows *listed* that an operation at *path* can be about, as records.

    The most changed ones come first. *ready* are the numbers of those that wait for just this,
    where not every one does.
    """
    names = re.findall(r"{(\w+)}", path)
    rows = [row for row in listed if ready is None or row["id"] in ready]
    rows = sorted(rows, key=lambda row: -row.get("version", 0))[:most]
    named = [
        {name: row.get(name) or row[NAMED_BY.get(name, "id")] for name in names} for row in rows
    ]
    known = [place_at(caller, path, parameters) for parameters in named]
    found = [place for place in known if place is not None]
    return [place for place in found if place.steps] or found


NAMED_BY = {"slug": "slug", "person": "slug"}


LONG = {f"{V1}/figures": ""}
"""Collection → how all of it is asked for, where it is no list of pages."""


def rows_at(caller, path):
    """Return the list to which a record at *path* belongs."""
    collection, _, one = path.partition("/{")
    if not one:
        return []
    if collection == f"{V1}/offices":
        return items(caller, f"{V1}/organizations?is_office=true&limit=200")
    if collection in (f"{V1}/assignments", f"{V1}/files"):
        return of_proposals(caller, collection.rpartition("/")[2])
    if collection == f"{V1}/commitments":
        return [{**row, "number": 1} for row in items(caller, f"{collection}?limit=200")]
    if path.endswith("/restoration"):
        return items(caller, f"{collection}?ended=true&limit=200")
    if collection == f"{V1}/references":
        return items(caller, f"{V1}/recommendations?limit=200")
    if collection != f"{V1}/keys":
        return items(caller, collection + LONG.get(collection, "?limit=200"))
    holders = items(caller, f"{V1}/principals?limit=200")
    keys = [key for one in holders for key in items(caller, f"{V1}/principals/{one['id']}/keys")]
    return [{**key, "secret_id": key["secrets"][0]["id"]} for key in keys if key["secrets"]]


def of_proposals(caller, name):
    """Return everything called *name* that hangs on a proposal."""
    listed = list(items(caller, f"{V1}/proposals?limit=200"))
    return [row for one in listed for row in items(caller, f"{V1}/proposals/{one['id']}/{name}")]


class Real:
    """What is there: *words* by the parameter or field that takes them, *places* of a path."""

    seeded: dict[str, dict[str, list[Any]]] = {}  # by kind of database; the same in each test
    listed: dict[tuple[Any, ...], list[Any]] = {}  # by kind and what rows_at() looks at; so too

    def __init__(self, kind, callers, path, known, ready):
        words = self.seeded.get(kind) or self.seeded.setdefault(kind, read_words(callers))
        asker = callers[roles_at(path)]
        words = words | {"record": named_in(asker, path)}
        self.words = words | {"cursor": cursors(asker, path)} | known
        if path.endswith("/cosignatures"):
            self.words["proposer"] = known["signer"]
        if path.endswith("/editions"):
            self.words |= {"text": ["为此建议设立基金。"], "passages": [[]]}
        if path == f"{V1}/proposals/{{proposal_id}}/recommendations":
            self.words |= {"text": ["设立基金"], "nth": [1], "replaces": known["asked"]}
        if path == f"{V1}/withholdings":
            self.words["kind"] = [WithheldKind.REPORT]
        if path.startswith(f"{V1}/figures"):
            self.words |= {"as_of": FIXED["on"], "months": [0]}
        if path.endswith("/merge"):
            self.words["into"] = words["proposer"]
        if path.endswith("/end"):
            self.words["into"] = words["tag"]
        self.places = places(
            asker,
            path,
            self.rows(kind, asker, path),
            next((ready[end] for end in ready if path.endswith(end)), None),
        )

    def rows(self, kind, asker, path):
        """Return the list to which a record at *path* belongs, as it is before each test."""
        ended = path.endswith("/restoration")
        looked_at = kind, roles_at(path), *path.partition("/{")[:2], ended
        if looked_at not in self.listed:
            self.listed[looked_at] = list(rows_at(asker, path))
        return self.listed[looked_at]

    def version_at(self, parameters):
        """Return the version of the record that path *parameters* name; None if not known."""
        named = {name: str(value) for name, value in parameters.items()}
        for place in self.places:
            if {name: str(value) for name, value in place.parameters.items()} == named:
                return place.version
        return None


def named_in(caller, path):
    """Return the references of what the rows of a batch at *path* can be about; else nothing."""
    if not path.endswith("/batch") or path.startswith(f"{V1}/principals"):
        return []
    collection = path.removeprefix(f"{V1}/").partition("/")[0]
    if collection == "assignments":
        return [row["reference"] for row in of_proposals(caller, collection)]
    return [row["reference"] for row in items(caller, f"{V1}/{collection}?limit=200")]


def targets(caller):
    """Return every recommendation as bulk tagging names it."""
    listed = items(caller, f"{V1}/recommendations?limit=200")
    return [{"id": one["id"], "version": one["version"]} for one in listed]


def cursors(caller, path):
    """Return the cursor of the second page of the list at *path*, in a list of one or none."""
    page = caller.get(f"{path}?limit=1").get_json(silent=True) if "{" not in path else None
    return [page["next"]] if page and page.get("next") else []


def read_words(callers):
    """Return the words of the seeds."""
    named = {
        name: [item[field] for item in items(callers[roles_at(f"{V1}/{place}")], f"{V1}/{place}")]
        for name, (place, field) in LISTS.items()
    }
    return FIXED | named | {"recommendations": targets(callers[ALL_ROUND])}


# ---- the cases ----


def coverage(operation, real):
    """Yield a case for each bound and each kind of mistake that the schema suggests."""
    generator = CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation_for(
            operation=operation, phase="coverage"
        ),
        auth_storage=None,
        override=Override(),
        feedback=NO_FEEDBACK,
        session=GenerationSession(),
    )
    chance = random.Random(0)
    for case in generator:
        yield furnish(case, real, chance, often=1 if coverage_scenario(case) in LACKING else 0.5)


def furnish(case, real, chance, often=0.5):
    """Put into *case*, that *often* each: a real record, its version, and real values.

    What makes a negative case negative stays.
    """
    free = {place for place in ParameterLocation if not case.meta.is_negative_at(place)}
    place = Place({})
    if real.places and ParameterLocation.PATH in free and chance.random() < often:
        place = chance.choice(real.places)
        case.path_parameters = dict(place.parameters)
    conditional = ParameterLocation.HEADER in free and "If-Match" in case.headers
    if place.version and conditional and chance.random() < often:
        case.headers["If-Match"] = f'"v{place.version}"'
    if chance.random() < often:
        if case.query and ParameterLocation.QUERY in free:
            case.query = on_a_page(furnished(case.query, real.words, chance), chance)
        if case.media_type == BINARY and ParameterLocation.BODY in free:
            case.body = GOOD.get(str((case.query or {}).get("filename")), PDF)
        if isinstance(case.body, dict) and ParameterLocation.BODY in free:
            body = chance.choice(place.steps) if place.steps else case.body
            case.body = furnished(body, {} if place.steps else real.words, chance)
    return case


def furnished(value, words, chance, name=None):
    """Return *value* with words in the fields that have some, and all other texts tidied."""
    if name == "recommendations" and name in words and are_named(value):
        return chance.sample(words[name], 2)
    if isinstance(value, dict):
        return {n: furnished(inner, words, chance, n) for n, inner in value.items()}
    if isinstance(value, list):
        return [furnished(inner, words, chance, name) for inner in value[:5]]
    if words.get(name) and value is not None:
        return chance.choice(words[name])
    return tidied(value) if isinstance(value, str) else value


def are_named(value):
    """Return whether *value* is a list of records, each by its number."""
    return isinstance(value, list) and all(isinstance(v, dict) and "id" in v for v in value)


def tidied(text):
    """Return *text* as a field takes it: nothing invisible, not blank."""
    kept = "".join(sign for sign in text if unicodedata.category(sign) not in HIDDEN)
    return kept if kept.strip() else "文字"


def on_a_page(query, chance):
    """Return *query*, half of the time without what does not go with its cursor."""
    if "cursor" not in query or chance.random() < 0.5:
        return query
    return {name: value for name, value in query.items() if name in PAGING}


# ---- the bench ----


class Watch(logging.Handler):
    """Keeps every error and every traceback that is logged."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def emit(self, record):
        if record.levelno >= logging.ERROR or record.exc_info:
            self.seen.append(self.format(record))

    def taken(self):
        """Return what was seen since the last time."""
        seen, self.seen = "\n".join(self.seen), []
        return seen


class TracebackLogged(AssertionError):
    """Something went wrong behind an answer that looks well."""


def settings(cases, **others):
    """Return how Hypothesis makes *cases*: the same ones each time, unless FUZZ_CASES is set."""
    return hypothesis.settings(
        max_examples=cases,
        derandomize=not RANDOM,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if RANDOM else [Phase.generate],
        suppress_health_check=UNFIT,
        **others,
    )


def seeded(test):
    """Return *test*, with the seed that was asked for where cases are random."""
    return hypothesis.seed(SEED)(test) if RANDOM else test


def unpacked(app):
    """Return *app* for a caller that says it takes gzip and does not read it."""

    def run(environ, start):
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return app(environ, start)

    return run


def load(app, keys, document):
    """Return the schema of *document* for *app*; each case is sent with the key that fits it."""
    schema = schemathesis.openapi.from_dict(
        json.loads(json.dumps(document)), config=SchemathesisConfig.from_dict(CONFIG)
    )
    schema.app = unpacked(app)

    @schema.auth(refresh_interval=None)
    class Keys:
        def get(self, case, context):
            return keys[roles_at(case.operation.path)]

        def set(self, case, key, context):
            case.headers["Authorization"] = f"Bearer {key}"

    return schema


class Bench:
    """The application on one database, its schema, what is there, and what was answered."""

    def __init__(self, database, app, stories, path=V1, *, document=DOCUMENT, outside=None):
        """Get ready for operations at *path*, or all, after *stories*, see fuzzed().

        *outside* wraps the WSGI application.
        """
        self.database, self.app = database, app
        app.extensions["limits"] = Limits(
            lambda: database, Settings(key_rate=0, failed_sign_ins=10**9)
        )
        keys = stories["keys"]
        self.callers = {roles: Caller(app.test_client(), key) for roles, key in keys.items()}
        kind = database.engine.dialect.name
        self.real = Real(kind, self.callers, path, stories["words"], stories["ready"])
        self.schema = load(outside(app, keys) if outside else app, keys, document)
        self.known = {}
        self.answers = Counter()
        self.findings = []
        self.watch = Watch()

    def fuzz(self, name, cases=CASES):
        """Send the operation *name* what its schema's bounds suggest, and so many random cases."""
        operation = self.schema.find_operation_by_id(name)
        with self.watching():
            for number, case in enumerate(coverage(operation, self.real)):
                if RANDOM or number < EACH or in_part(name, str(number), of=3):
                    self.run(case)
            self.random_cases(operation, cases)()

    def random_cases(self, operation, cases):
        """Return a test of *operation* with random cases."""
        modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

        @seeded
        @settings(cases)
        @hypothesis.given(case=st.one_of(modes), chance=st.randoms(use_true_random=True))
        def test(case, chance):
            self.run(furnish(case, self.real, chance, often=chance.choice((0.5, 1))))

        return test

    def run(self, case):
        """Send *case*, check its answer, and undo what it did; raise what is wrong."""
        with Undone(self.database.bind):
            response = case.call()
            self.count(case, response)
            self.check(case, response, case.validate_response)

    def count(self, case, response):
        """Count an answer to the operation's own method."""
        if case.method.lower() == case.operation.method.lower():
            self.answers[response.status_code] += 1

    def check(self, case, response, validate):
        """Raise what *validate* finds wrong with the *response*, or was logged meanwhile."""
        try:
            validate(response)
            logged = self.watch.taken()
            if logged:
                raise TracebackLogged(f"{case.as_curl_command()}\n{logged}")
        except (FailureGroup, TracebackLogged) as finding:
            finding.add_note(f"FUZZ_SEED={SEED}\n{self.watch.taken()}")
            self.findings.append(finding)
            raise

    @contextmanager
    def watching(self):
        """Watch what is logged meanwhile."""
        logging.getLogger().addHandler(self.watch)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(self.watch)

    def walk(self, scenarios, steps):
        """Follow the document's links through so many *scenarios* of so many *steps* each."""
        with self.watching():
            try:
                seeded(walker(self)).run(settings=settings(scenarios, stateful_step_count=steps))
            except Flaky as error:  # a sequence of PostgreSQL goes on, so a finding may not recur
                raise (self.findings or [error])[0] from error

    def here(self, case):
        """Return the record that *case* is about, as it is now, in a list of one or none."""
        if "{" not in case.path or case.meta.is_negative_at(ParameterLocation.PATH):
            return []
        place = place_at(self.callers[roles_at(case.path)], case.path, case.path_parameters)
        return [place] if place else []

    def elsewhere(self, case):
        """Return records that are there, for a *case* about one that is not."""
        if case.path not in self.known:
            caller = self.callers[roles_at(case.path)]
            self.known[case.path] = places(caller, case.path, rows_at(caller, case.path))
        return self.known[case.path]


def walker(bench):
    """Return a state machine on *bench*; what a scenario did is verified at its end, and undone."""

    class Walker(bench.schema.as_state_machine()):
        def setup(self):
            self.savepoint = Undone(bench.database.bind)
            self.chance = random.Random(0)
            self.wrote = False
            bench.app.extensions["vocabulary"] = ReferenceDataCache()

        def before_call(self, case):
            if isinstance(case.body, dict) and "recommendations" in case.body:
                bench.real.words["recommendations"] = targets(bench.callers[ALL_ROUND])
            bench.real.places = bench.here(case) or bench.elsewhere(case)
            furnish(case, bench.real, self.chance, often=0.8)
            if "If-Match" in case.headers:
                bench.real.places = bench.here(case)

        def validate_response(self, response, case, **others):
            bench.count(case, response)
            self.wrote |= response.status_code < 300 and case.method != "GET"
            validate = super().validate_response
            bench.check(case, response, lambda answer: validate(answer, case, **others))

        def teardown(self):
            try:
                assert not self.wrote or bench.database.read(differences) == []
            finally:
                self.savepoint.end()

    return Walker
