"""Drafts quote their text however it is broken into lines; what is kept are its own characters."""

import pytest

from tests.support.casework import V1, took, whole
from tests.support.drafts import content, enter
from tests.support.files import told
from tests.support.problems import told as refused

pytestmark = pytest.mark.usefixtures("today")

LINES = (
    "关于“算力一张网”的提案",
    "　　为此建议：一、加快建设郑州",
    "　　算力中心（一期）；",
    "二、设立“人才基金”，统筹布局。三、统筹布局。",
)


def text_with(end):
    return end.join(LINES)


def asked(*quotes):
    """Return one recommendation that stands in *quotes*."""
    return [{"summary_zh": "加快建设算力中心", "quotes": [dict(quote) for quote in quotes]}]


def passages_of(callers, draft):
    """Return the passages of the recommendation of *draft*, and the text that they are of."""
    caller = callers["registrar"]
    [row] = draft["recommendations"]
    document = caller.get(f"{V1}/documents/{draft['document']['id']}/text").data.decode()
    return caller.get(f"{V1}/recommendations/{row['id']}").get_json()["passages"], document


QUOTES = (
    {"text": '一、加快建设郑州算力中心(一期)；\n二、设立"人才基金"'},
    {"text": "「算力一张网」"},
    {"text": "统筹 布局", "nth": 2},
)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_passage_has_the_characters_of_the_text(callers, people, database, end):
    text = text_with(end)
    draft = enter(callers, content(people[:1], text=text, recommendations=asked(*QUOTES)))
    passages, document = passages_of(callers, draft)
    assert document == text
    assert [document[one["start"] : one["end"]] for one in passages] == [
        f"一、加快建设郑州{end}　　算力中心（一期）；{end}二、设立“人才基金”",
        "“算力一张网”",
        "统筹布局",
    ]
    assert [one["text"] for one in passages] == [
        document[one["start"] : one["end"]] for one in passages
    ]
    assert passages[2]["start"] == document.rindex("统筹布局")
    [row] = draft["recommendations"]
    found = callers["registrar"].get(f"{V1}/recommendations?q=人才基金").get_json()["items"]
    assert row["id"] in [one["id"] for one in found]
    whole(database)


def refusal(callers, people, quote, language="zh"):
    body = content(people[:1], text=text_with("\r\n"), recommendations=asked(quote))
    sent = {"Accept-Language": language}
    return told(callers["registrar"].post(f"{V1}/proposals", body, **sent))


def test_what_is_not_there_says_where_it_differs(callers, people):
    quote = {"text": "一、加快建设洛阳算力中心（一期）"}
    zh = refusal(callers, people, quote)["recommendations.0.quotes.0.text"]
    assert "第 2 行" in zh
    assert "“洛”（U+6D1B），原文为“郑”（U+90D1）" in zh
    en = refusal(callers, people, quote, "en")["recommendations.0.quotes.0.text"]
    assert "in line 2" in en
    assert "“洛” (U+6D1B)" in en
    nowhere = refusal(callers, people, {"text": "发展低空经济"})
    assert nowhere == {"recommendations.0.quotes.0.text": "原文中没有这些字句"}


def test_what_stands_often_says_how_often(callers, people):
    zh = refusal(callers, people, {"text": "统筹\n布局"})["recommendations.0.quotes.0.text"]
    assert zh == "原文中有 2 处，请在 nth 写明是第几处"
    en = refusal(callers, people, {"text": "统筹布局"}, "en")["recommendations.0.quotes.0.text"]
    assert en == "stands there 2 times: say in nth which of them"
    further = refusal(callers, people, {"text": "统筹布局", "nth": 3}, "en")
    assert further == {"recommendations.0.quotes.0.nth": "it stands there 2 times"}


MIXED = "\r\n".join(LINES[:2]) + "\n" + "\r".join(LINES[2:])


@pytest.mark.parametrize("first", [text_with("\n"), text_with("\r\n"), text_with("\r"), MIXED])
@pytest.mark.parametrize("second", [text_with("\n"), text_with("\r\n"), text_with("\r"), MIXED])
def test_a_text_with_other_line_ends_is_the_same_text(callers, people, first, second):
    draft = enter(callers, content(people[:1], text=first, recommendations=asked(*QUOTES)))
    again = callers["registrar"].post(
        f"{V1}/proposals", content(people[:1], text=second, recommendations=asked(*QUOTES))
    )
    assert "N2026-0001" in refused(again, 409)["detail"]
    others = content(people[1:2], text=second, recommendations=asked(*QUOTES))
    other = took(callers["registrar"].post(f"{V1}/proposals", others))
    assert other["document"]["id"] == draft["document"]["id"]
    assert passages_of(callers, other) == passages_of(callers, draft)
    assert passages_of(callers, other)[1] == first


def test_a_text_with_other_words_is_another(callers, people):
    enter(callers, content(people[:1], text=text_with("\n"), recommendations=asked(*QUOTES)))
    other = text_with("\n\n")
    second = enter(callers, content(people[:1], text=other, recommendations=asked(*QUOTES)))
    assert second["reference"].startswith("N2026-0002")
