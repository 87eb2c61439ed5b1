"""The people of the tests; and every answer is also dumped by marshmallow itself."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Response
from marshmallow.experimental.context import Context

from app.core import clock
from app.core.schemas.selection import selected
from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.http import pipeline
from app.http.answers import APPROVAL
from app.http.responses import plain_json
from app.http.security.rate_limits import Limits
from app.models import Event
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, took, version_of
from tests.support.drafts import people  # noqa: F401
from tests.support.exchanges import admins  # noqa: F401
from tests.support.factories import EDITOR, Caller, find, make_caller
from tests.support.past_days import HERE, walk
from tests.support.situations import park_at
from tests.support.trust import deciders, verified  # noqa: F401
from tests.support.withholding import FINANCE, Planted


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
def readers(client, database, callers):
    """Give everybody who sees something else."""
    return {
        "anyone": Caller(client),
        "another office": make_caller(client, database, *EDITOR, office=FINANCE),
        "a supervisor": callers["supervisor"],
        "its office": callers["industry"],
        "a registrar": callers["registrar"],
    }


@pytest.fixture
def frozen(monkeypatch, today):
    """Let the clock stand still, from a 20th to come, until it is moved; give what moves it.

    So some weeks always go beyond the end of a month.
    """
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(1)
    month = tomorrow if tomorrow.day <= 20 else tomorrow.replace(day=1) + timedelta(32)
    now = {"at": month.replace(day=20)}
    monkeypatch.setattr(clock, "clock", lambda: now["at"])

    def ahead(**more):
        now["at"] += timedelta(**more)
        today["day"] = now["at"].astimezone(HERE).date()
        return today["day"]

    ahead()
    return ahead


@pytest.fixture
def lived(app, database, frozen, today, readers, callers, proposal, lead):
    """Let much happen in some weeks; give who looks, and every day of the register."""
    settings = replace(app.extensions["settings"], key_rate=0)
    app.extensions["limits"] = Limits(lambda: database, settings)
    chance = random.Random(f"past days {database.engine.dialect.name}")
    office, registrar = readers["its office"], readers["a registrar"]
    soon = str(today["day"] + timedelta(11))
    promise = Planted(callers, proposal, lead, park_at(callers)).plant(soon).commitment
    walk(database, frozen, chance, 20)
    kept = {"to": "kept", "evidence": [{"title": "验收", "url": "https://example.org/a"}]}
    took(office.post(f"{promise}/transitions", kept, version_of(office, promise)))
    walk(database, frozen, chance, 20)
    case = f"{V1}/proposals/{find(registrar, 'D001-P01-R01')['proposal']['id']}"
    hidden = {"publication": "internal", "note": "更正"}
    took(registrar.patch(case, hidden, version_of(registrar, case)))
    last = frozen(days=2)
    first = database.read(lambda s: s.scalar(sa.select(sa.func.min(Event.at)))).astimezone(HERE)
    return readers, [first.date() + timedelta(n) for n in range((last - first.date()).days + 1)]


@pytest.fixture
def pass_on(database, today):
    """Let days pass, and the reminders of each fire; return how many clocks and notices."""

    def until(day):
        today["day"] = day
        return database.write(lambda s: tick(Work(s, read_book(s), day)))

    return until
