"""What was ever asked about something, by whom, and what came of it: in one request."""

import re
from datetime import date, datetime
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from app.core.codes import Progress
from app.core.rules.sizes import PAGE_BYTES
from app.figures.dossier import queries
from app.models import Passage, Proposal, Proposer
from tests.database.counting import counted
from tests.support.casework import V1, joined, rows, took, version_of
from tests.support.crowd import LONG, copy
from tests.support.factories import (
    INDUSTRY,
    PARK,
    Caller,
    recommendation,
)
from tests.support.past_days import HERE
from tests.support.withholding import FINANCE

PARKS = f"{V1}/tags/ai-industrial-park/dossier"
ASKING = "/dossier?q=产业园&narrower=false&specificity=concrete&specificity=directional"
WAYS = {
    "a tag": PARKS,
    "a tag and more": f"{V1}/tags/artificial-intelligence/dossier?office={INDUSTRY}",
    "words": f"{V1}{ASKING}",
    "an office": f"{V1}/dossier?office={INDUSTRY}&office={FINANCE}&part=lead",
    "two tags": f"{V1}/dossier?tag=ai-industrial-park&tag=metaverse&tag_match=all",
}


@pytest.fixture
def planted(planted, today):
    """Give the case in which offices wrote everything, a month after its promise was due."""
    today["day"] = date(2027, 2, 1)
    return planted


def told(shown):
    """Return what a page tells of each recommendation."""
    return [one for item in shown["items"] for one in item["recommendations"]]


def numbered(shown):
    """Yield every number of a dossier, with the address beside it."""
    figures = shown["figures"]
    for entry in (*figures["counts"], *figures["stages"], *figures["sessions"]):
        yield entry["number"], entry["list"]


def number_of(shown, code):
    [entry] = [one for one in shown["figures"]["counts"] if one["code"] == code]
    return entry["number"]


def park_in(shown):
    [one] = [one for one in told(shown) if one["recommendation"]["reference"] == PARK]
    return one


def check(caller, address):
    """Check that each number is the length of its list, and that the pages tell of all; return."""
    shown = took(caller.get(joined(address, "limit=200")))
    for number, listed in numbered(shown):
        assert len(rows(caller, listed)) == number, listed
    references = [row["reference"] for row in rows(caller, shown["list"])]
    pages = [one["recommendation"]["reference"] for one in told({"items": rows(caller, address)})]
    assert sorted(pages) == sorted(references)
    assert number_of(shown, "asked") == len(references)
    assert sum(stage["number"] for stage in shown["figures"]["stages"]) == len(references)
    assert number_of(shown, "late") == sum(one["is_late"] for one in told(shown))
    having = [one for one in told(shown) if any(own["promises"] for own in one["offices"])]
    assert number_of(shown, "promised") == len(having)
    assert number_of(shown, "proposals") == len({item["proposal"]["id"] for item in shown["items"]})
    people = {(p["kind"], p["slug"]) for item in shown["items"] for p in item["proposers"]}
    assert number_of(shown, "persons") + number_of(shown, "organizations") == len(people)
    return shown


@pytest.mark.parametrize("way", WAYS)
def test_each_number_is_that_of_its_list_for_everybody(planted, readers, way):
    for caller in readers.values():
        check(caller, WAYS[way])


def test_it_tells_who_asked_what_and_what_came_of_it(planted, readers):
    anyone = readers["anyone"]
    shown = check(anyone, PARKS)
    one = park_in(shown)
    known = took(anyone.get(planted.park))
    assert one["recommendation"]["passages"] == known["passages"]
    same = known.keys() & one["recommendation"].keys() - {"version", "updated_at"}
    assert {n: one["recommendation"][n] for n in same} == {n: known[n] for n in same}
    offices = {own["office"]["slug"]: own for own in one["offices"]}
    for part in known["offices"]:
        if part["answer"]:
            assert offices[part["office"]["slug"]]["answer"] == part["answer"]
            assert offices[part["office"]["slug"]]["promises"] == part["promises"]
    assert offices[INDUSTRY]["promises"][0]["promised_on"] == "2026-12-31"
    assert one["is_late"]
    assert one["recommendation"]["next_due_on"] < "2027-02-01"
    [item] = [item for item in shown["items"] if one in item["recommendations"]]
    assert item["proposers"] == known["proposers"]
    assert item["session"] == known["session"]
    assert item["document"] == known["document"]
    assert item["proposal"].items() >= known["proposal"].items()


def test_what_moved_says_when_and_by_whom(planted, readers, callers):
    one = park_in(took(readers["anyone"].get(PARKS + "?limit=200")))
    moves = [event for event in rows(readers["anyone"], f"{planted.park}/history?sort=sequence")
             if "progress" in event["changes"]]  # fmt: skip
    assert one["recommendation"]["progress"] == moves[-1]["changes"]["progress"][1]
    assert one["moved_by"] == moves[-1]["office_name"]
    moved_at = datetime.fromisoformat(moves[-1]["at"]).astimezone(HERE)
    assert one["moved_on"] == str(moved_at.date())
    others = [
        other
        for other in told(took(readers["anyone"].get(PARKS + "?limit=200")))
        if other["recommendation"]["progress"] == Progress.NOT_STARTED
    ]
    assert others
    assert {other["moved_on"] for other in others} == {None}


@pytest.mark.parametrize("what", ["reply", "report"])
def test_what_is_withheld_is_not_hinted_at(planted, readers, what):
    before = check(readers["anyone"], PARKS)
    assert planted.words["reply"][1] in str(before)
    took(planted.withhold(what))
    for name in ("anyone", "another office"):
        answer = readers[name].get(PARKS + "?limit=200")
        check(readers[name], PARKS)
        assert [word for word in planted.words[what] if word in answer.text] == []
        assert "withheld" not in answer.text
    for name in ("its office", "a registrar"):
        assert number_of(check(readers[name], PARKS), "promised") == 1
    public = took(readers["anyone"].get(PARKS))
    assert number_of(public, "promised") == (0 if what == "reply" else 1)


def test_what_is_not_public_is_told_to_those_who_see_it(planted, readers):
    registrar = readers["a registrar"]
    hidden = {"publication": "restricted", "note": "涉密"}
    took(registrar.patch(planted.proposal, hidden, version_of(registrar, planted.proposal)))
    numbers = {
        name: [number_of(check(caller, WAYS[way]), "asked") for way in ("a tag", "words")]
        for name, caller in readers.items()
    }
    for name in ("anyone", "another office", "its office", "a supervisor"):
        assert all(own < all_ for own, all_ in
                   zip(numbers[name], numbers["a registrar"], strict=True)), name  # fmt: skip
    assert PARK not in readers["its office"].get(PARKS + "?limit=200").text


def test_what_is_inside_the_handling_is_in_no_dossier(planted, readers):
    for caller in readers.values():
        text = caller.get(PARKS + "?limit=200").text
        for kind in ("contact", "evaluation", "remark", "milestone"):
            assert [word for word in planted.words[kind] if word in text] == []


def test_sessions_stand_from_the_newest_on_and_pages_keep_what_belongs_together(client):
    address = f"{V1}/dossier?tag=artificial-intelligence&tag=computing-power"
    whole = took(client.get(f"{address}&limit=200"))
    order = [(item["session"] or {}).get("slug") for item in whole["items"]]
    assert order == sorted(order, key=order.index)  # each session stands in one place
    listed = [entry["session"]["slug"] for entry in whole["figures"]["sessions"]]
    assert [slug for slug in dict.fromkeys(order) if slug] == listed
    days = {s["slug"]: s["starts_on"] or "" for s in took(client.get(f"{V1}/sessions"))["items"]}
    assert [days[slug] for slug in listed] == sorted((days[s] for s in listed), reverse=True)
    for limit in (9, 50):
        pages = rows_by(client, address, limit)
        assert [one for page in pages for one in told(page)] == told(whole)
        assert all(len(told(page)) <= limit for page in pages)
        assert all(page["figures"] == whole["figures"] for page in pages)


def rows_by(client, address, limit):
    pages, cursor = [], ""
    while cursor is not None:
        pages.append(took(client.get(f"{address}&limit={limit}{cursor and f'&cursor={cursor}'}")))
        cursor = pages[-1]["next"]
    return pages


def test_a_page_costs_the_same_whatever_its_length(client, database):
    client.get(f"{V1}/tags")  # the process learns the vocabulary once
    costs = set()
    for limit in (3, 30, 200):
        with counted(database) as statements:
            address = f"{V1}/tags/artificial-intelligence/dossier?limit={limit}"
            shown = took(client.get(address))
        costs.add(len(statements))
    assert len(told(shown)) > 30
    assert costs == {17}, statements


def test_a_page_that_is_long_is_cut_between_recommendations(client, database):
    def lengthen(session):
        own = recommendation(session, PARK).id
        copy(session, Passage, 300, where=Passage.recommendation_id == own,
             position=lambda n: 100 + n, text=lambda n: LONG)  # fmt: skip

    database.write(lengthen)
    answer = client.get(PARKS + "?limit=200")
    assert len(answer.get_data()) < 4 * PAGE_BYTES
    first = took(answer)
    everything = told({"items": rows(Caller(client), PARKS)})
    assert first["next"] is not None
    assert first["next"] in answer.headers["Link"]
    assert len(told(first)) < len(everything) == number_of(first, "asked")
    assert len({one["recommendation"]["reference"] for one in everything}) == len(everything)


def test_it_changes_with_what_it_tells(planted, client):
    public = Caller(client)
    known = {"If-None-Match": public.get(PARKS).headers["ETag"]}
    assert public.get(PARKS, **known).status_code == 304
    took(planted.withhold("reply"))
    assert public.get(PARKS, **known).status_code == 200


def test_of_what_is_too_many_no_dossier_is_made(client, monkeypatch):
    assert len(told(took(client.get(f"{V1}/dossier?limit=200")))) == 200
    monkeypatch.setattr(queries, "MOST_COUNTED", 13)
    for address in (PARKS, f"{V1}/dossier"):
        answer = client.get(address)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.get_json()["errors"]] == ["q"]
        assert "13" in answer.text
    monkeypatch.setattr(queries, "MOST_COUNTED", 14)
    assert client.get(PARKS).status_code == 200


def test_a_merged_tag_tells_what_the_other_does(readers):
    registrar, other = readers["a registrar"], "industrial-clusters"
    path = f"{V1}/tags/ai-industrial-park"
    body = {"reason": "重复", "into": other}
    took(registrar.post(f"{path}/end", body, version_of(registrar, path)))
    assert took(registrar.get(PARKS)) == took(registrar.get(f"{V1}/tags/{other}/dossier"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?q=,,", "q"),
        ("?tag=no-such-tag", "tag"),
        ("?q=x&cursor=abc", "cursor"),
        ("?q=x&progress=verified", "progress"),
        ("?q=x&limit=201", "limit"),
        ("?q=x&session=never", "session"),
    ],
)
def test_what_cannot_be_told_is_said_by_name(client, query, field):
    answer = client.get(f"{V1}/dossier{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_the_cursor_of_another_dossier_is_refused(client):
    cursor = took(client.get(PARKS + "?limit=1"))["next"]
    assert client.get(f"{PARKS}?limit=2&cursor={cursor}").status_code == 200
    for other in (f"{PARKS}?q=园区&cursor={cursor}", f"{V1}/dossier?q=园区&cursor={cursor}"):
        assert client.get(other).status_code == 422
    assert client.get(f"{V1}/tags/no-such-tag/dossier").status_code == 404


# -- lists of what recommendations are asked in, and by ------------------------------------------


@pytest.mark.parametrize("listed", ["proposals", "persons", "organizations"])
@pytest.mark.parametrize(
    ("asking", "field"),
    [
        ("tag=no-such-tag", "asking.tag"),
        ("progress=done", "asking.progress"),
        ("stauts=x", "asking.stauts"),
        ("nothing", "asking"),
        ("q=%ff", "asking"),
        ("asking=q%3Dx", "asking"),
    ],
)
def test_a_query_inside_another_is_refused_by_its_own_fields(client, listed, asking, field):
    answer = client.get(f"{V1}/{listed}?asking={quote(asking)}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_both_queries_keep_what_each_asks_for(client):
    inside = quote("q=算力&due_before=2020-01-01")
    assert rows(Caller(client), f"{V1}/proposals?asking={inside}") == []
    inside = quote("q=算力&reported=false")
    found = rows(Caller(client), f"{V1}/proposals?asking={inside}&q=产业&overdue=false")
    every = rows(Caller(client), f"{V1}/proposals?q=产业&overdue=false")
    asked = rows(Caller(client), f"{V1}/recommendations?q=算力")
    cases = {row["proposal"]["id"] for row in asked}
    assert [row["id"] for row in found] == [row["id"] for row in every if row["id"] in cases]
    assert 0 < len(found) < len(every)


def test_what_is_promised_is_found_by_whoever_sees_the_promise(planted, readers):
    one = f"{V1}/recommendations?reference={PARK}"
    for caller in readers.values():
        promises = rows(caller, f"{V1}/commitments?tag=ai-industrial-park")
        found = {promise["recommendation"]["reference"] for promise in promises}
        assert {row["reference"] for row in rows(caller, f"{one}&promised=true")} == found
        assert len(rows(caller, f"{one}&promised=false")) == 1 - len(found)


# -- the page to print ---------------------------------------------------------------------------

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Read(HTMLParser):
    """A page as a browser reads it: its elements with their attributes, links, and text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.links, self.rows, self.texts = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag == "a":
            self.links.append((dict(attributes)["href"], ""))

    def handle_data(self, data):
        self.texts.append(data)
        if self.links and not self.links[-1][1]:
            self.links[-1] = (self.links[-1][0], data)


def printed(caller, address, language="zh-CN"):
    answer = caller.get(address, Accept=BROWSER, **{"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/html"
    return answer


@pytest.mark.parametrize("way", WAYS)
def test_the_page_says_what_the_json_does_and_each_number_leads_to_its_list(planted, readers, way):
    for caller in readers.values():
        shown = took(caller.get(WAYS[way]))
        page = Read(printed(caller, WAYS[way]).text)
        numbers = [(int(text), address) for address, text in page.links if text.isdecimal()]
        for number, address in numbers:
            assert len(rows(caller, address)) == number, address
        assert {*numbered(shown)} <= {*numbers}
        text = "".join(page.texts)
        for item in shown["items"]:
            assert item["proposal"]["title"] in text
            for one in item["recommendations"]:
                said = one["recommendation"]
                assert (f"{V1}/recommendations/{said['id']}", said["reference"]) in page.links
                assert all(passage["text"] in text for passage in said["passages"])
                for office in one["offices"]:
                    assert office["answer"] is None or office["answer"]["text"] in text
                    assert all(promise["text"] in text for promise in office["promises"])


def test_every_link_of_the_page_leads_somewhere(planted, readers):
    caller = readers["anyone"]
    for address in {href for href, _ in Read(printed(caller, PARKS).text).links}:
        assert caller.get(address).status_code == 200, address


def test_the_page_is_in_the_language_of_the_reader(client):
    caller = Caller(client)
    for language, lang, word in (("zh-CN", "zh-CN", "总数"), ("en", "en", "Figures")):
        answer = printed(caller, f"{PARKS}?limit=3", language)
        assert answer.headers["Content-Language"] == language[:2]
        assert ("html", {"lang": lang}) in Read(answer.text).elements
        assert word in answer.text
        shown = "本页 3 条，共 14 条。" if language != "en" else "3 on this page, of 14."
        assert shown in answer.text
    [following] = [a["href"] for tag, a in Read(answer.text).elements if a.get("rel") == "next"]
    assert following.startswith(PARKS)
    assert "3 on this page" in printed(caller, following, "en").text


def test_what_is_asked_for_decides_json_or_page(client):
    for accept, kind in (
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "text/html"),
        (BROWSER, "text/html"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("application/xml", "application/problem+json"),
    ):
        answer = client.get(PARKS, headers={"Accept": accept} if accept else {})
        assert answer.mimetype == kind, accept
        assert answer.status_code == (406 if "problem" in kind else 200)
    assert "text/html" in answer.get_json()["detail"]
    answer = client.get(f"{V1}/tags", headers={"Accept": "text/html"})
    assert answer.status_code == 406


def test_both_forms_have_their_own_tag(client):
    forms = [client.get(PARKS, headers={"Accept": a}) for a in ("application/json", "text/html")]
    tags = [form.headers["ETag"] for form in forms]
    assert tags[0] != tags[1]
    for form, accept, tag in zip(forms, ("application/json", "text/html"), tags, strict=True):
        assert "Accept" in [part.strip() for part in form.headers["Vary"].split(",")]
        known = {"Accept": accept, "If-None-Match": tag}
        assert client.get(PARKS, headers=known).status_code == 304
    other = {"Accept": "text/html", "If-None-Match": tags[0]}
    assert client.get(PARKS, headers=other).status_code == 200


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{% raw %}&amp;\u202e"


def test_hostile_words_are_text(planted, readers, database):
    def rename(session):
        own = recommendation(session, PARK)
        own.summary_zh = HOSTILE
        session.get_one(Proposal, own.proposal_id).title = HOSTILE
        for proposer in session.query(Proposer).filter_by(proposal_id=own.proposal_id):
            proposer.as_printed = HOSTILE

    database.write(rename)
    for address in (
        PARKS,
        f"{V1}/dossier?office={INDUSTRY}&limit=200",
        f"{V1}/dossier?q=产业&proposal=D002-P04",
    ):
        answer = printed(readers["anyone"], address)
        page = Read(answer.text)
        assert HOSTILE in page.texts
        tags = {tag for tag, _ in page.elements}
        assert not tags & {"script", "img", "iframe", "object", "form", "base", "style"}
        for _, attributes in page.elements:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            for name in ("href", "src"):
                assert attributes.get(name, "/").startswith("/")
        policy = answer.headers["Content-Security-Policy"]
        assert policy == (
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    asked = printed(readers["anyone"], V1 + "/dossier?q=" + quote('"<b>x</b>"'))
    assert "<b>" not in asked.text


def test_its_style_is_served_and_its_pictures_are_whole(planted, client):
    page = printed(Caller(client), PARKS).text
    [style] = [a["href"] for tag, a in Read(page).elements if tag == "link"]
    with client.get(style) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert "@media print" in answer.text
    drawn = re.findall(r"<svg.*?</svg>", page, re.S)
    assert len(drawn) == 2
    for one in drawn:
        assert ElementTree.fromstring(one).attrib["role"] == "img"
    assert page.index("</svg>") < page.index("推进或更进一步</td>")
