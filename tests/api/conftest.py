"""Every answer of every test is also dumped by marshmallow itself, and must be the same."""

import json

import pytest
from flask import Response
from marshmallow.experimental.context import Context

from app.api import blueprints
from app.api.answers import plain_json


@pytest.fixture(autouse=True)
def both_dumps(monkeypatch):
    """Compare the compiled dump with the schema's own on every answer."""
    fast = blueprints.finish

    def finish(call, dump, result, status):
        response = fast(call, dump, result, status)
        if isinstance(result, blueprints.Asked):
            dump, result = blueprints.APPROVAL, result.approval
        if not isinstance(result, Response):
            answer = result if isinstance(result, blueprints.Answer) else blueprints.Answer(result)
            known = call.vocabulary() if dump.needs_vocabulary else None
            with Context(answer.vocabulary or known):
                slow = dump.schema.dump(answer.content)
            assert json.loads(response.data) == json.loads(plain_json(slow))
        return response

    monkeypatch.setattr(blueprints, "finish", finish)
