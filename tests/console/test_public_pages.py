"""The public pages: every one answers, in both languages, and no link of them leads nowhere."""

import gzip
import re
from collections import Counter, deque
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from app.console import calls
from app.console.assets import ASSETS
from app.core.codes import Role
from tests.support.factories import PARK
from tests.support.pages import Reader
from tests.support.public_pages import PAGES

OF_STAFF = ("/assignments", "/evaluations", "/figures/reply_days")
WHERE = re.compile(r"=[^&]*")


@pytest.fixture
def today(begun):
    """Begin on any day."""
    return begun


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


@pytest.mark.parametrize("address", OF_STAFF)
def test_what_is_the_staffs_leads_a_stranger_to_signing_in(reader, signed_in, address):
    reader.get(address)
    assert reader.address.startswith("/sign-in")
    supervisor = signed_in(Role.SUPERVISOR)
    supervisor.get(address)
    assert (supervisor.address, supervisor.status) == (address, 200)


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


def test_a_form_keeps_what_the_address_asks_beside_it(reader):
    reader.get(
        "/recommendations?counted_in=funnel.asked&specificity=concrete&tag=ai-industrial-park"
    )
    reader.submit("/recommendations", q="大模型")
    asked = parse_qs(urlsplit(reader.response.request.url).query)
    assert asked["counted_in"] == ["funnel.asked"]
    assert asked["tag"] == ["ai-industrial-park"]
    assert "从提出到核验 · 提出" in reader.page.text
    assert "去掉" in reader.page.text


def test_the_rest_of_a_list_is_one_link_further(reader):
    first = reader.get("/recommendations?limit=5&tag=ai-industrial-park").links
    [further] = [link for link in first if "cursor=" in link]
    reader.get(further)
    assert "共 14 条" in reader.page.text
    rows = {link for link in reader.page.links if link.startswith("/recommendations/D")}
    assert len(rows) == 5
    assert not rows & set(first)


def test_the_front_page_is_light(reader):
    reader.get("/")
    parts = [reader.response.get_data(), *(path.read_bytes() for path in ASSETS.values())]
    assert sum(len(gzip.compress(part)) for part in parts) < 60_000


def test_the_front_page_asks_for_a_fixed_few_operations(reader, monkeypatch):
    asked, own = [], calls.call

    def counted(operation, path, sending):
        asked.append(operation)
        return own(operation, path, sending)

    monkeypatch.setattr(calls, "call", counted)
    reader.get("/")
    assert len(asked) == 10


def test_the_front_page_stands_where_the_subjects_followed_first_are_not(reader, monkeypatch):
    monkeypatch.setattr("app.console.public.front.FIRST_TAGS", ("none-such",))
    reader.get("/")
    assert reader.status == 200
    assert "重点关注" not in reader.page.text
