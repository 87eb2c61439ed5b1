"""Finding quotations, and what no quotation covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.register.documents.rules.passages import (
    QuoteNotFound,
    Span,
    find_quote,
    inside,
    overlapping,
    trimmed_lines,
    uncovered,
)


def test_a_quotation_is_found_at_its_characters():
    assert find_quote("建设郑州人工智能产业园。", "人工智能") == Span(4, 8)


def test_offsets_count_code_points_and_not_bytes():
    assert find_quote("𠮷𠮷算力", "算力") == Span(2, 4)


def test_a_quotation_that_stands_twice_needs_its_place():
    with pytest.raises(QuoteNotFound, match="found 2 times"):
        find_quote("算力中心、算力调度", "算力")
    assert find_quote("算力中心、算力调度", "算力", nth=2) == Span(5, 7)


@pytest.mark.parametrize(("quote", "nth"), [("量子", None), ("算力", 3), ("算力", 0), ("", None)])
def test_a_quotation_that_is_not_there_is_refused(quote, nth):
    with pytest.raises(QuoteNotFound):
        find_quote("算力中心、算力调度", quote, nth)


def test_overlapping_occurrences_count():
    with pytest.raises(QuoteNotFound, match="found 2 times"):
        find_quote("查查查", "查查")


def test_what_no_span_covers_comes_line_by_line_without_white_space():
    text = "报头\n\n  正文一 \n正文二"
    assert uncovered(text, [Span(0, 2)]) == [Span(6, 9), Span(11, 14)]


def test_spans_that_touch_do_not_overlap():
    assert overlapping([Span(0, 2), Span(2, 4)]) == []
    assert overlapping([Span(2, 4), Span(0, 3)]) == [(Span(0, 3), Span(2, 4))]


def test_a_span_is_inside_one_holder_wholly():
    assert inside(Span(2, 3), [Span(0, 1), Span(2, 4)])
    assert not inside(Span(0, 4), [Span(0, 2), Span(2, 4)])


@given(st.text(alphabet="甲乙 \n", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_covered_and_uncovered_together_are_all_that_is_not_white_space(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    gaps = uncovered(text, [Span(start, end)])
    left = "".join(text[g.start : g.end] for g in gaps)
    wanted = text[:start] + "\n" + text[end:]
    assert "".join(left.split()) == "".join(wanted.split())


def test_trimmed_lines_keeps_the_place_of_each_line():
    text = " 一\n二 "
    assert [text[s.start : s.end] for s in trimmed_lines(text, Span(0, len(text)))] == ["一", "二"]
