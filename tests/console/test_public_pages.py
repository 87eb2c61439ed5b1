"""The public pages: every one answers, in both languages, and no link of them leads nowhere."""

import gzip
import re
from collections import Counter, deque
from html import unescape

import pytest
import sqlalchemy as sa

from app.console import calls
from app.console.assets import ASSETS
from app.core.codes import Role
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
from tests.support.factories import PARK, REGISTRAR, find, make_caller
from tests.support.pages import Reader

PAGES = (
    "/",
    "/search",
    "/search?q=算力中心",
    "/search?q=算力中心&expand=none&sort=relevance",
    "/recommendations",
    "/recommendations?tag=ai-industrial-park&progress=not_started&overdue=false&q=园区",
    f"/recommendations/{PARK}",
    "/tags",
    "/tags?q=算力",
    "/tags/ai-industrial-park",
    "/tags/ai-industrial-park/dossier",
    "/dossier?q=算力",
    "/proposals",
    "/proposals?session=zhengzhou-cppcc-15-4-standing",
    "/proposals/D002-P04",
    "/documents",
    "/documents/D002",
    "/documents/D002/text",
    "/offices",
    "/offices?q=工业",
    "/offices/zhengzhou-industry",
    "/organizations",
    "/organizations/zhengzhou-industry",
    "/persons",
    "/persons/sun-hong",
    "/sessions",
    "/sessions/zhengzhou-cppcc-15-4-standing",
    "/figures",
    "/figures/funnel",
    "/figures/stages?by=tag&within=session:zhengzhou-cppcc-15-4-standing",
    "/figures/implementation_rate_broad?months=12",
    "/figures/implementation_rate_broad.svg?months=12",
    "/commitments",
    "/replies",
)
OF_STAFF = ("/assignments", "/evaluations", "/figures/reply_days")
WHERE = re.compile(r"=[^&]*")
HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}"


@pytest.fixture
def written(begun):
    """Begin where offices wrote everything about the park."""
    return begun["planted"]


@pytest.fixture
def today(begun):
    """Begin on any day."""
    return begun


@pytest.mark.one_database
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_everyone_reads_a_page_in_their_language(app, address, lang):
    reader = Reader(app.test_client(), lang)
    reader.get(address)
    assert reader.status == 200, reader.page.text
    if reader.response.mimetype == "text/html":
        html = reader.response.get_data(as_text=True)
        assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html
        assert html.count("<h1") == 1
        assert " style=" not in html
        assert "<script>" not in html


@pytest.mark.one_database
@pytest.mark.parametrize("address", OF_STAFF)
def test_what_is_the_staffs_leads_a_stranger_to_signing_in(reader, signed_in, address):
    reader.get(address)
    assert reader.address.startswith("/sign-in")
    supervisor = signed_in(Role.SUPERVISOR)
    supervisor.get(address)
    assert (supervisor.address, supervisor.status) == (address, 200)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address",
    [
        "/tags/none-such",
        "/tags/none-such/dossier",
        "/figures/none_such",
        "/figures/none_such.svg",
        "/recommendations/D002-P01-R999",
        "/recommendations/D002-P04",
        "/documents/D002?part=2",
        "/documents/D002?part=x",
        "/proposals/D002",
        "/offices/none-such",
        "/persons/none-such",
        "/sessions/none-such",
        "/replies/D002-P04-A09-V9",
        "/commitments/D002-P04-R12-C99",
        "/files/99/content",
    ],
)
def test_what_is_not_there_is_said_on_a_page(reader, address):
    reader.get(address)
    assert reader.status == 404
    assert "没有" in reader.page.text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/search?q=%22a", "q"),
        ("/recommendations?progress=nonsense", "progress"),
        ("/recommendations?tag=none-such", "tag"),
        ("/proposals?case_no=" + "9" * 99, "case_no"),
        ("/figures/funnel?within=tag:none-such", "within"),
        ("/recommendations?nonsense=1", "nonsense"),
    ],
)
def test_a_query_that_is_refused_says_why_at_its_field(reader, address, field):
    reader.get(address)
    html = reader.response.get_data(as_text=True)
    assert reader.status == 422
    assert f'href="#field-{field}"' in html
    assert f'id="field-{field}"' in html


def crawl(reader, start="/", most=130, alike=2):
    """Open pages from *start* on, *alike* ones not often; return the status of each address."""
    found, shapes, waiting = {}, Counter(), deque([start])
    while waiting and len(found) < most:
        address = waiting.popleft().partition("#")[0]
        shape = WHERE.sub("=", re.sub(r"/[^/?]+(?=$|\?)", "/…", address))
        if address in found or shapes[shape] >= alike or not address.startswith("/"):
            continue
        shapes[shape] += 1
        reader.get(address)
        found[address] = reader.status
        if reader.response.mimetype == "text/html" and not address.startswith(("/docs", "/prob")):
            waiting.extend(reader.page.links)
            pictures = re.findall(r'<img src="([^"]+)"', reader.response.get_data(as_text=True))
            waiting.extend(map(unescape, pictures))
    return {address: status for address, status in found.items() if status != 200}, found


@pytest.mark.one_database
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_link_leads_nowhere(app, lang):
    broken, opened = crawl(Reader(app.test_client(), lang))
    assert not broken
    assert len(opened) > 100


def test_no_link_leads_nowhere_where_offices_wrote_everything(app, written, today):
    broken, opened = crawl(Reader(app.test_client()), f"/recommendations/{PARK}", 60, 2)
    assert not broken
    kinds = {address.split("/")[1].partition("?")[0] for address in opened}
    assert {"recommendations", "replies", "commitments", "proposals", "files"} <= kinds


@pytest.mark.one_database
def test_the_front_page_is_light(reader):
    reader.get("/")
    parts = [reader.response.get_data(), *(path.read_bytes() for path in ASSETS.values())]
    assert sum(len(gzip.compress(part)) for part in parts) < 60_000


@pytest.mark.one_database
def test_the_front_page_asks_for_a_fixed_few_operations(reader, monkeypatch):
    asked, own = [], calls.call

    def counted(operation, path, sending):
        asked.append(operation)
        return own(operation, path, sending)

    monkeypatch.setattr(calls, "call", counted)
    reader.get("/")
    assert len(asked) == 10


@pytest.mark.one_database
def test_the_front_page_stands_where_the_subjects_followed_first_are_not(reader, monkeypatch):
    monkeypatch.setattr("app.console.public.front.FIRST_TAGS", ("none-such",))
    reader.get("/")
    assert reader.status == 200
    assert "重点关注" not in reader.page.text


def numbers(html):
    """Return the addresses of all numbers of a page, and how many each says there are."""
    cards = re.findall(r'class="number" href="([^"]+)"><strong>(\d+)</strong>', html)
    cells = re.findall(r'<td class="figure"><a href="([^"]+)">(\d+)</a>', html)
    return {address.replace("&amp;", "&"): int(number) for address, number in [*cards, *cells]}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/tags/ai-industrial-park",
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
    for address in ("/tags/ai-industrial-park", "/offices/zhengzhou-industry", "/"):
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
