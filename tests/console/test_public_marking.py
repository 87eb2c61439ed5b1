"""Marked texts: what a recommendation says in its document, and what a search found."""

import random
import re
from html import unescape
from itertools import pairwise

import pytest

from app.console.public.marking import (
    NEAR,
    PART,
    NamedSpan,
    highlighted,
    marked,
    part_at,
    part_starts,
)
from tests.support.factories import PARK
from tests.support.pages import Reader

TAGS = re.compile(r"<sup>.*?</sup>|<[^>]+>", re.S)


def as_names(stretches):
    return [(own.text, own.names) for own in stretches]


def test_words_that_several_share_belong_to_the_innermost_first():
    found = marked(
        "0123456789", 0, [NamedSpan(1, 9, "A"), NamedSpan(3, 5, "B"), NamedSpan(4, 7, "C")]
    )
    assert as_names(found) == [
        ("0", ()),
        ("12", ("A",)),
        ("3", ("B", "A")),
        ("4", ("B", "C", "A")),
        ("56", ("C", "A")),
        ("78", ("A",)),
        ("9", ()),
    ]


def test_offsets_count_characters_whatever_their_width():
    found = marked("𠮷野家é😀中", 100, [NamedSpan(104, 106, "A")])
    assert [own.text for own in found if own.names] == ["😀中"]


def test_what_reaches_beyond_the_text_is_marked_as_far_as_it_goes():
    found = marked(
        "abc", 10, [NamedSpan(0, 11, "A"), NamedSpan(12, 99, "B"), NamedSpan(13, 20, "C")]
    )
    assert as_names(found) == [("a", ("A",)), ("b", ()), ("c", ("B",))]
    assert [own.last for own in found] == [("A",), (), ()]


@pytest.mark.parametrize("seed", range(20))
def test_marking_changes_no_word_and_marks_just_what_is_covered(seed):
    dice = random.Random(seed)
    text = "".join(dice.choice("一二三𠮷\n a") for _ in range(60))
    starts = [dice.randrange(60) for _ in range(12)]
    spans = [NamedSpan(at, at + dice.randrange(1, 15), str(n)) for n, at in enumerate(starts)]
    found = marked(text, 0, spans)
    assert "".join(own.text for own in found) == text
    position = 0
    for own in found:
        for _ in own.text:
            covering = {s.name for s in spans if s.start <= position < s.end}
            assert set(own.names) == covering
            position += 1


def test_a_highlight_marks_what_was_found():
    told = {"text": "依托算力中心建设", "offset": 4694, "spans": [[4696, 4700]]}
    assert [own.text for own in highlighted(told) if own.names] == ["算力中心"]


def test_a_long_text_is_shown_in_parts_that_begin_with_a_paragraph():
    paragraph = "字" * 700 + "\n"
    text = paragraph * 200
    starts = part_starts(text)
    assert starts[0] == 0
    assert all(text[at - 1] == "\n" for at in starts[1:])
    assert all(b - a <= PART + NEAR for a, b in pairwise([*starts, len(text)]))
    assert part_at(starts, starts[1]) == 2
    assert part_at(starts, starts[1] - 1) == 1
    assert len(part_starts("字" * 100_000)) == 4
    assert part_starts("") == [0]


@pytest.mark.parametrize("reference", ["D000", "D001", "D002", "D003", "D004"])
def test_a_document_is_shown_as_it_stands_with_the_words_of_all_its_recommendations(
    reader, client, reference
):
    reader.get(f"/documents/{reference}/text")
    text = reader.response.get_data(as_text=True)
    reader.get(f"/documents/{reference}")
    html = reader.response.get_data(as_text=True)
    shown = html.split('<div class="source" lang="zh-CN">')[1].split("</div>")[0]
    assert unescape(TAGS.sub("", shown)).strip("\n") == text.strip("\n")
    query = f"document={reference}&expand=passages&limit=200"
    listed = client.get(f"/api/v1/recommendations?{query}").get_json()["items"]
    assert listed
    for row in listed:
        assert f'href="/recommendations/{row["reference"]}"' in shown
        assert shown.count(f'id="{row["reference"]}"') == 1


def test_a_correction_stands_beside_the_words_as_printed(reader):
    reader.get("/documents/D002")
    html = reader.response.get_data(as_text=True)
    assert '<a href="#note-1">' in html
    assert 'id="note-1"' in html
    assert "职业目录、" in html


def test_a_long_document_is_read_part_by_part_and_each_passage_leads_to_its_own(
    reader, monkeypatch
):
    monkeypatch.setattr("app.console.public.marking.PART", 1500)
    reader.get(f"/recommendations/{PARK}")
    [where] = [link for link in reader.page.links if link.startswith("/documents/D002?part=")]
    address, _, anchor = where.partition("#")
    reader.get(address)
    html = reader.response.get_data(as_text=True)
    assert f'id="{anchor}"' in html
    assert "以大模型企业为链主单位" in html
    reader.get("/documents/D002?part=99")
    assert reader.status == 404


def test_a_recommendation_shows_its_words_within_those_around_them(reader):
    reader.get(f"/recommendations/{PARK}")
    html = reader.response.get_data(as_text=True)
    quoted = html.split('<blockquote class="source">')[1].split("</blockquote>")[0]
    assert "<mark>以大模型企业为链主单位,建设郑州人工智能产业园</mark>" in quoted
    assert len(TAGS.sub("", quoted)) > 100


def test_a_search_marks_what_it_found_and_says_what_tags_added(app):
    reader = Reader(app.test_client())
    reader.get("/search?q=算力中心")
    html = reader.response.get_data(as_text=True)
    assert "<mark>算力中心</mark>" in html
    assert "<mark>算力基础设施</mark>" in html
    [off] = [link for link in reader.page.links if "expand=none" in link]
    reader.get(off)
    html = reader.response.get_data(as_text=True)
    assert "<mark>算力中心</mark>" in html
    assert "<mark>算力基础设施</mark>" not in html
    assert any("expand" not in link and "q=" in link for link in reader.page.links)


def test_a_facet_leads_to_as_many_hits_as_it_says(reader):
    reader.get("/search?q=算力中心")
    html = reader.response.get_data(as_text=True)
    facets = re.findall(r'<a href="([^"]+)"><bdi>[^<]*</bdi></a> (\d+)<', html)
    assert len(facets) > 10
    for address, number in facets[:8]:
        reader.get(unescape(address) + "&limit=200")
        assert reader.response.get_data(as_text=True).count('<article class="row">') == int(number)
