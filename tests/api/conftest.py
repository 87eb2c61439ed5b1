"""The people of the tests; and every answer is also dumped by marshmallow itself."""

import json

import pytest
from flask import Response
from marshmallow.experimental.context import Context

from app.core.schemas.selection import selected
from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.http import pipeline
from app.http.answers import APPROVAL
from app.http.responses import plain_json
from app.register.people.queries.reference_data import read_book
from tests.support.casework import TODAY
from tests.support.drafts import people  # noqa: F401
from tests.support.exchanges import admins  # noqa: F401
from tests.support.situations import callers_with, park_of, received
from tests.support.trust import deciders, verified  # noqa: F401


@pytest.fixture(autouse=True)
def both_dumps(monkeypatch):
    """Compare the compiled dump with the schema's own on every answer."""
    fast = pipeline.finish

    def finish(call, dump, result, status):
        response = fast(call, dump, result, status)
        if isinstance(result, pipeline.Asked):
            dump, result = APPROVAL, result.approval
        if not isinstance(result, Response) and response.mimetype != "text/html":
            answer = result if isinstance(result, pipeline.Answer) else pipeline.Answer(result)
            known = answer.vocabulary
            if known is None and dump.needs_vocabulary:
                writes = "head" in call.session.info
                known = call.cache.fresh(call.session) if writes else call.vocabulary()
            with Context(known):
                slow = dump.schema.dump(answer.content)
            if answer.fields:
                slow = selected(slow, answer.fields)
            assert json.loads(response.data) == json.loads(plain_json(slow))
        return response

    monkeypatch.setattr(pipeline, "finish", finish)


@pytest.fixture
def today(monkeypatch):
    """Let it be the 2nd of March 2026, a Monday, until a test says otherwise."""
    clock = {"day": TODAY}
    monkeypatch.setattr(pipeline.Call, "today", lambda call: clock["day"])
    return clock


@pytest.fixture
def callers(client, begun):
    """Give a caller of each kind that has a part in handling."""
    return callers_with(client, begun["keys"])


@pytest.fixture
def proposal(callers):
    """Give the path of the proposal of the AI industrial park."""
    return park_of(callers["data"])


@pytest.fixture
def lead(callers, proposal, begun):
    """Give the assignment by which the office of industry leads it, and which it received."""
    return begun.get("lead") or received(callers, proposal)


@pytest.fixture
def pass_on(database, today):
    """Let days pass, and the reminders of each fire; return how many clocks and notices."""

    def until(day):
        today["day"] = day
        return database.write(lambda s: tick(Work(s, read_book(s), day)))

    return until
