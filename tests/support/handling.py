"""Fixtures of tests in which a case is handled: the day, who has a part in it, the case itself."""

import pytest

from app.http import pipeline
from tests.support.casework import TODAY
from tests.support.situations import callers_with, park_at, received
from tests.support.withholding import Planted


@pytest.fixture
def today(monkeypatch):
    """Let it be the 2nd of March 2026, a Monday, until a test says otherwise."""
    day = {"day": TODAY}
    monkeypatch.setattr(pipeline.Call, "today", lambda call: day["day"])
    return day


@pytest.fixture
def callers(client, begun):
    """Give a caller of each kind that has a part in handling."""
    return callers_with(client, begun["keys"])


@pytest.fixture
def proposal(callers, begun):
    """Give the path of the proposal of the AI industrial park."""
    return begun["proposal"]


@pytest.fixture
def lead(callers, proposal, begun):
    """Give the assignment by which the office of industry leads it, and which it received."""
    return begun.get("lead") or received(callers, proposal)


@pytest.fixture
def laden(begun, today):
    """Give an assignment of the office of industry, which has several things to do."""
    return begun["desk"]


@pytest.fixture
def written(begun):
    """Give what is known of the case in which offices wrote everything about the park."""
    return begun["planted"]


@pytest.fixture
def planted(callers, proposal, lead, today, written):
    """Give a case in which offices wrote everything, each kind with a word of its own."""
    return Planted(callers, proposal, lead, park_at(callers)).going_on(written)
