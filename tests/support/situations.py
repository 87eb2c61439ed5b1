"""What many tests begin with: prepared once for each database of a worker, and undone by no test.

A test begins in the first of these situations whose fixtures it has.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from unittest import mock

from app.core.codes import Role
from app.http import pipeline
from tests.support.casework import TODAY, V1, dispatch, step, took
from tests.support.factories import DATA, EDITOR, INDUSTRY, REGISTRAR, Caller, find, make_key
from tests.support.fuzzed import fuzzed
from tests.support.withholding import Planted

HANDLING = {
    "dispatcher": ((Role.DISPATCHER,), None),
    "industry": (EDITOR, INDUSTRY),
    "head": ((Role.OFFICE_HEAD,), INDUSTRY),
    "data": (EDITOR, DATA),
    "data_head": ((Role.OFFICE_HEAD,), DATA),
    "supervisor": ((Role.SUPERVISOR,), "zhengzhou-government"),
    "government": ((Role.OFFICE_HEAD,), "zhengzhou-government"),
    "registrar": (REGISTRAR, None),
    "auditor": ((Role.AUDITOR,), None),
}
"""Who has a part in handling: name → roles, office."""


class Situation(NamedTuple):
    """A test that has the *fixtures* begins in it; *prepare* makes it and returns what it holds."""

    fixtures: set[str]
    prepare: Callable[..., dict[str, Any]]


def staffed(client, database):
    """Make a key for each of those who handle; return them, and the path of the park's proposal."""
    keys = {
        name: make_key(database, *roles, office=office)
        for name, (roles, office) in HANDLING.items()
    }
    return {"keys": keys, "proposal": park_of(Caller(client, keys["data"]))}


def callers_with(client, keys):
    """Return a caller for each of *keys*, by the same name."""
    return {name: Caller(client, key) for name, key in keys.items()}


def led(client, database):
    """Let the office of industry receive the proposal of the park, on the day of the tests."""
    content = staffed(client, database)
    callers = callers_with(client, content["keys"])
    with mock.patch.object(pipeline.Call, "today", return_value=TODAY):
        return content | {"lead": received(callers, content["proposal"])}


def planted(client, database):
    """Let offices have written everything about the park, each kind with a word of its own."""
    content = led(client, database)
    callers = callers_with(client, content["keys"])
    with mock.patch.object(pipeline.Call, "today", return_value=TODAY):
        made = Planted(callers, content["proposal"], content["lead"], park_at(callers)).plant()
    return content | {"planted": made.kept()}


def laden(client, database):
    """Give the office of industry several things to do, of different days."""
    content = staffed(client, database)
    callers = callers_with(client, content["keys"])
    with mock.patch.object(pipeline.Call, "today", return_value=TODAY):
        made = dispatch(callers, content["proposal"], on="2026-02-10")
        took(step(callers["industry"], made, "received", on="2026-02-11"))
        items = took(callers["industry"].get(f"{V1}/recommendations?limit=6"))["items"]
        for number, row in enumerate(items):
            body = {"office": INDUSTRY, "role": "lead", "note": "纸质承办函"}
            if number:
                body["due_on"] = (TODAY + timedelta(days=10 * number - 15)).isoformat()
            one = f"{V1}/recommendations/{row['id']}/offices"
            took(callers["dispatcher"].post(one, body, row["version"]))
    return content | {"desk": made}


def park_at(callers):
    """Return the path of a recommendation of the park."""
    return f"{V1}/recommendations/{find(callers['data'])['id']}"


def park_of(caller):
    """Return the path of the proposal of the AI industrial park."""
    return f"{V1}/proposals/{find(caller)['proposal']['id']}"


def received(callers, proposal):
    """Return the assignment by which the office of industry leads *proposal*: it received it."""
    return took(step(callers["industry"], dispatch(callers, proposal), "received"))


def made_up(client, database):
    """Bring records so far that each operation has something to do; see tests/support/fuzzed.py."""
    return {"stories": fuzzed(client, database, client.application.extensions["store"])}


SITUATIONS = {
    "fuzzed": Situation({"stories"}, made_up),
    "laden": Situation({"laden", "today"}, laden),
    "planted": Situation({"written", "today"}, planted),
    "led": Situation({"lead", "today"}, led),
    "staffed": Situation({"callers"}, staffed),
}
