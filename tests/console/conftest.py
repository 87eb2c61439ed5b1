"""What tests of the pages share: readers of pages, signed in or not."""

import pytest

from app.http import pipeline
from tests.support.casework import TODAY
from tests.support.factories import EDITOR, INDUSTRY, make_key
from tests.support.pages import Reader
from tests.support.registry_pages import registrar  # noqa: F401
from tests.support.situations import callers_with, park_of, received


@pytest.fixture
def reader(app):
    """Give somebody who has not signed in."""
    return Reader(app.test_client())


@pytest.fixture
def signed_in(app, database):
    """Give a function that lets somebody with *roles* sign in, in a browser of their own."""

    def make(*roles, office=None, lang="zh"):
        return Reader(app.test_client(), lang).sign_in(make_key(database, *roles, office=office))

    return make


@pytest.fixture
def clerk(signed_in):
    """Give an editor of the industry bureau, signed in."""
    return signed_in(*EDITOR, office=INDUSTRY)


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
def proposal(callers):
    """Give the path of the proposal of the AI industrial park."""
    return park_of(callers["data"])


@pytest.fixture
def lead(callers, proposal, begun):
    """Give the assignment by which the office of industry leads it, and which it received."""
    return begun.get("lead") or received(callers, proposal)


@pytest.fixture
def people(app, begun, callers):
    """Give a function that lets one of those who handle sign in, by their name."""

    def make(name, lang="zh"):
        return Reader(app.test_client(), lang).sign_in(begun["keys"][name])

    return make
