"""The day of a step: today, or an earlier one with the paper that it rests on."""

from dataclasses import replace
from datetime import date

from app.core.errors import Sentence
from app.handling.assignments.services.context import Work, wrong_day


def dated(work: Work, on: date, paper: str | None = None) -> Work:
    """Return *work* as of the day *on* which something was done, by what *paper*.

    Every limit then counts from that day, as if it had been entered on it. Whoever takes it asks
    wrong_step_day() what is wrong with it.
    """
    return replace(work, today=on, paper=paper or work.paper, entered=work.entered_on)


def wrong_step_day(work: Work, begun: date | None = None) -> dict[str, Sentence]:
    """Return what is wrong with the day of *work*, as fields `on` and `paper`.

    It is not to come, and not before *begun*, the day of the step before; an earlier one than that
    on which it is entered rests on a paper.
    """
    wrong = wrong_day(work.today, begun or work.today, work.entered_on)
    if work.today < work.entered_on and work.paper is None:
        wrong["paper"] = NEEDS_PAPER
    return wrong


NEEDS_PAPER: Sentence = (
    "补录早于今天的事项，须写明所依据的文件，如“市委办〔2026〕3号”",
    "a step of an earlier day rests on a paper: name it, such as a letter with its number",
)
