"""How much of what grows an answer shows."""

from types import SimpleNamespace

from app.core.rules.sizes import (
    PAGE_BYTES,
    SHOWN,
    SHOWN_BYTES,
    fitting,
    newest,
    open_and_newest,
    with_evidence,
)


def test_the_newest_are_the_last_in_their_order():
    assert newest(range(3)) == [0, 1, 2]
    assert newest(range(100)) == list(range(100 - SHOWN, 100))
    assert newest([]) == []
    assert newest(range(9), most=2) == [7, 8]


def test_of_what_is_long_fewer_are_shown_and_the_last_always():
    def half(row):
        return SHOWN_BYTES // 2

    assert newest(range(9), half) == [7, 8]
    assert newest(range(9), lambda row: SHOWN_BYTES * 3) == [8]
    assert newest(range(9), lambda row: SHOWN_BYTES if row == 7 else 1) == [8]
    assert newest([], half) == []


def test_a_text_weighs_what_it_has_in_an_answer():
    row = SimpleNamespace(text="长", evidence=[])
    assert with_evidence(row) == len('["长", []]'.encode())


def test_a_page_holds_what_fits_and_at_least_one():
    assert fitting([]) == 0
    assert fitting([1] * 9) == 9
    assert fitting([PAGE_BYTES * 2, 1]) == 1
    assert fitting([PAGE_BYTES - 1, 1, 1]) == 2


def test_what_waits_is_shown_before_what_ended():
    def task(number, ended_on=None):
        return SimpleNamespace(id=number, ended_on=ended_on)

    tasks = [task(1), *(task(n, "2026-03-02") for n in range(2, 100))]
    shown = [one.id for one in open_and_newest(tasks)]
    assert shown == [1, *range(101 - SHOWN, 100)]
    waiting = [task(n) for n in range(1, 100)]
    assert [one.id for one in open_and_newest(waiting)] == list(range(100 - SHOWN, 100))
