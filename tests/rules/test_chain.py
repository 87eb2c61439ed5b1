"""Stories and hashes of events."""

import json

import pytest

from app.audit.rules.chain import (
    BEFORE_SEALS,
    CHAINED,
    ERASED,
    EVENT,
    FIRST_HASH,
    SCHEME,
    SEALED,
    broken_links,
    event_hash,
    plain_json,
)
from app.audit.rules.narration import narrate
from app.audit.rules.sealed_texts import seal_texts

CASES = [
    (
        "recommendation.progress_changed",
        {"progress": ["in_progress", "implemented"], "evidence": [[], [{"title": "a"}]]},
        "落实进展：由“推进中”改为“已落实（待核验）”，附证明材料 1 份",
    ),
    (
        "recommendation.progress_changed",
        {"progress": ["planned", "deferred"], "review_on": [None, "2027-03-01"]},
        "落实进展：由“已计划”改为“暂缓”，2027-03-01 再议",
    ),
    (
        "recommendation.acceptance_changed",
        {"acceptance": ["undecided", "accepted"]},
        "采纳情况：由“未表态”改为“采纳”",
    ),
    ("recommendation.tagged", {"tags": [["a", "b"], ["b", "c"]]}, "加标签 c；去标签 a"),
    (
        "recommendation.reported",
        {"percent": [None, 40], "evidence": [[], []]},
        "报告进展：完成 40%",
    ),
    ("recommendation.edited", {"due_on": [None, "2027-06-30"]}, "办理期限由“无”改为“2027-06-30”"),
    ("recommendation.created", {"progress": [None, "not_started"]}, "按原文登记入库"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "changes", "story"), CASES)
def test_an_event_tells_what_happened(operation, changes, story):
    zh, en = narrate(operation, changes)
    assert zh == story
    assert en
    assert en.isascii()


def example(scheme):
    row = dict.fromkeys(EVENT) | {"scheme": scheme}
    if scheme == SCHEME:
        row |= {"seals": "{}", "salts": "{}"}
    return row | {"sequence": 1, "at": "2026-11-21T01:00:00+00:00", "changes": "{}"}


@pytest.mark.parametrize(
    ("scheme", "names"), [(None, BEFORE_SEALS), (2, CHAINED), (3, CHAINED), (SCHEME, SEALED)]
)
def test_every_column_changes_the_hash(scheme, names):
    row = example(scheme)
    for name in names:
        other = '{"a":1}' if name in ("changes", "seals") else "other"
        assert event_hash(row | {name: other}) != event_hash(row)


@pytest.mark.parametrize(
    ("scheme", "agreed"),
    [
        (None, "edc8d2ceb7769d75d6740b61ac27f67947de542f9cb4461d7c053f74b27ca09b"),
        (2, "3c46757186d11e16cafefe4698d3b5d585a6106a1e392483f6dec89f46100a12"),
        (3, "bdeeb4eca81cbebef32dd7c7964b84258cfcdaa46ada6e377587f3bdeb5ae3b4"),
        (4, "d8b4eaf486a1ab282642a247296b5cbdee8d3a1295fd66c8347e5bc4d32cf401"),
    ],
)
def test_the_hash_is_what_was_agreed(scheme, agreed):
    """A change of this value breaks every chain that exists: it needs a new scheme."""
    assert event_hash(example(scheme)) == agreed
    assert event_hash(dict(reversed(example(scheme).items()))) == agreed


@pytest.mark.parametrize("schemes", [(None, 2, 3), (2, 2, 3), (2, 3, 2)])
def test_events_of_several_schemes_make_one_chain(schemes):
    assert list(broken_links(chain_of(schemes), {})) == []
    for scheme in {None, 2, 3}:
        changed = chain_of(schemes)
        changed[1]["scheme"] = scheme
        told = list(broken_links(changed, {}))
        assert bool(told) == (scheme != schemes[1])


def test_an_event_holds_nothing_that_its_scheme_does_not_cover():
    for scheme, false in ((None, 1), (1, 1), (2, 0), (3, 0), (4, 1), (5, 1)):
        [row] = chain_of([scheme], record_hash="0" * 64)
        assert len(list(broken_links([row], {}))) == false


WRITTEN = {
    "changes": '{"state":["open","kept"],"text":[null,"电话 0371-1"]}',
    "note": "说明",
    "record_hash": "f" * 64,
}


def sealed_event():
    """Return an event with texts, sealed, as the first of a chain."""
    row = example(SCHEME) | WRITTEN | {"previous_hash": FIRST_HASH}
    row |= seal_texts(row)
    return row | {"hash": event_hash(row)}


def test_what_people_wrote_is_covered_through_seals():
    row = sealed_event()
    assert set(json.loads(row["seals"])) == {"note", "record_hash", "changes.text"}
    assert "0371" not in row["seals"]
    assert list(broken_links([row], {})) == []
    other = WRITTEN["changes"].replace("0371-1", "0371-2")
    for changed in (
        {"note": "别的"}, {"note": None}, {"record_hash": "e" * 64}, {"changes": other},
        {"changes": other.replace("kept", "missed")}, {"salts": "{}"}, {"salts": None},
        {"changes": WRITTEN["changes"].replace(",", ", ")}, {"note": ERASED},
    ):  # fmt: skip
        assert len(list(broken_links([row | changed], {}))) == 1, changed


UNREADABLE = (None, "", "{", "[]", "1", "null", '{"changes.text":1}', 0)


@pytest.mark.parametrize("column", ["changes", "seals", "salts"])
def test_what_is_no_json_any_more_does_not_fit_and_the_rest_is_looked_at(column):
    rows = chain_of([SCHEME, SCHEME, SCHEME])
    for value in UNREADABLE:
        for scheme in (2, 3, SCHEME, 5, None, "4"):
            changed = [rows[0], rows[1] | {column: value, "scheme": scheme}, rows[2]]
            assert list(broken_links(changed, {})) == ["event 2 does not fit the chain"]


def test_a_text_that_was_erased_with_its_salt_leaves_the_chain_whole():
    row = sealed_event()
    salts = json.loads(row["salts"])
    del salts["changes.text"], salts["note"]
    gone = {
        "changes": WRITTEN["changes"].replace("电话 0371-1", ERASED),
        "note": ERASED,
        "salts": plain_json(salts),
    }
    assert list(broken_links([row | gone], {})) == []
    assert list(broken_links([row | gone | {"note": None}], {})) == []
    for back in ({"note": "说明"}, {"note": "别的"}, {"changes": WRITTEN["changes"]}):
        assert len(list(broken_links([row | gone | back], {}))) == 1


def chain_of(schemes, **columns):
    """Return a chain with an event of each of *schemes*."""
    rows, previous = [], FIRST_HASH
    for number, scheme in enumerate(schemes, 1):
        row = example(scheme) | columns | {"sequence": number, "previous_hash": previous}
        previous = event_hash(row)
        rows.append(row | {"hash": previous})
    return rows
