"""A dossier as a page to print: what its JSON says, in Chinese or in English."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.codes import (
    Acceptance,
    Clock,
    CommitmentState,
    LabelledEnum,
    Progress,
    ProposalKind,
    ProposerRole,
    ReplyOutcome,
)
from app.core.rules.state_groups import BEGUN, CARRIED_OUT
from app.core.types import Values
from app.figures.dossier.api.dossier_words import WORDS
from app.figures.pictures import DayCount, FunnelStep, calendar_of_days, funnel
from app.http.problems import language
from app.http.responses import PREFIX, next_address

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def by_session(items: Sequence[Values]) -> list[tuple[Values | None, list[Values]]]:
    """Return the proposals of a page by the session at which they were made, in their order."""
    grouped = groupby(items, lambda item: item["session"])
    return [(session, list(own)) for session, own in grouped]


def day_in(zone: tzinfo, moment: datetime) -> str:
    """Return the day on which *moment* was."""
    return moment.astimezone(zone).date().isoformat()


CODES: dict[str, type[LabelledEnum]] = {
    "acceptance": Acceptance,
    "clock": Clock,
    "kind": ProposalKind,
    "outcome": ReplyOutcome,
    "progress": Progress,
    "promise": CommitmentState,
    "role": ProposerRole,
}
"""What the codes of a dossier are of."""

REACHED = {
    Progress.IN_PROGRESS: sorted(BEGUN),
    Progress.IMPLEMENTED: sorted(CARRIED_OUT),
    Progress.VERIFIED: [Progress.VERIFIED],
}
"""A step of the funnel, and where those stand that came as far."""


class PageHead(NamedTuple):
    """What a page says besides its JSON: the day in its zone, what was asked, what is due when."""

    today: date
    zone: tzinfo
    asked: str
    due: Sequence[tuple[DayCount, str]]


def dossier_page(about: PageHead, written: Values) -> str:
    """Return the page that says what the JSON of a dossier was *written* of."""
    zh = language() == "zh"
    words = WORDS["zh" if zh else "en"]
    heading = written["tag"]["name_zh" if zh else "name_en"] if written["tag"] else ""
    shown = [one for item in written["items"] for one in item["recommendations"]]
    steps = funnel_steps(written["figures"], words)
    return TEMPLATES.get_template("dossier.html").render(
        api=PREFIX,
        day=partial(day_in, about.zone),
        groups=by_session(written["items"]),
        drawn=pictures(steps, about.due, words),
        following=next_address(written["next"]) if written["next"] else None,
        heading=" · ".join(filter(None, (heading, about.asked))),
        label=label_in(zh),
        lang="zh-CN" if zh else "en",
        name=name_in(zh),
        shown=len(shown),
        steps=steps,
        today=about.today,
        due=about.due,
        words=words,
        written=written,
    )


def name_in(zh: bool) -> object:
    """Return what gives the name of a record in short, in English where that is asked and known."""

    def name(record: Values) -> str:
        return str((None if zh else record["name_en"]) or record["name_zh"])

    return name


def label_in(zh: bool) -> object:
    """Return what gives the label of a code of one of CODES."""

    def label(kind: str, code: str) -> str:
        return CODES[kind](code).labels[0 if zh else 1]

    return label


def funnel_steps(figures: Values, words: Values) -> list[tuple[FunnelStep, str]]:
    """Return from asked to verified how many came how far, each with its list."""
    counts = {entry["code"]: entry for entry in figures["counts"]}
    stages = {entry["progress"]: entry for entry in figures["stages"]}
    steps = [
        (FunnelStep(words[code], counts[code]["number"]), counts[code]["list"])
        for code in ("asked", "accepted")
    ]
    for progress, standing in REACHED.items():
        number = sum(stages[one]["number"] for one in standing)
        address = counts["asked"]["list"] + "".join(f"&progress={one}" for one in standing)
        steps.append((FunnelStep(words[progress], number), address))
    return steps


def pictures(
    steps: Sequence[tuple[FunnelStep, str]], due: Sequence[tuple[DayCount, str]], words: Values
) -> Values:
    """Return the pictures of a page, as SVG: how far all came, and what comes due when."""
    spoken = words["language"]
    title, said = words["funnel"], words["funnel_said"]
    drawn = {"funnel": funnel(title, said, [step for step, _ in steps], spoken)}
    if due:
        title, said = words["due"], words["due_said"]
        drawn["due"] = calendar_of_days(title, said, [day for day, _ in due], spoken)
    return drawn
