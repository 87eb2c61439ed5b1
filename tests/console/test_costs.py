"""What a page costs does not follow from how much there is."""

import gzip

import pytest

from app.console.assets import ASSETS
from tests.database.counting import counted
from tests.support.casework import V1, dispatch, step, took

PAGES = ("/", "/tags/ai-industrial-park", "/desk", "/recommendations/D002-P01-R08")
LARGEST = 60_000
"""How many bytes the first page may have with all that it loads, packed as it is sent."""


@pytest.fixture
def industry(people, laden):
    """Give a clerk of the office of industry, which has several things to do."""
    return people("industry")


def statements_of(reader, database, address):
    """Return how many statements the page at *address* sends."""
    reader.get(address)  # the process learns the vocabulary, and that the session is alive
    with counted(database) as statements:
        reader.get(address)
    assert reader.status == 200
    return len(statements)


def test_a_page_sends_as_many_statements_when_there_is_more(callers, industry, database):
    before = {address: statements_of(industry, database, address) for address in PAGES}
    rows = took(callers["industry"].get(f"{V1}/recommendations?office=zhengzhou-industry&limit=60"))
    given = {row["proposal"]["id"] for row in rows["items"] if row["lead_status"] == "suggested"}
    for number in sorted(given)[:4]:
        made = dispatch(callers, f"{V1}/proposals/{number}")
        took(step(callers["industry"], made, "received"))
    assert {address: statements_of(industry, database, address) for address in PAGES} == before


def test_the_first_page_is_small_with_all_that_it_loads(reader):
    page = gzip.compress(reader.client.get("/", headers=reader.headers()).data)
    loaded = sum(len(gzip.compress(path.read_bytes())) for path in ASSETS.values())
    assert len(page) + loaded < LARGEST
