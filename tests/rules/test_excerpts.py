"""What is shown of a text that was found: offsets into what is stored, not into what is folded."""

from hypothesis import given
from hypothesis import strategies as st

from app.register.searching.rules.excerpts import (
    AFTER,
    BEFORE,
    FURTHER,
    LOOKED_AT,
    MOST,
    MOST_EXCERPTS,
    TextPart,
    excerpts_of,
    score,
)
from app.register.searching.rules.search_folding import (
    EVERYTHING,
    MOST_BYTES,
    STOP,
    grams,
    kept_grams,
    needed_grams,
    search_folded,
)

TEXT = st.text(alphabet="算力中心ＡAbＢ，,。 　·國国\n", max_size=120)


@given(st.lists(TEXT, max_size=3), st.sampled_from(["算力", "中心", "ab", "国", "力,中"]))
def test_what_is_marked_folds_to_the_word(texts, word):
    parts = [TextPart("text", text, 1000 * n) for n, text in enumerate(texts)]
    for found in excerpts_of([[part] for part in parts], [word]):
        text, offset = texts[found.offset // 1000], found.offset % 1000
        assert text[offset : offset + len(found.text)] == found.text
        assert found.spans
        for start, end in found.spans:
            start, end = start % 1000, end % 1000
            assert search_folded(text[start:end]).strip(STOP) == word
            assert offset <= start < end <= offset + len(found.text)


@given(TEXT, st.sampled_from(["算力", "中心", "ab", "国"]))
def test_every_text_that_holds_a_word_shows_where(text, word):
    held = word in search_folded(text)
    assert bool(excerpts_of([[TextPart("text", text)]], [word])) == held


def test_a_phrase_goes_on_from_one_part_to_the_next():
    line = [TextPart("a", "建设算力", 10), TextPart("b", "中心。", 50)]
    first, second = excerpts_of([line], ["算力中心"])
    assert (first.field, first.spans) == ("a", [[12, 14]])
    assert (second.field, second.spans) == ("b", [[50, 52]])


def test_what_overlaps_is_marked_once_and_the_longer_word_first():
    [found] = excerpts_of([[TextPart("text", "人工智能产业园")]], ["智能产业", "人工", "人工智能"])
    assert found.spans == [[0, 4]]


def test_a_long_text_shows_a_few_short_stretches():
    text = "".join(f"{n:500}算力" for n in range(20))
    found = excerpts_of([[TextPart("text", text)]] * 4, ["算力"])
    assert len(found) == 2 * MOST_EXCERPTS
    assert all(len(one.text) <= BEFORE + AFTER + 2 for one in found)


def test_more_words_earlier_in_the_text_make_a_higher_score():
    one = [("算力", "智算"), ("人才",)]
    assert score("算力人才\n", one) == 8
    assert score("规划\n算力人才", one) == 2
    assert score("规划\n算力智算人才", one) == 3
    assert score("规划\n" + "算力" * 100, one) == FURTHER
    assert score("算力" * 100, one) == MOST
    assert score("x" * LOOKED_AT + "算力", one) == 0


def test_a_text_with_too_many_pairs_is_a_candidate_of_every_search():
    many = "".join(map(chr, range(0x4E00, 0x9FFF))) * 2
    assert EVERYTHING not in kept_grams("算力everything")
    far = "".join(a + b for a in many[:600] for b in many[600:1100])
    assert len(" ".join(grams(far)).encode()) > MOST_BYTES
    assert kept_grams(far) == EVERYTHING
    assert EVERYTHING not in {gram for gram, _ in needed_grams(EVERYTHING)}
