"""When two short texts are one."""

import pytest

from app.core.rules.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0008", " 0008 "),
        ("0008", "０００８"),
        ("A-17", "ａ－１７"),
        ("第 8 号", "第8号"),
        ("第\u30008号", "第8号"),
        ("AI产业园", "ai 产业园"),
    ],
)
def test_texts_that_are_typed_otherwise_are_one(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("0008", "008"), ("0008", "00081"), ("8号", "8")])
def test_other_texts_stay_others(one, other):
    assert folded(one) != folded(other)
