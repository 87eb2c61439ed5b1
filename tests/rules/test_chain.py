"""Stories and hashes of events."""

import pytest

from app.rules.chain import BEFORE_SEALS, CHAINED, SCHEME, event_hash
from app.rules.stories import tell

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
    zh, en = tell(operation, changes)
    assert zh == story
    assert en
    assert en.isascii()


def example(scheme):
    row = dict.fromkeys(CHAINED) | {"scheme": scheme}
    return row | {"sequence": 1, "at": "2026-11-21T01:00:00+00:00", "changes": "{}"}


@pytest.mark.parametrize(("scheme", "names"), [(None, BEFORE_SEALS), (SCHEME, CHAINED)])
def test_every_column_changes_the_hash(scheme, names):
    row = example(scheme)
    for name in names:
        assert event_hash(row | {name: "other"}) != event_hash(row)


@pytest.mark.parametrize(
    ("scheme", "agreed"),
    [
        (None, "edc8d2ceb7769d75d6740b61ac27f67947de542f9cb4461d7c053f74b27ca09b"),
        (SCHEME, "3c46757186d11e16cafefe4698d3b5d585a6106a1e392483f6dec89f46100a12"),
    ],
)
def test_the_hash_is_what_was_agreed(scheme, agreed):
    """A change of this value breaks every chain that exists: it needs a new scheme."""
    assert event_hash(example(scheme)) == agreed
    assert event_hash(dict(reversed(example(scheme).items()))) == agreed
