"""Finding a quotation however its lines end and its marks look, and saying where one differs."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.register.documents.rules.quotations import (
    MOST_COUNTED,
    MOST_EXPLAINED,
    SAME,
    ComparedText,
    absent,
    too_often,
    with_same_line_ends,
)


def words_of(text, quote):
    """Return the text's own words at each place of *quote*."""
    return [text[span.start : span.end] for span in ComparedText(text).spans(quote)]


@pytest.mark.parametrize("own", ["\n", "\r\n", "\r", "\n\u3000\u3000", " \r\n\r\n "])
@pytest.mark.parametrize("others", ["\n", "\r\n", "\r", " ", "\u3000", ""])
def test_a_quotation_is_found_over_a_line_end(own, others):
    text = f"为此建议：{own}一、加快建设{own}算力中心，{own}二、设立基金。"
    assert words_of(text, f"加快建设{others}算力中心") == [f"加快建设{own}算力中心"]


@pytest.mark.parametrize("own", ["“算力”", '"算力"', "「算力」", "『算力』", "‘算力’", "＂算力＂"])
@pytest.mark.parametrize("others", ["“算力”", '"算力"', "「算力」", "'算力'"])
def test_quotation_marks_are_one_sign(own, others):
    assert words_of(f"建设{own}中心", f"建设{others}中心") == [f"建设{own}中心"]


@pytest.mark.parametrize(
    ("own", "others"),
    [("（一）建设", "(一)建设"), ("建设，统筹", "建设,统筹"), ("２０２６年", "2026年"),
     ("ＡＩ产业", "AI产业"), ("2024—2026年", "2024-2026年"), ("目标：建成", "目标:建成"),
     ("阿·买买提", "阿•买买提"),
     ("2026 年", "2026年"), ("建成｡", "建成。")],
)  # fmt: skip
def test_width_dashes_and_blanks_do_not_count(own, others):
    assert words_of(f"甲{own}乙", others) == [own]
    assert words_of(f"甲{others}乙", own) == [others]


@pytest.mark.parametrize(
    ("own", "others"),
    [("建成。", "建成."), ("AI", "ai"), ("建设、统筹", "建设，统筹"), ("一", "⼀"), ("台", "臺")],
)
def test_nothing_else_is_the_same(own, others):
    assert words_of(f"甲{own}乙", others) == []


def test_places_are_counted_alike_however_they_are_set():
    text = '“算力”、"算力"、「算\n力」'
    assert words_of(text, '"算力"') == ["“算力”", '"算力"', "「算\n力」"]
    assert ComparedText(text).spans('"算力"', 2)[-1] == (5, 9)


def test_nothing_is_quoted_by_blanks_alone():
    assert words_of("算 力", " \n") == words_of("", "算力") == []


def test_a_quotation_that_stands_often_says_how_often():
    zh, en = too_often(len(words_of("查查查查", "查查")))
    assert "3 处，请在 nth" in zh
    assert "3 times: say in nth" in en
    many = len(words_of("查" * 1000, "查"))
    assert many == MOST_COUNTED
    assert "100 处以上" in too_often(many)[0]


TEXT = "关于建设算力中心的提案\r\n为此建议：\r加快建设郑州算力中心，\n统筹布局智算资源。"


@pytest.mark.parametrize(
    ("quote", "line", "number", "own", "other"),
    [
        ("加快建设洛阳算力中心，统筹布局", 3, 5, "郑", "洛"),
        ("加快建设郑州算力中心，统筹规划智算资源", 4, 14, "布", "规"),
        ("推快建设郑州算力中心", 3, 1, "加", "推"),
        ("加快建设郑州市算力中心", 3, 7, "算", "市"),
        ("加快建设州算力中心，统筹布局智算资源", 3, 5, "郑", "州"),
        ("统筹布局智算资源。特此提案", 4, 10, "", "特"),
        ("加快建设郑州算力中⼼", 3, 10, "心", "⼼"),
    ],
)
def test_where_a_quotation_differs_is_told(quote, line, number, own, other):
    found = ComparedText(TEXT).nearest(quote)
    assert (found.line, found.number, found.own, found.other) == (line, number, own, other)
    assert set(found.words.replace(" ", "")) <= set(TEXT)
    zh, en = absent(found)
    assert f"第 {line} 行" in zh
    assert f"U+{ord(other):04X}" in zh
    assert f"in line {line}" in en


@pytest.mark.parametrize("quote", ["发展低空经济", "量", "心", "建设一所新的学校并配备教师"])
def test_of_what_is_nowhere_near_nothing_is_guessed(quote):
    nowhere = ComparedText("关于算力的提案")
    assert nowhere.nearest(quote) is None
    assert absent(None) == ("原文中没有这些字句", "does not stand in the text")


def test_only_the_first_few_are_explained():
    text = ComparedText(TEXT)
    found = [text.nearest("加快建设洛阳算力中心") for _ in range(MOST_EXPLAINED + 1)]
    assert all(found[:MOST_EXPLAINED])
    assert found[MOST_EXPLAINED] is None


SIGNS = st.sampled_from('甲乙丙，。,“”"「」 \u3000\r\n—-１1Ａ')
TEXTS = st.text(SIGNS, max_size=60)


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_every_part_of_a_text_is_found_in_it(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    quote = text[start:end]
    kept = quote.strip()
    spans = ComparedText(text).spans(quote, len(text) + 1)
    assert (kept in [text[span.start : span.end] for span in spans]) is bool(kept)


@given(TEXTS, TEXTS)
def test_what_is_found_is_the_quotation_but_for_how_it_is_set(text, quote):
    def plain(words):
        return "".join(words.split()).translate(SAME)

    for span in ComparedText(text).spans(quote):
        words = text[span.start : span.end]
        assert plain(words) == plain(quote)
        assert words == words.strip()


@example("——", "—1——")  # the text begins with the end of what is quoted
@given(TEXTS, TEXTS)
def test_whatever_is_quoted_the_text_is_most_like_it_somewhere_or_nowhere(text, quote):
    compared = ComparedText(text)
    if compared.spans(quote):
        return
    found = compared.nearest(quote)
    if found is not None:
        assert found.own.translate(SAME) != found.other.translate(SAME)
        assert absent(found)[0] != absent(None)[0]


@given(TEXTS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_line_ends_are_one_thing_where_texts_are_compared(text, end):
    assert with_same_line_ends(with_same_line_ends(text, end)) == with_same_line_ends(text)


def test_signs_stand_for_one_sign_each():
    assert all(isinstance(one, int) or len(one) == 1 for one in SAME.values())
    assert not any(chr(sign).isspace() for sign in SAME)
