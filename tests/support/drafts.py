"""Drafts as registrars enter them."""

import pytest

from tests.support.casework import V1, took, version_of
from tests.support.factories import INDUSTRY

TEXT = (
    "关于加快算力中心建设的提案\r\n\n近年来，人工智能快速发展。为此建议：\n"
    "一、加快建设郑州算力中心，统筹布局智算资源。\n二、设立人才基金，统筹布局人才培养。\n"
)


FIRST = {
    "summary_zh": "加快建设郑州算力中心",
    "quotes": [{"text": "加快建设郑州算力中心，统筹布局智算资源"}],
    "tags": ["computing-power-center"],
    "suggested_office": INDUSTRY,
}


SECOND = {
    "summary_zh": "设立人才基金",
    "quotes": [{"text": "设立人才基金"}, {"text": "统筹布局", "nth": 2}],
}


@pytest.fixture
def people(callers, client):
    """Give the slugs of three persons, one of whom has proposed nothing yet."""
    known = [
        row["slug"]
        for row in client.get(f"{V1}/persons?body=zhengzhou-npc&limit=2").get_json()["items"]
    ]
    new = {"slug": "new-deputy", "name": "新代表", "capacity": "npc_deputy",
           "body": "zhengzhou-npc"}  # fmt: skip
    assert callers["registrar"].post(f"{V1}/persons", new).status_code == 201
    return [*known, "new-deputy"]


def content(people, **more):
    """Return the body of a draft."""
    roles = ("lead", "cosigner", "seconder")
    return {
        "kind": "npc_suggestion",
        "title": "关于加快算力中心建设的提案",
        "text": TEXT,
        "session": SESSION,
        "proposers": [{"proposer": s, "role": r} for s, r in zip(people, roles, strict=False)],
        "recommendations": [FIRST, SECOND],
        **more,
    }


SESSION = "zhengzhou-lianghui-industry"


def enter(callers, body):
    """Enter a draft and return it."""
    return took(callers["registrar"].post(f"{V1}/proposals", body))


def one(draft):
    return f"{V1}/proposals/{draft['id']}"


def move(callers, draft, target, **more):
    caller = callers["registrar"]
    body = {"to": target, **more}
    return caller.post(f"{one(draft)}/transitions", body, version_of(caller, one(draft)))


def filed(callers, draft, **more):
    for target in ("submitted", "under_review"):
        took(move(callers, draft, target))
    took(move(callers, draft, "filed", **more))
