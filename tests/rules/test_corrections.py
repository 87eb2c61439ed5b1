"""What a misprinted text means."""

from app.register.documents.rules.corrections import Meant, both_ways, corrected
from app.register.documents.rules.passages import Span, find_quote

TEXT = "索阳市政协建议发展数据经济，先尝先试。"


def meant(quote, as_meant):
    return Meant(find_quote(TEXT, quote), as_meant)


MEANT = [meant("先尝先试", "先行先试"), meant("索阳", "荥阳"), meant("数据经济", "数字经济")]


def test_all_corrections_inside_a_span_are_made_in_order():
    whole = Span(0, len(TEXT))
    assert corrected(TEXT, whole, MEANT) == "荥阳市政协建议发展数字经济，先行先试。"


def test_what_stands_outside_or_only_partly_inside_stays():
    assert corrected(TEXT, Span(0, 7), MEANT) == "荥阳市政协建议"
    assert corrected(TEXT, Span(1, 7), MEANT) == "阳市政协建议"


def test_of_two_that_overlap_the_first_is_made():
    overlapping = [meant("数据经济", "数字经济"), meant("经济，", "产业，")]
    assert corrected(TEXT, find_quote(TEXT, "数据经济，"), overlapping) == "数字经济，"


def test_words_that_mean_what_they_say_stand_once():
    assert both_ways("算力", "算力") == "算力"
    assert both_ways("数据经济", "数字经济") == "数据经济 数字经济"
