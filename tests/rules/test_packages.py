"""What stands in packed and in older documents is read in bounds, whatever comes in."""

import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.register.files.rules.archives import MOST_XML, broken_part
from app.register.files.rules.compound import CompoundFile
from app.register.files.rules.files import EMPTY, format_of, mistake
from tests.support import compound as older
from tests.support.documents import RELATION, packed, relations, word
from tests.support.papers import PDF, TEXT

SECTOR = 512


def says(filename, content):
    """Return what is wrong with a file, in English, or None."""
    sentence = mistake(format_of(filename), io.BytesIO(content))
    return sentence and sentence[1]


def opened(content):
    return CompoundFile(io.BytesIO(content))


SIGNS = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"], exclude_characters="\0")
NAMES = st.text(SIGNS, min_size=1, max_size=31)
BRANCHES = st.recursive(
    st.binary(max_size=5000),
    lambda inner: st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
TREES = st.dictionaries(NAMES, BRANCHES, max_size=4)


def streams_in(tree):
    """Yield the name and the content of every stream of *tree*."""
    for name, content in tree.items():
        if isinstance(content, bytes):
            yield name, content
        else:
            yield from streams_in(content)


@given(TREES, st.sampled_from([512, 4096]))
def test_each_stream_of_a_compound_file_comes_back(tree, size):
    document = opened(older.compound(tree, size))
    streams = [entry for entry in document.entries if entry.kind == 2]
    found = sorted((entry.name, document.content(entry)) for entry in streams)
    assert found == sorted(streams_in(tree))
    assert sorted(entry.name for entry in document.children()) == sorted(tree)


@given(
    st.lists(st.tuples(st.integers(0, 6000), st.sampled_from([0, 1, 2, 7, 0xFE, 0xFF]))),
    st.integers(0, 12_000),
)
def test_whatever_stands_in_a_compound_file_is_judged(changes, length):
    content = bytearray(older.compound(TEXT | {"A": {"\x01Ole10Native": b"1", "Package": b"PK"}}))
    for place, sign in changes:
        content[place % len(content)] = sign
    says("a.doc", bytes(content[: max(8, length)]))
    says("a.et", bytes(content))


def test_a_chain_of_sectors_that_comes_back_to_itself_ends():
    content = bytearray(older.compound(TEXT))
    table = struct.unpack_from("<I", content, 76)[0]
    place = (table + 1) * SECTOR
    for number in range(SECTOR // 4):
        struct.pack_into("<I", content, place + 4 * number, 0)
    assert "broken" in says("a.doc", bytes(content))


def test_a_list_of_tables_that_comes_back_to_itself_ends():
    content = bytearray(older.compound(TEXT))
    struct.pack_into("<II", content, 68, 0, 1)
    struct.pack_into("<I", content, SECTOR + SECTOR - 4, 0)
    says("a.doc", bytes(content))  # it comes to an end


def test_streams_that_stand_for_the_same_bytes_are_not_read_without_end():
    """Each of fifty entries says that it is the same object of 9 MiB."""
    content = older.compound({"WordDocument": older.words(), "\x01Ole10Native": bytes(9 * 1024**2)}
                             | {f"Package{number}": b"1" for number in range(50)})  # fmt: skip
    document = opened(content)
    whole = next(entry for entry in document.entries if entry.name == "\x01Ole10Native")
    changed = content
    for entry in document.entries:
        if entry.name.startswith("Package"):
            changed = renamed(changed, entry.name, whole)
    assert "once unpacked" in says("a.doc", changed)


def renamed(content, name, entry):
    """Return *content* with the entry called *name* as one like *entry*."""
    at = content.index(name.encode("utf-16-le") + b"\0\0")
    own = "\x01Ole10Native".encode("utf-16-le")
    begun = own.ljust(64, b"\0") + struct.pack("<H", len(own) + 2) + content[at + 66 : at + 116]
    return content[:at] + begun + struct.pack("<II", entry.start, entry.size) + content[at + 124 :]


TARGETS = st.text(st.sampled_from("word/document.xml.%2e\\:#?"), max_size=30)


@given(TARGETS, st.sampled_from(["Internal", "External", "?"]))
def test_wherever_a_package_leads_is_said_or_is_its_main_part(target, mode):
    main = relations((f"{RELATION}/officeDocument", target, mode))
    sentence = says("a.docx", packed(word(more={"_rels/.rels": main})))
    assert sentence is None or "main part" in sentence or "is not" in sentence


@given(st.binary(max_size=2000))
def test_whatever_the_relations_are_is_judged(content):
    sentence = says("a.docx", packed(word(more={"_rels/.rels": content})))
    assert sentence == broken_part("_rels/.rels")[1]


@pytest.mark.parametrize(
    "relation",
    [
        "<Relationships><a b='" + "x" * (MOST_XML - 100) + "'/></Relationships>",
        "<Relationships>" + "<a>" * (MOST_XML // 3) + "</Relationships>",
        "<Relationships>" + "<a/>" * (MOST_XML // 3) + "</Relationships>",
    ],
    ids=["one long word", "deep", "long"],
)
def test_relations_of_any_size_are_refused_in_bounds(relation):
    content = packed(word(more={"_rels/.rels": relation}), zipfile.ZIP_STORED)
    tracemalloc.start()
    try:
        assert says("a.docx", content) is not None
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024**2
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=1100))
def test_a_pdf_begins_at_a_line_within_its_first_bytes(before):
    begins = (not before or before[-1:] in b"\r\n") and len(before) + 5 <= 1024
    if b"%PDF-" not in before:
        assert (says("a.pdf", before + PDF) is None) is begins


SHOWN = st.text(st.characters(categories=["L", "N"], exclude_characters="\u115f\u1160\u3164\uffa0"))
NOTHING = st.text(st.sampled_from("\ufeff \t\r\n\u00a0\u2003\u3000\u200b\u200d\u2060\u3164\u00ad"))


@given(NOTHING, st.sampled_from(["", "。", "，", ".", "-", "“", "、"]), NOTHING)
def test_a_text_that_shows_a_mark_at_most_is_empty(before, mark, after):
    assert says("a.txt", (before + mark + after).encode()) == EMPTY[1]


@given(NOTHING, SHOWN.filter(bool), NOTHING)
def test_a_text_that_shows_a_letter_is_not_empty(before, shown, after):
    assert says("a.txt", (before + shown + after).encode()) is None
