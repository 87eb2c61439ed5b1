"""What one asks and another approves."""

import pytest

from app.core.codes import Role
from tests.support.factories import (
    EDITOR,
    INDUSTRY,
    REGISTRAR,
    SUPERVISOR,
    everything,
    find,
    make_caller,
)

V1 = "/api/v1"


EVIDENCE = [{"title": "报告", "url": "https://example.org/1"}]


@pytest.fixture
def deciders(client, database):
    """Give deciders of several roles by name."""
    roles = {
        "editor": (EDITOR, INDUSTRY), "supervisor": (SUPERVISOR, "zhengzhou-government"),
        "other_supervisor": (SUPERVISOR, "zhengzhou-government"), "registrar": (REGISTRAR, None),
        "other_registrar": (REGISTRAR, None), "security": ((Role.SECURITY_ADMIN,), None),
        "other_security": ((Role.SECURITY_ADMIN,), None), "auditor": ((Role.AUDITOR,), None),
    }  # fmt: skip
    return {
        name: make_caller(client, database, *role, office=office)
        for name, (role, office) in roles.items()
    }


@pytest.fixture
def verified(deciders):
    """Give the path of a recommendation that was carried out and verified."""
    one = f"{V1}/recommendations/{find(deciders['editor'])['id']}"
    deciders["editor"].post(f"{one}/offices", {"office": INDUSTRY}, 1)
    steps = f"{one}/transitions"
    deciders["editor"].post(steps, {"axis": "progress", "to": "in_progress"}, 2)
    claim = {"axis": "progress", "to": "implemented", "evidence": EVIDENCE}
    deciders["editor"].post(steps, claim, 3)
    deciders["supervisor"].post(steps, {"axis": "progress", "to": "verified"}, 4)
    return one


def whole(database):
    assert database.read(everything) == []


def decide(caller, approval, decision="approve", **more):
    return caller.post(f"{V1}/approvals/{approval['id']}/decision", {"decision": decision, **more})
