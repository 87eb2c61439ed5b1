"""What tests of the pages share: readers of pages, signed in or not."""

from pathlib import Path

import pytest

from tests.support.factories import EDITOR, INDUSTRY, make_key
from tests.support.pages import Reader
from tests.support.registry_pages import registrar  # noqa: F401

FOLDER = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Run half of what is about pages on each database: what they call is tried on both."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker("one_database")


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
def people(app, begun, callers):
    """Give a function that lets one of those who handle sign in, by their name."""

    def make(name, lang="zh"):
        return Reader(app.test_client(), lang).sign_in(begun["keys"][name])

    return make
