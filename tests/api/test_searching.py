"""Finding by words: what lists find is what a plain look through every text finds."""

import random
import re
from unittest import mock

import pytest
import sqlalchemy as sa

from app.core.codes import Role
from app.core.config import ROOT
from app.history.services import erase_texts
from app.models import Recommendation, SearchedText
from app.register.recommendations.queries.recommendations import CONDITIONS
from app.register.recommendations.services.recommendations import edit
from app.register.searching import models
from app.register.searching.queries.finding import by_words, words_of
from app.register.searching.queries.index_drift import index_of_words_drift
from app.register.searching.rules.search_folding import lines_folded, search_folded
from app.register.searching.rules.search_words import read_words
from app.register.searching.services import fill_index
from tests.database.counting import counted
from tests.database.plans import plan_of
from tests.support.factories import PARK, Caller, make_actor, make_caller

V1 = "/api/v1"
R = Recommendation


@pytest.fixture
def anonymous(client):
    return Caller(client)


def page(caller, words, place="recommendations", **more):
    query = {"q": words, "limit": 200, "with_total": "true", **more}
    answer = caller.client.get(f"{V1}/{place}", query_string=query)
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    assert found["total"] == len(found["items"]) or found["next"]
    return found


def references(caller, words, **more):
    return [item["reference"] for item in page(caller, words, **more)["items"]]


def texts_of(session):
    return dict(session.execute(sa.select(R.id, R.search_text)).all())


def found(session, words):
    return set(session.scalars(sa.select(R.id).where(by_words("recommendation", R.id)(words))))


def test_a_phrase_finds_what_a_scan_of_the_folded_texts_finds(session):
    """So it does for each length, whatever the phrase begins and ends with, and for none."""
    texts = texts_of(session)
    folded = {number: lines_folded(text) for number, text in texts.items()}
    dice = random.Random(17)
    tried = 0
    for _ in range(150):
        line = dice.choice([line for line in dice.choice([*texts.values()]).split("\n") if line])
        start, length = dice.randrange(len(line)), dice.choice((1, 1, 2, 3, 4, 6, 12))
        phrase = line[start : start + length].replace('"', "")
        wanted = search_folded(phrase).strip(",")
        if not wanted or set(phrase) & set("“”"):
            continue
        scanned = {number for number, text in folded.items() if wanted in text}
        assert scanned
        assert found(session, f'"{phrase}"') == scanned, phrase
        assert found(session, f'"{phrase}饕餮"') == set()
        tried += 1
    assert tried > 80


def test_words_are_all_needed_and_others_are_left_out(session):
    folded = {number: lines_folded(text) for number, text in texts_of(session).items()}

    def scan(holds):
        return {number for number, text in folded.items() if holds(text)}

    both = scan(lambda t: "人工智能" in t and "人才" in t)
    assert both
    assert found(session, "人工智能 人才") == both
    assert found(session, "人才　人工智能") == both
    without = scan(lambda t: "人工智能" in t and "人才" not in t)
    assert found(session, "人工智能 -人才") == without
    assert found(session, "-人才 人工智能") == without
    assert found(session, "人工智能 OR 人才") == scan(lambda t: "人工智能" in t or "人才" in t)
    assert both < found(session, "人工智能")


def test_how_a_word_is_written_does_not_matter(anonymous):
    as_usual = references(anonymous, '"人工智能产业园"')
    assert PARK in as_usual
    for written in ("人工智能產業園", "人工智能 產業園", "「人工智能产业园」", "“人工智能·产业园”"):
        quoted = written if written[0] in "「“" else f'"{written}"'
        assert references(anonymous, quoted) == as_usual, written


def test_a_comma_is_a_comma_of_either_width(anonymous, session):
    texts = texts_of(session)
    line = next(t for t in texts.values() if "，" in t.split("\n")[1]).split("\n")[1]
    at = line.index("，", 4)
    phrase = line[at - 4 : at + 4].strip()
    chinese, latin = (phrase.replace("，", mark) for mark in ("，", ","))
    assert found(session, f'"{chinese}"') == found(session, f'"{latin}"') != set()


def test_a_synonym_of_a_tag_finds_what_the_tag_is_called(anonymous):
    literally = references(anonymous, '"算力中心"')
    assert literally
    widened = references(anonymous, "智算中心")
    assert set(literally) <= set(widened)
    assert set(references(anonymous, '"智算中心"')) < set(widened)
    assert set(widened) <= set(references(anonymous, "算力中心"))


def test_a_tag_of_another_name_widens_what_is_found_next(anonymous, client, database):
    before = references(anonymous, "饕餮之城")
    registrar = make_caller(client, database, Role.REGISTRAR)
    path = f"{V1}/tags/ai-industrial-park"
    known = registrar.get(path)
    body = {"synonyms": [*known.get_json()["synonyms"], "饕餮之城"]}
    changed = registrar.patch(path, body, known.get_json()["version"])
    assert changed.status_code == 200
    assert before == []
    assert PARK in references(anonymous, "饕餮之城")


@pytest.mark.parametrize(
    ("place", "words", "slug"),
    [
        ("organizations", "鄭州市工業和信息化局", "zhengzhou-industry"),
        ("organizations", "信息化 鄭州", "zhengzhou-industry"),
        ("tags", "智算中心", "computing-power-center"),
        ("tags", "POWER computing", "computing-power-center"),
    ],
)
def test_other_lists_find_in_the_same_way(anonymous, place, words, slug):
    assert slug in [item["slug"] for item in page(anonymous, words, place)["items"]]


def test_proposals_and_persons_are_found_by_parts_of_their_names(anonymous):
    title = anonymous.get(f"{V1}/proposals?limit=1").get_json()["items"][0]["title"]
    assert title in [p["title"] for p in page(anonymous, f'"{title}"', "proposals")["items"]]
    person = anonymous.get(f"{V1}/persons?limit=1").get_json()["items"][0]
    for part in (person["name"], person["name"][0], person["name"][-1]):
        slugs = [one["slug"] for one in page(anonymous, part, "persons")["items"]]
        assert person["slug"] in slugs


PLACES = ("recommendations", "proposals", "organizations", "persons", "tags")
REFUSED = {
    '"算力': "a quotation mark is not closed",
    '"': "a quotation mark is not closed",
    "OR": "OR needs a word on both sides",
    "算力 OR": "OR needs a word on both sides",
    "-": "- one behind it",
    "，。！": "nothing but punctuation",
    "% _": "nothing but punctuation",
    "[]": "nothing but punctuation",
    "-算力": "only words to leave out",
    "算 " * 21: "at most 20 words",
    "算" * 201: "must have at most 200 characters",
}


@pytest.mark.parametrize("place", PLACES)
def test_what_cannot_be_understood_is_refused_with_what_would_be_right(client, place):
    for words, message in REFUSED.items():
        english, chinese = (
            client.get(f"{V1}/{place}", query_string={"q": words}, headers={"Accept-Language": one})
            for one in ("en", "zh")
        )
        assert english.status_code == chinese.status_code == 422, words
        [error] = english.get_json()["errors"]
        assert (error["field"], message in error["message"]) == ("q", True), error
        [error] = chinese.get_json()["errors"]
        assert "一" <= error["message"][0] <= "龥" or error["message"][0] == "“"
    assert client.get(f"{V1}/{place}", query_string={"q": "算" * 200}).status_code == 200


def test_marks_of_patterns_and_of_the_indexes_mean_nothing(client):
    for words in ("a.*b", "(a", "a|b", "a:*", "a'b", "a\\b", "NEAR(a b)", "a^b", "{a}", "a!", "&a"):
        for place in PLACES:
            answer = client.get(f"{V1}/{place}", query_string={"q": words})
            assert answer.status_code == 200, (words, answer.text)


def test_what_is_hidden_is_not_found(anonymous, client, database):
    assert PARK in references(anonymous, '"人工智能产业园"')
    path = f"{V1}/proposals/{proposal_of(anonymous)}"
    registrar = make_caller(client, database, Role.REGISTRAR)
    version = registrar.get(path).get_json()["version"]
    assert registrar.patch(path, {"publication": "restricted"}, version).status_code in (200, 202)
    assert PARK not in references(anonymous, '"人工智能产业园"')


def proposal_of(caller):
    return caller.get(f"{V1}/recommendations?reference={PARK}").get_json()["items"][0]["proposal"][
        "id"
    ]


# -- the index -----------------------------------------------------------------------------------


def one_of(session, reference=PARK):
    return session.scalars(sa.select(R).where(R.reference == reference)).one()


def test_what_is_written_is_found_and_what_it_was_is_not(session):
    record = one_of(session)
    registrar = make_actor(session, Role.REGISTRAR)
    edit(session, registrar, record, {"summary_zh": "饕餮之城"})
    assert found(session, "饕餮之城") == {record.id}
    edit(session, registrar, record, {"summary_zh": "魑魅之城"})
    assert found(session, "饕餮之城") == set()
    assert found(session, "魑魅") == {record.id}
    assert list(index_of_words_drift(session)) == []


def test_an_undone_change_leaves_the_index_as_it_was(session):
    record = one_of(session)
    with session.begin_nested() as tried:
        record.search_text = "饕餮\n\n\n"
        session.flush()
        assert found(session, "饕餮") == {record.id}
        tried.rollback()
    assert found(session, "饕餮") == set()
    assert list(index_of_words_drift(session)) == []


def test_what_was_erased_is_found_no_more_and_stands_in_no_part_of_the_index(session):
    record = one_of(session)
    edit(session, make_actor(session, Role.REGISTRAR), record, {"summary_zh": "饕餮之城魑魅"})
    place = {"table": "recommendations", "id": record.id, "column": "summary_zh"}
    erase_texts(session, make_actor(session, Role.REGISTRAR), [place], "误写")
    assert found(session, "饕餮") == found(session, "魅") == set()
    kept = sa.select(sa.func.count()).where(SearchedText.grams.contains("饕餮"))
    assert session.scalar(kept) == 0
    if session.get_bind().dialect.name == "sqlite":
        blocks = session.execute(sa.text("SELECT block FROM searched_grams_data")).scalars()
        assert not any("饕餮".encode() in block for block in blocks)
    assert list(index_of_words_drift(session)) == []


SPOILT = {
    "missing": sa.delete(SearchedText).where(SearchedText.kind == "recommendation"),
    "text": sa.update(SearchedText).where(SearchedText.kind == "tag").values(text="别的"),
    "grams": sa.update(SearchedText).where(SearchedText.kind == "person").values(grams="别的"),
    "record": sa.update(SearchedText)
    .where(SearchedText.kind == "proposal")
    .values(record_id=SearchedText.record_id + 1_000_000),
    "kind": sa.update(SearchedText).where(SearchedText.kind == "tag").values(kind="other"),
    "source": sa.update(R.__table__).values(search_text="别的\n\n\n"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_verify_finds_an_index_that_disagrees(session, what):
    assert list(index_of_words_drift(session)) == []
    session.execute(SPOILT[what])
    assert list(index_of_words_drift(session)) != []


def test_verify_finds_what_was_changed_in_the_table_of_the_grams_alone(session):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its index itself")
    row = session.scalars(sa.select(SearchedText).limit(1)).one()
    gone = "INSERT INTO searched_grams(searched_grams, rowid, grams) VALUES ('delete', :id, :grams)"
    session.execute(sa.text(gone), {"id": row.id, "grams": row.grams})
    found_false = list(index_of_words_drift(session))
    assert any("one of its two tables" in told for told in found_false)
    assert any("and not" in told for told in found_false)


def test_what_the_index_lacks_is_filled_in(session):
    before = session.execute(
        sa.select(SearchedText.kind, SearchedText.record_id, SearchedText.text)
    ).all()
    assert {row.kind for row in before} == models.SOURCES.keys() - {
        "reply",
        "reply_point",
        "report",
    }
    session.execute(sa.delete(SearchedText))
    with mock.patch("app.register.searching.queries.index_drift.MANY", 7):
        assert fill_index(session) == len(before)
    assert fill_index(session) == 0
    after = session.execute(
        sa.select(SearchedText.kind, SearchedText.record_id, SearchedText.text)
    ).all()
    assert sorted(before) == sorted(after)
    assert list(index_of_words_drift(session)) == []


def test_a_rare_word_is_looked_up_in_the_index(database):
    rows = sa.select(R.id).where(CONDITIONS["q"])
    plan = plan_of(database, rows.params(words_of("q", read_words("算力中心 -培训"))))
    if database.engine.dialect.name == "postgresql":
        assert "ix_searched_texts_grams" in plan
    else:
        assert "SEARCH searched_texts USING INTEGER PRIMARY KEY" in plan
        assert "SCAN searched_grams VIRTUAL TABLE INDEX 0:M1" in plan
        assert "SCAN recommendations" not in plan


@pytest.mark.parametrize("words", ["人工智能", "人工智能 -人才", "智算中心 OR 人才", "产"])
def test_what_is_frequent_is_looked_through_and_the_same_is_found(anonymous, words):
    few = page(anonymous, words)
    with mock.patch("app.register.searching.queries.finding.MANY", 1):
        many = page(anonymous, words)
    assert few["total"] == many["total"] > 0
    assert [r["id"] for r in few["items"]] == [r["id"] for r in many["items"]]


def test_a_search_costs_two_statements_more_than_a_list(client, database):
    client.get(f"{V1}/tags")
    for query in ("q=人才", "q=人才+城市+-培训"):
        with counted(database) as statements:
            assert client.get(f"{V1}/recommendations?{query}").status_code == 200
        assert len(statements) == 3, statements


def test_what_the_readme_asks_finds_something(anonymous):
    for name in ("README.md", "README.zh-CN.md"):
        asked = re.findall("'q=(.*?)'", (ROOT / name).read_text("utf-8"))
        assert any("，" in words for words in asked)
        for words in asked:
            assert references(anonymous, words), words
