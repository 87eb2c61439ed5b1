"""What the public pages tell: numbers that their lists hold, nothing hidden, where records went."""

import re
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from app.models import (
    Document,
    Organization,
    Person,
    ProgressReport,
    Proposal,
    Recommendation,
    Sitting,
    Tag,
)
from tests.support.factories import DATA, INDUSTRY, PARK, REGISTRAR, find, make_caller
from tests.support.pages import Reader
from tests.support.public_pages import PAGES, numbers

HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}"


@pytest.fixture
def today(begun):
    """Begin on any day."""
    return begun


@pytest.mark.parametrize("address", PAGES)
def test_the_pages_are_closed_where_reading_is(app, reader, monkeypatch, address):
    settings = replace(app.extensions["settings"], public_reading=False)
    monkeypatch.setitem(app.extensions, "settings", settings)
    reader.get(address)
    if address in ("/search", "/figures"):  # a form and formulas tell of no record
        assert reader.status == 200
    else:
        assert reader.address.startswith("/sign-in")


def test_a_tag_that_was_merged_leads_to_the_one_that_goes_on(database, reader):
    with database.counting() as session:
        into = session.scalar(sa.select(Tag.id).where(Tag.slug == "computing-power-center"))
        old = sa.update(Tag).where(Tag.slug == "computing-power-trading")
        session.execute(old.values(merged_into_id=into, ended_on=date(2026, 1, 5)))
    reader.get("/tags/computing-power-trading")
    assert reader.address == "/tags/computing-power-center"
    assert "“算力交易”已并入本标签" in reader.page.text


def test_a_proposal_that_was_merged_says_where_it_went(database, reader):
    with database.counting() as session:
        into = session.scalar(sa.select(Proposal.id).where(Proposal.reference == "D002-P01"))
        old = sa.update(Proposal).where(Proposal.reference == "D002-P02")
        session.execute(old.values(merged_into_id=into, handling_state="merged"))
    reader.get("/proposals/D002-P02")
    assert "本件已并入" in reader.page.text
    assert "/proposals/D002-P01" in reader.page.links


def test_an_office_that_is_no_more_says_who_took_over(database, reader):
    with database.counting() as session:
        new = session.scalar(sa.select(Organization.id).where(Organization.slug == DATA))
        old = sa.update(Organization).where(Organization.slug == INDUSTRY)
        session.execute(old.values(successor_id=new, ended_on=date(2026, 1, 5)))
    reader.get(f"/offices/{INDUSTRY}")
    assert "由其承接" in reader.page.text
    assert f"/offices/{DATA}" in reader.page.links


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/tags/ai-industrial-park",
        "/tags/ai-industrial-park/numbers",
        "/tags/computing-power-center/dossier",
        "/figures/funnel?by=session",
        "/sessions/zhengzhou-cppcc-15-4-standing",
    ],
)
def test_each_number_is_the_length_of_the_list_it_leads_to(reader, address):
    reader.get(address)
    found = numbers(reader.response.get_data(as_text=True))
    assert len(found) > 8
    assert any(found.values())
    for where, number in list(found.items())[:40]:
        reader.get(where)
        assert reader.status == 200, where
        assert f"共 {number} 条" in reader.page.text, where


def test_each_number_of_a_written_case_is_the_length_of_its_list(app, written, today):
    reader = Reader(app.test_client())
    found = {}
    tag = "/tags/ai-industrial-park"
    for address in (tag, f"{tag}/numbers", "/offices/zhengzhou-industry", "/"):
        reader.get(address)
        found |= {w: n for w, n in numbers(reader.response.get_data(as_text=True)).items() if n}
    assert len(found) > 10
    for where, number in found.items():
        reader.get(where)
        assert f"共 {number} 条" in reader.page.text, where


def test_hostile_names_stay_text(app, database, written, today):
    columns = (
        (Tag, "name_zh", "definition"),
        (Organization, "name_zh"),
        (Person, "name"),
        (Proposal, "title", "note"),
        (Recommendation, "summary_zh", "note"),
        (Sitting, "name_zh", "note"),
        (Document, "title", "note"),
        (ProgressReport, "text"),
    )
    with database.counting() as session:
        for model, *names in columns:
            session.execute(sa.update(model).values(dict.fromkeys(names, HOSTILE)))
    reader = Reader(app.test_client())
    shown = 0
    for address in PAGES:
        reader.get(address)
        html = reader.response.get_data(as_text=True)
        if reader.response.mimetype == "text/html":
            assert "<img src=x" not in html, address
            assert "49" not in re.findall(r">\"'&amp;(\d+)", html), address
            shown += "&lt;img src=x" in html
    assert shown > 20


def test_what_is_internal_appears_nowhere(app, database, reader):
    registrar = make_caller(app.test_client(), database, *REGISTRAR)
    path = f"/api/v1/proposals/{find(registrar)['proposal']['id']}"
    assert registrar.patch(path, {"publication": "internal"}, 1).status_code == 200
    for address in (f"/recommendations/{PARK}", "/proposals/D002-P04"):
        reader.get(address)
        assert reader.status == 404
    for address in (
        "/recommendations?q=链主",
        "/search?q=链主",
        "/documents/D002",
        "/tags/ai-industrial-park",
        "/tags/ai-industrial-park/dossier",
        "/proposals?document=D002",
    ):
        reader.get(address)
        assert reader.status == 200
        assert "D002-P04" not in reader.response.get_data(as_text=True), address


def test_a_proposal_leads_whoever_handles_it_on(people, callers, lead):
    for who, there in (
        ("dispatcher", "/registry/proposals/D002-P04"),
        ("industry", "/desk/find?number=D002-P04"),
    ):
        staff = people(who)
        staff.get("/proposals/D002-P04")
        assert there in staff.page.links, who
        staff.get(there)
        assert staff.status == 200
        assert "D002-P04" in staff.page.text


def test_a_proposal_offers_readers_nothing_of_it(reader, lead):
    reader.get("/proposals/D002-P04")
    assert not [one for one in reader.page.links if one.startswith(("/registry/", "/desk/"))]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "这里没有网页"), ("en", "There is no page here")]
)
def test_no_page_is_told_in_words_for_people(reader, lang, said):
    reader.get(f"/nowhere?lang={lang}")
    assert reader.status == 404
    assert said in reader.page.text
    assert "openapi" not in reader.page.text
