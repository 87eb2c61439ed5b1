"""One search finds whatever holds the words and may be seen, and shows where they stand."""

import random
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.core.codes import Role
from app.history.queries.written_words import find_words
from app.history.services import erase_texts
from app.models import Document, SearchedText
from app.register.searching.models import SOURCES
from app.register.searching.queries import facets
from app.register.searching.queries.hits import KINDS, Search, hit_orders, hits
from app.register.searching.queries.index_drift import index_of_words_drift
from app.register.searching.rules.excerpts import score
from app.register.searching.rules.search_folding import lines_folded, search_folded
from app.register.searching.rules.search_words import read_words
from app.register.searching.services import fill_index
from tests.database.counting import counted
from tests.database.plans import plan_of
from tests.support.casework import V1, took, version_of, whole
from tests.support.factories import PARK, Caller, find, make_actor
from tests.support.problems import told
from tests.support.replies import SENT, draft, move, points

SEARCH = f"{V1}/search"


@pytest.fixture
def anonymous(client):
    return Caller(client)


def page(caller, words, **more):
    query = {"q": words, "limit": 200, "with_total": "true", **more}
    answer = caller.client.get(SEARCH, query_string=query, headers=caller.headers)
    found = took(answer)
    assert found["total"] == len(found["items"]) or found["next"]
    if found["facets"] is not None:
        chosen = {}
        for facet in found["facets"]:
            chosen.setdefault(facet["filter"], []).append(facet)
        found["facets"] = chosen
    return found


def named(items):
    return {(item["kind"], item["id"]) for item in items}


def found(caller, words, **more):
    return named(page(caller, words, **more)["items"])


LETTER = "饕餮来信，关于算力的答复"
POINT, PROMISE = "逐条答复：饕餮三條", "饕餮承诺算力中心年底开工"
REPORTS = ("饕餮进展：算力  中心已开工", "饕餮误写之报告")


@pytest.fixture
def viewers(callers, anonymous):
    """Give five who see differently."""
    chosen = ("industry", "data", "registrar", "auditor")
    return {"anonymous": anonymous} | {name: callers[name] for name in chosen}


@pytest.fixture
def drafted(callers, proposal, lead, today):
    """Let an office draft a reply and report twice, of which one is withheld."""
    industry, own = callers["industry"], {"text": PROMISE, "on": "2099-12-31"}
    made = points(callers["auditor"], proposal, text=POINT, promise=own)
    took(draft(industry, lead, {"text": LETTER, "points": made}))
    reports = f"{V1}/recommendations/{find(industry)['id']}/reports"
    last = [took(industry.post(reports, {"text": text, "evidence": []})) for text in REPORTS][-1]
    hidden = {"kind": "report", "target_id": last["id"], "reason": "误写"}
    took(industry.post(f"{V1}/withholdings", hidden))


@pytest.fixture
def published(callers, lead, drafted):
    """Let the reply be sent and published."""
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    took(move(callers["head"], lead, 1, "published"))


def items(caller, path):
    """Return all items of a list."""
    rows, cursor = [], ""
    while cursor is not None:
        part = took(caller.get(f"{V1}/{path}{'&' if '?' in path else '?'}limit=200{cursor}"))
        rows += part["items"]
        cursor = f"&cursor={part['next']}" if part["next"] else None
    return rows


def texts_shown(caller):
    """Return kind and folded text of what *caller* may read, as lists and records show it."""
    known = set()
    for report in items(caller, f"recommendations/{find(caller)['id']}/reports"):
        known.add(("report", report["text"]))
    for row in items(caller, "replies"):
        one = f"{V1}/assignments/{row['assignment_id']}/replies/{row['number']}"
        reply = took(caller.get(one))
        known.add(("reply", reply["text"]))
        for point in reply["points"]:
            known.add(("reply_point", f"{point['text']}|{point['promise']}"))
    return known


def shown_with(caller, word):
    """Return the texts with *word* that *caller* may read, and those that a search finds."""
    read = {(kind, text) for kind, text in texts_shown(caller) if word in text}
    hit = {
        (item["kind"], stored(caller, item))
        for item in page(caller, word)["items"]
        if item["kind"] in ("report", "reply", "reply_point")
    }
    return read, hit


def stored(caller, item):
    """Return the stored text of a hit, read from where it says that it is."""
    shown = took(caller.get(item["href"]))
    if item["kind"] == "report":
        return next(r["text"] for r in shown["items"] if r["id"] == item["id"])
    if item["kind"] == "reply":
        return shown["text"]
    [point] = [p for p in shown["points"] if p["recommendation"]["summary_zh"] == item["title"]]
    return f"{point['text']}|{point['promise']}"


def test_each_viewer_finds_what_they_may_read_and_nothing_else(viewers, drafted):
    """Before a reply is published it is found by those who handle it and by the staff."""
    numbers = {}
    for name, viewer in viewers.items():
        read, hit = shown_with(viewer, "饕餮")
        assert read == hit, name
        numbers[name] = len(hit)
    assert numbers == {"anonymous": 1, "data": 1, "industry": 4, "registrar": 4, "auditor": 4}


def test_what_was_published_is_found_by_all_and_what_is_withheld_by_none(viewers, published):
    for name, viewer in viewers.items():
        read, hit = shown_with(viewer, "饕餮")
        assert read == hit, name
        assert ("reply", LETTER) in hit
        misread = found(viewer, "误写之报告")
        assert bool(misread) == (name not in ("anonymous", "data")), name


def test_nothing_hints_at_what_is_hidden(viewers, published, proposal):
    before = page(viewers["anonymous"], "饕餮", facets="true")
    assert before["total"] == 3
    version = version_of(viewers["registrar"], proposal)
    sent = viewers["registrar"].patch(proposal, {"publication": "restricted"}, version)
    assert sent.status_code in (200, 202)
    for sort in ("-written_at", "relevance"):
        for name in ("anonymous", "industry", "data"):
            after = page(viewers[name], "饕餮", facets="true", sort=sort)
            assert (after["total"], after["items"], after["next"]) == (0, [], None), name
            assert after["facets"] == {}
            assert after["considered"] == (0 if sort == "relevance" else None)
        assert page(viewers["registrar"], "饕餮", sort=sort)["total"] == 4
    for word in ("人工智能产业园", PARK):
        assert PARK not in [i["reference"] for i in page(viewers["anonymous"], word)["items"]]


def test_a_hidden_document_is_neither_found_nor_counted(anonymous, database):
    before = page(anonymous, "人工智能", facets="true")
    [count] = [f["number"] for f in before["facets"]["document"] if f["name"] == "D002"]
    assert count > 1

    def hide(session):
        own = sa.update(Document).where(Document.reference == "D002")
        session.execute(own.values(publication="restricted"))

    database.write(hide)
    after = page(anonymous, "人工智能", facets="true")
    assert "D002" not in [item["reference"] for item in after["items"]]
    assert "D002" not in [facet["name"] for facet in after["facets"]["document"]]
    assert after["total"] == before["total"] - 1


# -- what is found, and where the words stand in it ------------------------------------------------


def searched(session, words, *kinds, actor=None):
    """Return the numbers of the records of *kinds* that someone who sees everything finds."""
    actor = actor or make_actor(session, Role.REGISTRAR)
    search = Search(read_words(words), {"kind": kinds}, frequent=False)
    columns = (SearchedText.kind, SearchedText.record_id)
    return {tuple(row) for row in session.execute(hits(actor, search, columns))}


def folded_texts(session, kind):
    source = SOURCES[kind]
    columns = [getattr(source.model, name) for name in source.columns]
    fold = lines_folded if source.columns == ("search_text",) else search_folded
    return {
        row[0]: "\n".join(fold(text or "") for text in row[1:])
        for row in session.execute(sa.select(source.model.id, *columns))
    }


@pytest.mark.parametrize("name", KINDS)
def test_a_phrase_finds_what_a_scan_of_the_texts_finds(published, database, name):
    def look(session):
        texts = folded_texts(session, name)
        dice, tried = random.Random(f"17 {name}"), 0
        for _ in range(60):
            line = dice.choice([one for text in texts.values() for one in text.split("\n") if one])
            start, length = dice.randrange(len(line)), dice.choice((1, 2, 3, 4, 6, 12))
            phrase = line[start : start + length].strip(",")
            if not phrase:
                continue
            scanned = {(name, number) for number, text in texts.items() if phrase in text}
            assert searched(session, f'"{phrase}"', name) == scanned != set(), phrase
            tried += 1
        assert tried > 30
        assert searched(session, '"饕餮之城"', name) == set()

    database.read(look)


def texts_of_hit(caller, item):
    """Return the stored texts of a hit by field; of passages those of their documents."""
    shown = took(caller.get(item["href"])) if item["kind"] != "document" else {}
    if item["kind"] == "report":
        return {"text": stored(caller, item)}
    if item["kind"] == "reply_point":
        return dict(zip(("text", "promise"), stored(caller, item).split("|"), strict=True))
    if item["kind"] == "recommendation":
        [name] = [m["text"] for m in item["highlights"] if m["field"] == "proposers"] or [""]
        whole_names = [n for n in shown["proposer_names"] if name in n]
        return shown | {"proposal": shown["proposal"]["title"], "proposers": whole_names[0]}
    return shown


@pytest.mark.parametrize(
    "words", ["算力中心", "人工智能 产业", '"算力"', "饕餮 OR 三条", "AI", "郑州"]
)
def test_highlights_are_offsets_into_what_is_stored(anonymous, published, words):
    answer = page(anonymous, words, limit=40)
    wanted = {word for group in read_words(words).needed for word in group}
    wanted |= {search_folded(w) for one in answer["widened_by"] for w in one["words"]}
    marked = 0
    for item in answer["items"]:
        for mark in item["highlights"]:
            if mark["document_id"] is not None:
                text = anonymous.get(f"{V1}/documents/{mark['document_id']}/text").text
            else:
                text = texts_of_hit(anonymous, item)[mark["field"]]
            offset, end = mark["offset"], mark["offset"] + len(mark["text"])
            assert text[offset:end] == mark["text"]
            for a, b in mark["spans"]:
                assert offset <= a < b <= end
                word = search_folded(text[a:b]).strip(",")
                parted = mark["field"] == "passages" and any(word in one for one in wanted)
                assert word in wanted or parted
                marked += 1
    assert marked >= len(answer["items"]) / 2 > 0


def test_a_phrase_goes_over_line_ends_of_a_document(anonymous, session):
    text = session.scalar(sa.select(Document.text).where(Document.reference == "D003"))
    at = next(n for n in range(20, len(text)) if text[n : n + 2] == "\n\n" and text[n - 1] == "先")
    phrase = text[at - 4 : at + 6].replace("\n", "")
    [hit] = [i for i in page(anonymous, f'"{phrase}"')["items"] if i["kind"] == "document"]
    [[start, end]] = hit["highlights"][0]["spans"]
    assert text[start:end] == text[at - 4 : at + 6]


def test_words_of_tags_widen_a_search_and_the_answer_says_which(anonymous):
    widened = page(anonymous, "智算中心")
    alone = page(anonymous, "智算中心", expand="none")
    assert named(alone["items"]) < named(widened["items"])
    own = [one for one in widened["widened_by"] if one["tag"] == "computing-power-center"]
    assert own[0]["word"] == "智算中心"
    assert "算力中心" in own[0]["words"]
    assert alone["widened_by"] == page(anonymous, '"智算中心"')["widened_by"] == []


# -- filters, facets, orders and pages -------------------------------------------------------------


def test_each_facet_is_what_its_filter_leaves(viewers, published):
    followed = {}
    for name, viewer in viewers.items():
        known = page(viewer, "算力", facets="true", limit=1)["facets"]
        assert known.keys() == facets.FACETS.keys()
        session = {"session": known["session"][-1]["name"]}
        for query in ({}, {"kind": "recommendation"}, session):
            answer = page(viewer, "算力", facets="true", limit=1, **query)
            assert answer["facets"].keys() == known.keys() - query.keys()
            for facet, counts in answer["facets"].items():
                for one in (*counts[:2], *counts[-2:]) if query or name != "anonymous" else counts:
                    left = page(viewer, "算力", limit=1, **query, **{facet: one["name"]})
                    assert left["total"] == one["number"] > 0, (name, query, facet, one)
                    assert one["is_exact"]
                    followed[facet] = followed.get(facet, 0) + 1
    assert min(followed.values()) >= 10, followed


def test_more_than_are_counted_are_told_as_at_least_so_many(anonymous, monkeypatch):
    whole_page = page(anonymous, "人工智能", facets="true")
    monkeypatch.setattr(facets, "COUNTED", 5)
    monkeypatch.setattr("app.register.searching.api.COUNTED", 5)
    answer = page(anonymous, "人工智能", facets="true")
    known = {f["name"]: f["number"] for f in whole_page["facets"]["session"]}
    assert whole_page["total"] > 5
    assert answer["facets"]["session"]
    for one in answer["facets"]["session"]:
        assert not one["is_exact"]
        assert one["number"] <= known[one["name"]]


def test_filters_leave_out_the_kinds_that_do_not_have_them(anonymous, published):
    everything = {item["kind"] for item in page(anonymous, "算力")["items"]}
    assert everything == set(KINDS)
    tag = page(anonymous, "算力", facets="true")["facets"]["tag"][0]["name"]
    for more, kinds in (
        ({"progress": "not_started"}, {"recommendation", "reply_point", "report"}),
        ({"tag": tag}, {"recommendation", "reply_point", "report"}),
        ({"office": "zhengzhou-industry"}, {"recommendation", "reply", "reply_point", "report"}),
        ({"document": "D002"}, set(KINDS)),
    ):
        assert {item["kind"] for item in page(anonymous, "算力", **more)["items"]} <= kinds
        assert page(anonymous, "算力", kind="document", **more)["total"] == ("document" in kinds)


@pytest.mark.parametrize("sort", ["-written_at", "written_at", "relevance"])
@pytest.mark.parametrize("often", [1, 5000])
def test_pages_meet_every_hit_once(anonymous, published, monkeypatch, sort, often):
    monkeypatch.setattr("app.register.searching.queries.finding.MANY", often)
    query = {"q": "人工智能 OR 饕餮", "sort": sort, "limit": 7, "expand": "none"}
    met, cursor = [], {}
    while cursor is not None:
        part = took(anonymous.client.get(SEARCH, query_string={**query, **cursor}))
        met += part["items"]
        cursor = {"cursor": part["next"]} if part["next"] else None
    assert len(met) == len(named(met)) > 20
    assert named(met) == found(anonymous, query["q"], expand="none")
    if sort == "written_at":
        turned = page(anonymous, query["q"], expand="none")["items"]
        assert [(i["kind"], i["id"]) for i in met] == [(i["kind"], i["id"]) for i in turned[::-1]]
    moments = [item["written_at"] for item in met]
    if sort != "relevance":
        assert moments == sorted(moments, reverse=sort == "-written_at")


def test_relevance_is_the_same_on_every_database(anonymous, session):
    answer = page(anonymous, "人工智能 人才", sort="relevance", expand="none")
    texts = {
        (row.kind, row.record_id): row.text
        for row in session.execute(
            sa.select(SearchedText.kind, SearchedText.record_id, SearchedText.text)
        )
    }
    ranked = [
        (score(texts[i["kind"], i["id"]], (("人工智能",), ("人才",))), i["reference"])
        for i in answer["items"]
    ]
    assert [n for n, _ in ranked] == sorted((n for n, _ in ranked), reverse=True)
    assert answer["considered"] == len(ranked)
    assert not answer["is_stable"]
    assert ranked == RANKED


RANKED = [
    (18, "D002-P07-R09"), (18, "D002-P03-R01"), (17, "D002-P03-R10"), (16, "D004-P07-R04"),
    (16, "D002"), (13, "D004-P07-R01"), (13, "D002-P03-R05"), (12, "D002-P03-R16"),
    (12, "D002-P03-R15"), (12, "D002-P03-R13"), (12, "D002-P03-R12"), (12, "D002-P03-R11"),
    (12, "D002-P03-R08"), (12, "D002-P03-R07"), (12, "D002-P03-R03"), (11, "D004-P10-R07"),
    (11, "D000-P07-R07"), (10, "D002-P07-R04"), (10, "D002-P04-R15"), (9, "D002-P06-R18"),
    (8, "D004"), (8, "D002-P03"), (8, "D000"), (7, "D002-P03-R14"), (7, "D002-P03-R06"),
    (7, "D002-P03-R04"), (6, "D002-P03-R09"), (6, "D001"), (6, "D000-P13-R02"), (5, "D003"),
]  # fmt: skip


def test_a_search_costs_a_few_statements_whatever_it_finds(client, database, published):
    client.get(f"{V1}/tags")
    for query, number in (("q=饕餮", 7), ("q=饕餮&facets=true", 8), ("q=饕餮之城", 3)):
        with counted(database) as statements:
            assert client.get(f"{SEARCH}?{query}").status_code == 200
        assert len(statements) <= number, statements


def test_rare_words_are_looked_up_and_frequent_ones_looked_through(database, session):
    actor = make_actor(session)
    for frequent in (False, True):
        search = Search(read_words("算力中心"), {"kind": ["recommendation", "report"]}, frequent)
        rows = hits(actor, search, (SearchedText.id,))
        order = hit_orders(frequent)["-written_at"].columns
        plan = plan_of(database, rows.order_by(*(c.desc() for c in order)).limit(51))
        if session.get_bind().dialect.name == "sqlite":
            looked_up = "SCAN searched_grams VIRTUAL TABLE INDEX 0:M1" in plan
            assert looked_up != frequent
            assert ("USING INDEX ix_searched_texts_written" in plan) == frequent
        elif not frequent:
            assert "ix_searched_texts_grams" in plan


# -- what cannot be asked --------------------------------------------------------------------------

REFUSED = (
    ({"q": "算" * 5000}, "q"),
    ({"q": "，。！"}, "q"),
    ({"q": "OR"}, "q"),
    ({"q": "-"}, "q"),
    ({"q": '"算力'}, "q"),
    ({"q": "-算力"}, "q"),
    ({}, "q"),
    ({"q": "算力", "kind": "commitment"}, "kind"),
    ({"q": "算力", "progress": "done"}, "progress"),
    ({"q": "算力", "tag": "no-such-tag"}, "tag"),
    ({"q": "算力", "office": "no-such-office"}, "office"),
    ({"q": "算力", "session": "none"}, "session"),
    ({"q": "算力", "document": "D999"}, "document"),
    ({"q": "算力", "expand": "all"}, "expand"),
    ({"q": "算力", "sort": "id"}, "sort"),
    ({"q": "算力", "facets": "some"}, "facets"),
    ({"q": "算力", "cursor": "x"}, "cursor"),
    ({"q": "算力", "cursor": "x", "sort": "relevance"}, "cursor"),
    ({"q": "算力", "part": "lead"}, "part"),
)


@pytest.mark.parametrize(("query", "field"), REFUSED)
def test_what_cannot_be_asked_is_refused_by_its_field(anonymous, query, field):
    told(anonymous.client.get(SEARCH, query_string=query), 422, field)


# -- the index -------------------------------------------------------------------------------------


def test_the_index_holds_every_kind_and_is_filled_again(database, published):
    def look(session):
        rows = sa.select(SearchedText.kind, SearchedText.record_id, SearchedText.text)
        rows = rows.add_columns(SearchedText.grams, SearchedText.written_at)
        before = session.execute(rows).all()
        assert {row.kind for row in before} == set(SOURCES)
        assert list(index_of_words_drift(session)) == []
        session.execute(sa.delete(SearchedText))
        assert fill_index(session) == len(before)
        assert sorted(session.execute(rows).all()) == sorted(before)
        own = sa.update(SearchedText).where(SearchedText.kind == "report")
        session.execute(own.values(written_at=datetime(2000, 1, 1, tzinfo=UTC)))
        assert len(list(index_of_words_drift(session))) == len(REPORTS)
        raise RuntimeError("nothing of it stays")

    with pytest.raises(RuntimeError, match="nothing"):
        database.write(look)


def test_what_was_erased_is_found_no_more(database, published, viewers):
    def erase(session):
        places = find_words(session, "饕餮").places
        assert {p["table"] for p in places} >= {"replies", "reply_points", "progress_reports"}
        erase_texts(session, make_actor(session, Role.REGISTRAR), places, "误写")

    assert page(viewers["auditor"], "饕餮")["total"] == 4
    database.write(erase)
    assert page(viewers["auditor"], "饕餮")["total"] == 0

    def kept(session):
        assert (
            session.scalar(sa.select(sa.func.count()).where(SearchedText.grams.contains("饕餮")))
            == 0
        )
        if session.get_bind().dialect.name == "sqlite":
            blocks = session.execute(sa.text("SELECT block FROM searched_grams_data")).scalars()
            assert not any("饕餮".encode() in block for block in blocks)

    database.read(kept)
    whole(database)


def test_the_words_of_a_text_that_was_blotted_are_found_no_more(session):
    document = session.scalars(sa.select(Document).where(Document.reference == "D000")).one()
    words = document.text[60:66]
    assert ("document", document.id) in searched(session, f'"{words}"', "document")
    document.text = document.text[:60] + "█" * 6 + document.text[66:]
    session.flush()
    assert ("document", document.id) not in searched(session, f'"{words}"', "document")


def test_a_very_long_text_is_kept_and_found(session):
    """It has more pairs of characters than a tsvector holds."""
    document = session.scalars(sa.select(Document).where(Document.reference == "D000")).one()
    dice = random.Random(3)
    document.text += (
        "".join(chr(dice.randrange(0x4E00, 0x9FFF)) for _ in range(400_000)) + "饕餮之末"
    )
    session.flush()
    kept = sa.select(SearchedText.grams).where(SearchedText.kind == "document")
    assert session.scalar(kept.where(SearchedText.record_id == document.id)) == "everything"
    assert searched(session, '"饕餮之末"', "document") == {("document", document.id)}
    assert searched(session, '"饕餮之初"', "document") == set()


# -- what a tag's words catch ----------------------------------------------------------------------


def test_what_the_words_of_a_tag_catch_and_nobody_tagged(anonymous, database):
    slug = "computing-power-center"
    caught = items(anonymous, f"recommendations?caught_by={slug}")
    tagged = {row["id"] for row in items(anonymous, f"recommendations?tag={slug}")}
    assert caught
    assert not tagged & {row["id"] for row in caught}

    def scan(session):
        words = ["算力中心", "智算中心"]
        texts = folded_texts(session, "recommendation")
        return {n for n, text in texts.items() if any(word in text for word in words)}

    held = database.read(scan) - tagged
    assert held <= {row["id"] for row in caught}
    assert items(anonymous, f"recommendations?caught_by={slug}&tags_at_most=0") == [
        row for row in caught if not row["tags"]
    ]
    told(anonymous.get(f"{V1}/recommendations?caught_by=no-such-tag"), 422, "caught_by")
