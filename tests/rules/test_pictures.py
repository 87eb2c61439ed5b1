"""Pictures are whole XML that nothing hostile gets out of, and that say what their tables say."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from app.figures.pictures import (
    DayCount,
    FunnelStep,
    SeriesLine,
    Timeliness,
    bars,
    calendar_of_days,
    funnel,
    series,
    table_of,
)
from app.figures.pictures.data import WORDS, share
from app.figures.pictures.svg import WIDTH, cut, ticks, width_of

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 11, 30)
DAYS = [DAY + timedelta(31 * n) for n in range(12)]

HOSTILE = (
    "<script>alert(1)</script>",
    "]]><svg onload=alert(1)>",
    "\"' onmouseover='alert(1)' x=\"",
    "&lt;&amp;&#0;",
    "名\x00字\x1b\x0b\x7f\ufffe\uffff",
    "\ud800 lone",
    "\u202egpj.exe\u2066",
    "线\n行\t{}@id@-late{{7*7}}",
    "字" * 5000,
    "e\u0301" * 900,
    "",
)
SHAPES = {
    "funnel": lambda text, n: funnel(text, text, [FunnelStep(text, n), FunnelStep(text, n // 2)]),
    "series": lambda text, n: series(
        text, text, DAYS, [SeriesLine(text, [n] * 12), SeriesLine(text, [0] * 12)]
    ),
    "bars": lambda text, n: bars(text, text, [Timeliness(text, n, n // 3), Timeliness(text, 0, n)]),
    "calendar": lambda text, n: calendar_of_days(text, text, [DayCount(d, n) for d in DAYS]),
}
EMPTY = {
    "funnel": lambda language: funnel("图", "说明", [], language),
    "series": lambda language: series("图", "说明", [], [], language),
    "series of no days": lambda language: series(
        "图", "说明", [], [SeriesLine("甲", [])], language
    ),
    "bars": lambda language: bars("图", "说明", [], language),
    "calendar": lambda language: calendar_of_days("图", "说明", [], language),
    "calendar of zeros": lambda lang: calendar_of_days("图", "说明", [DayCount(DAY, 0)], lang),
}
NUMBERS = (0, 1, 7, 34, 10**6, 10**15)

ELEMENTS = {"svg", "title", "desc", "rect", "text", "line", "defs", "pattern", "path", "polyline",
            "circle"}  # fmt: skip


def parsed(text):
    return ElementTree.fromstring(text)


def written(root):
    """Return the text that a picture shows, each piece by itself; of what is cut, the beginning."""
    own = list(root.iter(f"{SVG}text"))
    return ["".join([e.text or "", *(child.tail or "" for child in e)]) for e in own]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("shape", SHAPES)
def test_what_people_wrote_is_text_and_nothing_else(shape, text):
    picture = SHAPES[shape](text, 34)
    root = parsed(picture.encode())
    assert {element.tag for element in root.iter()} <= {SVG + name for name in ELEMENTS}
    for element in root.iter():
        assert not {name for name in element.attrib if name.startswith("on")} | {
            "style",
            "href",
        } & {*element.attrib}
        for value in element.attrib.values():
            assert re.sub(r"url\(#[\w-]+\)|http://www.w3.org/2000/svg", "", value).count(":") == 0
    assert not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", picture
    )


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_it_names_itself_to_those_who_do_not_see_it(shape, number):
    root = parsed(SHAPES[shape]("落实", number))
    assert root.attrib["role"] == "img"
    title, told = root.attrib["aria-labelledby"].split()
    assert [root[0].tag, root[0].attrib["id"], root[0].text] == [f"{SVG}title", title, "落实"]
    assert [root[1].tag, root[1].attrib["id"], root[1].text] == [f"{SVG}desc", told, "落实"]
    assert root.attrib["font-family"] == "sans-serif"
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(set(ids)) == len(ids)
    for element in root.iter():
        for name in ("x", "y", "x1", "x2", "width", "height"):
            if name in element.attrib:
                assert -1 <= float(element.attrib[name]) <= max(WIDTH, float(root.attrib["height"]))


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("shape", EMPTY)
def test_no_data_is_a_sentence(shape, language):
    assert WORDS[language]["empty"] in written(parsed(EMPTY[shape](language)))


def test_pictures_on_one_page_share_no_id():
    ids = set(re.findall(' id="([^"]+)"', funnel("甲", "", [FunnelStep("a", 1)])))
    assert not ids & set(re.findall(' id="([^"]+)"', funnel("乙", "", [FunnelStep("a", 1)])))
    assert funnel("甲", "", [FunnelStep("a", 1)]) == funnel("甲", "", [FunnelStep("a", 1)])


def test_a_funnel_writes_each_number_and_draws_it_from_zero():
    steps = [FunnelStep("提出", 40), FunnelStep("采纳", 20), FunnelStep("已核验", 0)]
    root = parsed(funnel("进展", "", steps))
    assert {"提出", "40 (100%)", "采纳", "20 (50%)", "已核验", "0 (0%)"} <= set(written(root))
    widths = [float(e.attrib["width"]) for e in root.iter(f"{SVG}rect")
              if e.attrib["fill"] == "#0072b2"]  # fmt: skip
    assert widths[1] == pytest.approx(widths[0] / 2, abs=0.1)
    assert widths[2] == 0


def test_labels_of_lines_do_not_cover_one_another():
    lines = [SeriesLine(f"线{n}", [3] * 12) for n in range(6)]
    root = parsed(series("同", "", DAYS, lines))
    places = sorted(float(e.attrib["y"]) for e in root.iter(f"{SVG}text")
                    if re.match("3 线", e.text or ""))  # fmt: skip
    assert len(places) == 6
    assert all(later - one >= 17 for one, later in pairwise(places))
    dashes = {e.attrib["stroke-dasharray"] for e in root.iter(f"{SVG}polyline")}
    assert len(dashes) == 6


def test_what_is_long_is_cut_and_whole_in_a_title():
    name = "郑州市工业和信息化局与郑州市大数据管理局联合办公室"
    root = parsed(bars("按时", "", [Timeliness(name, 1, 0)]))
    [own] = [e for e in root.iter(f"{SVG}text") if e.find(f"{SVG}title") is not None]
    assert own.find(f"{SVG}title").text == name
    assert own.find(f"{SVG}title").tail.endswith("…")
    assert width_of(cut(name, 100)) <= 100


def test_what_is_too_much_to_draw_is_said():
    many = bars("多", "", [Timeliness(f"局{n}", n, 1) for n in range(45)])
    assert "另有 5 项未画出，见表。" in written(parsed(many))
    assert "局44" not in many
    lines = series("多", "", DAYS, [SeriesLine(f"线{n}", [n] * 12) for n in range(8)])
    assert "另有 2 项未画出，见表。" in written(parsed(lines))
    days = [DayCount(DAY + timedelta(31 * n), 2) for n in range(20)]
    assert any("项未画出" in text for text in written(parsed(calendar_of_days("多", "", days))))


def test_a_calendar_has_each_day_in_its_column():
    root = parsed(calendar_of_days("到期", "", [DayCount(DAY, 3), DayCount(DAY, 2)]))
    assert {"2026年11月", "5"} <= set(written(root))
    by_text = {e.text: float(e.attrib["x"]) for e in root.iter(f"{SVG}text")}
    assert by_text["2"] == by_text["30"] == by_text["9"]  # Mondays
    assert by_text["1"] > by_text["28"] > by_text["27"]


@pytest.mark.parametrize("most", [0, 1, 2, 3, 9, 10, 11, 34, 99, 101, 12_345, 10**15])
def test_scales_are_whole_numbers_from_zero_at_equal_distances(most):
    scale = ticks(most)
    assert scale[0] == 0
    assert scale[-1] >= max(most, 1)
    assert len(scale) <= 7
    assert len({later - one for one, later in pairwise(scale)}) == 1
    assert all(isinstance(tick, int) for tick in scale)


def test_tables_say_what_pictures_do():
    steps = table_of([FunnelStep("提出", 1200), FunnelStep("采纳", 300)])
    assert steps.headers == ("步骤", "数量", "占比")
    assert steps.rows == (("提出", "1,200", "100%"), ("采纳", "300", "25%"))
    lines = table_of([SeriesLine("甲", [1, 2]), SeriesLine("乙", [3, 4])], DAYS[:2])
    assert lines.headers == ("日期", "甲", "乙")
    assert lines.rows == (("2026-11-30", "1", "3"), ("2026-12-31", "2", "4"))
    offices = table_of([Timeliness("局", 3, 1)], language="en")
    assert offices.headers == ("Office", "in time", "late", "Share")
    assert offices.rows == (("局", "3", "1", "75%"),)
    assert table_of([DayCount(DAY, 5)]).rows == (("2026-11-30", "5"),)
    assert table_of([]).rows == ()


def test_a_share_is_all_or_none_only_where_it_is():
    assert [share(*pair) for pair in ((0, 9), (9, 9), (1, 10**6), (999_999, 10**6), (1, 0))] == [
        "0%", "100%", "<1%", ">99%", "–",
    ]  # fmt: skip
