"""Asks a running register, from outside, whether it answers as its own contract says.

    python -m tools.conformance https://register.example

Only readings are sent, so that nothing is changed and any register can be asked; a key in KEY lets
it read as its holder. Requests are made up from the contract that the register itself serves, and
then its links are followed from answer to answer. Every answer must have a status, a type, headers
and a body that the contract documents, and none may be a failure of the service.
"""

import argparse
import json
import os
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tools.rooted import rooted

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CASES, SCENARIOS, STEPS = 20, 10, 8
"""Made-up requests of each operation, walks along the links, and how long one is."""

LONGEST_WAIT = 60
"""Seconds that a limit is waited for."""


def main() -> int:
    """Ask the register at the address that is given; return 0 where it keeps to its contract."""
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
    parser.add_argument("url", help="where the register is: https://register.example")
    parser.add_argument("--cases", type=int, default=CASES, help="made-up requests of each reading")
    given = parser.parse_args()
    url = given.url.rstrip("/")
    with urllib.request.urlopen(f"{url}/openapi.json", timeout=30) as answer:
        document = json.load(answer)
    print(f"{url} says that it follows version {document['info']['version']}")
    asked = Counter()
    found = list(findings(schema_of(document, url), asked, given.cases))
    for number, text in enumerate(found, 1):
        print(f"\n{number}. {text}")
    print(f"\n{asked.total()} answers ({told(asked)}), {len(found)} of them not as documented")
    return 1 if found else 0


def told(asked: Counter) -> str:
    """Return how many answers had which status."""
    return ", ".join(f"{status}: {number}" for status, number in sorted(asked.items()))


def schema_of(document: dict[str, Any], url: str | None = None, app: Any = None) -> Any:
    """Return the readings of *document*, to be sent to *url*, or to the WSGI application *app*."""
    config = {"analysis": {"constants": {"enabled": False}}}
    own = SchemathesisConfig.from_dict({**config, **({"base-url": url} if url else {})})
    schema = schemathesis.openapi.from_dict(readings(document), config=own)
    schema.app = app
    return schema


def readings(document: dict[str, Any]) -> dict[str, Any]:
    """Return *document* with its readings alone, each path written from the root of the host."""
    whole, paths = rooted(document), {}
    for path, item in whole["paths"].items():
        kept = {name: part for name, part in item.items() if name in ("get", "parameters")}
        if "get" in kept:
            paths[path] = kept
    names = {item["get"]["operationId"] for item in paths.values()}
    return json.loads(
        json.dumps({**whole, "paths": paths}),
        object_hook=lambda node: without_links(node, names),
    )


def without_links(node: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return *node* without links that lead to an operation that is none of *names*."""
    links = node.get("links")
    if isinstance(links, dict):
        node["links"] = {n: one for n, one in links.items() if one.get("operationId") in names}
    return node


def findings(schema: Any, asked: Counter, cases: int = CASES) -> Iterator[str]:
    """Yield what is found wrong, an operation at a time and then along the links.

    *asked* counts the answers by their status.
    """
    for result in schema.get_all_operations():
        operation = result.ok()
        yield from failures(made_up(operation, asked, cases))
    walker = walker_of(schema, asked)
    yield from failures(lambda: walker.run(settings=settings(SCENARIOS, stateful_step_count=STEPS)))


def settings(examples: int, **others: Any) -> hypothesis.settings:
    """Return how requests are made up: the same ones each time."""
    return hypothesis.settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **others,
    )


def failures(run: Any) -> Iterator[str]:
    """Yield what *run* raises about answers that are not as documented."""
    try:
        run()
    except FailureGroup as group:
        yield from (str(failure) for failure in group.exceptions)


def made_up(operation: Any, asked: Counter, cases: int) -> Any:
    """Return what sends so many made-up requests to *operation*."""

    @settings(cases)
    @hypothesis.given(case=operation.as_strategy())
    def run(case: Any) -> None:
        judge(case, send(case), asked)

    return run


def send(case: Any) -> Any:
    """Send *case* with the key, if there is one; where a limit refuses it, once more after it."""
    case.headers.pop("Authorization", None)  # one that is made up would shut this network out
    case.headers["Accept-Encoding"] = "identity"
    if key := os.environ.get("KEY"):
        case.headers["Authorization"] = f"Bearer {key}"
    response = case.call()
    if response.status_code == 429:
        time.sleep(min(int(response.headers["retry-after"][0]), LONGEST_WAIT))
        response = case.call()
    return response


def judge(case: Any, response: Any, asked: Counter) -> None:
    """Count the *response* to *case*; raise FailureGroup where it is not as documented."""
    asked[response.status_code] += 1
    case.validate_response(response, checks=CHECKS)


def walker_of(schema: Any, asked: Counter) -> Any:
    """Return the state machine that follows the links of *schema*."""

    class Walker(schema.as_state_machine()):  # type: ignore[misc]
        def call(self, case: Any, **others: Any) -> Any:
            return send(case)

        def validate_response(self, response: Any, case: Any, **others: Any) -> None:
            judge(case, response, asked)

    return Walker


if __name__ == "__main__":
    sys.exit(main())
