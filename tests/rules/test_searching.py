"""How texts are folded for the search, what the index has of them, and how a question reads."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.register.searching.rules.search_folding import (
    STOP,
    folded_in_place,
    grams,
    lines_folded,
    needed_grams,
    search_folded,
    variants,
)
from app.register.searching.rules.search_words import Misread, Searched, read_words

SAME = (
    ("ＡＩ", "ai"),
    ("Computing Power", "computingpower"),
    ("算力 中心", "算力中心"),
    ("算力　中心", "算力\u3000中心"),
    ("建設算力中心", "建设算力中心"),
    ("臺灣", "台湾"),
    ("強化、推進", "强化，推进"),
    ("完善算力，推动", "完善算力,推动"),
    ("“十四五”规划", "十四五规划"),
    ("《规划（草案）》", "规划(草案)"),
    ("买买提·艾力", "买买提•艾力"),
    ("买买提‧艾力", "买买提艾力"),
    ("2024年", "２０２４年"),
    ("5G－工业", "5g工业"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_text_is_found_however_it_is_written(one, other):
    assert search_folded(one) == search_folded(other)


def test_numbers_and_clauses_stay_apart():
    assert search_folded("3.5") != search_folded("35")
    assert search_folded("发展。规划") != search_folded("发展规划")
    assert "\n" in lines_folded("发展\n规划")


def test_each_variant_is_taken_for_one_character_that_is_none_itself():
    table = variants()
    assert len(table) > 2500
    assert not table.keys() & set(table.values())
    for word in (*table, *table.values()):
        assert len(word) == 1
        assert unicodedata.category(word) == "Lo"
    assert search_folded("國語學習與電腦軟體") == "国语学习与电脑软体"


USUAL = st.one_of(
    st.characters(min_codepoint=first, max_codepoint=last)
    for first, last in ((0x20, 0x7E), (0x3000, 0x303F), (0x4E00, 0x9FFF), (0xFF01, 0xFF5E))
)


@given(st.text(USUAL))
def test_what_is_folded_is_not_folded_further(text):
    once = search_folded(text)
    assert search_folded(once) == once


@given(st.text())
def test_every_folded_character_has_its_place_in_the_text(text):
    placed = folded_in_place(text)
    assert placed.text == search_folded(text)
    assert len(placed.text) == len(placed.starts) == len(placed.ends)
    assert placed.starts == sorted(placed.starts)
    for start, end in zip(placed.starts, placed.ends, strict=True):
        assert 0 <= start < end <= len(text)


def test_the_places_of_a_phrase_are_those_in_the_text_as_it_was_written():
    text = "建設「算力 中心」，算力中心"
    assert [text[a:b] for a, b in folded_in_place(text).places("算力中心")] == [
        "算力 中心",
        "算力中心",
    ]
    assert folded_in_place(text).places("培训") == []


@given(st.text(alphabet="算力中心ab,，\n ", max_size=30), st.data())
def test_the_index_gives_every_text_that_holds_a_phrase(text, data):
    folded = lines_folded(text)
    line = data.draw(st.sampled_from(folded.split("\n")))
    start = data.draw(st.integers(0, len(line)))
    phrase = line[start : data.draw(st.integers(start, len(line)))].strip(STOP)
    kept = grams(folded)
    for gram, begins in needed_grams(phrase):
        assert any(one.startswith(gram) for one in kept) if begins else gram in kept


READ = (
    ("算力 中心", Searched((("算力",), ("中心",)))),
    ("算力　中心", Searched((("算力",), ("中心",)))),
    ('"computing power" 算力', Searched((("computingpower",), ("算力",)))),
    ("「算力 中心」", Searched((("算力中心",),))),
    ("建设“数字城市”", Searched((("建设",), ("数字城市",)))),
    ("算力 -培训", Searched((("算力",),), ("培训",))),
    ("-培训 算力 －“人才 培训”", Searched((("算力",),), ("培训", "人才培训"))),
    ("算力 OR 智算 OR 电力 中心", Searched((("算力", "智算", "电力"), ("中心",)))),
    ("算力，数据、人才", Searched((("算力",), ("数据",), ("人才",)))),
    ("power,data", Searched((("power",), ("data",)))),
    ("-算力，数据 人才", Searched((("人才",),), ("算力", "数据"))),
    ('"算力，数据"', Searched((("算力,数据",),))),
    ("1,000 3.5", Searched((("1,000",), ("3,5",)))),
    ("算力 或 智算", Searched((("算力", "智算"),))),
    ("算力， & 中心", Searched((("算力",), ("中心",)))),
    ("data-center", Searched((("datacenter",),))),
    ("算力 or 中心", Searched((("算力",), ("or",), ("中心",)))),
)


@pytest.mark.parametrize(("text", "asked"), READ)
def test_words_phrases_alternatives_and_what_is_left_out_are_read(text, asked):
    assert read_words(text) == asked


MISREAD = (
    ('"算力', "unbalanced"),
    ("算力“", "unbalanced"),
    ("算力」", "unbalanced"),
    ("OR", "lonely"),
    ("算力 OR", "lonely"),
    ("或 算力", "lonely"),
    ("算力 OR OR 中心", "lonely"),
    ("算力 OR -中心", "lonely"),
    ("-", "lonely"),
    ("算力 - 中心", "lonely"),
    ("，。", "empty"),
    ('""', "empty"),
    ("% _ \\", "empty"),
    ("-算力", "excluding"),
    ("-算力 -“中心”", "excluding"),
    (" ".join("一二三四五六七八九十" * 3), "many"),
)


@pytest.mark.parametrize(("text", "reason"), MISREAD)
def test_what_cannot_be_understood_is_told_apart(text, reason):
    with pytest.raises(Misread, match=reason):
        read_words(text)


@given(st.text(alphabet='算力ab -"“”「」ORor或|，.　', max_size=40))
def test_every_question_is_read_or_refused(text):
    try:
        asked = read_words(text)
    except Misread:
        return
    words = [*asked.excluded, *(word for group in asked.needed for word in group)]
    assert asked.needed
    assert all(word == search_folded(word).strip(STOP) and word for word in words)


def test_a_word_is_widened_and_a_phrase_is_not():
    same = {"智算中心": ["算力中心"]}.get
    widen = lambda word: same(word, ())  # noqa: E731
    assert read_words("智算中心 建设", widen).needed == (("智算中心", "算力中心"), ("建设",))
    assert read_words('"智算中心"', widen).needed == (("智算中心",),)
    assert read_words("建设 -智算中心", widen).excluded == ("智算中心",)
