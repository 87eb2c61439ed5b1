"""Reading the papers that procedure follows: calendars, rule profiles, label schemes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.rules.rulebook import limit_of
from app.rules.vocabularies import (
    Assessment,
    ExtensionMode,
    LimitKind,
    ProposalKind,
    ReplyOutcome,
    Unit,
)
from app.seeding.reading import read_toml

LEVELS = ("national", "provincial", "city")


def read_papers(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the calendars, profiles and schemes below *folder*, a record for each edition."""
    years = sorted((folder / "calendars").glob("*.toml"))
    return {
        "calendars": [row for path in years for row in read_calendar(path)],
        "profiles": [with_reference(r) for r in read_toml(folder / "profiles.toml")["profiles"]],
        "schemes": [with_reference(r) for r in read_toml(folder / "label-schemes.toml")["schemes"]],
    }


def read_calendar(path: Path) -> list[dict[str, Any]]:
    """Return the editions of a year's calendar, days as text."""
    content = read_toml(path)
    year = content["year"]
    return [
        {
            "reference": f"{year}@{row['edition']}",
            "year": year,
            "edition": row["edition"],
            "paper": row["paper"],
            "rest": [as_text(span) for span in row.get("rest", [])],
            "work": [as_text(day) for day in row.get("work", [])],
        }
        for row in content["editions"]
    ]


def as_text(row: dict[str, Any]) -> dict[str, str]:
    """Return *row* with its days as text."""
    return {n: v.isoformat() if isinstance(v, date) else str(v) for n, v in row.items()}


def with_reference(row: dict[str, Any]) -> dict[str, Any]:
    """Return *row* with the reference of its edition."""
    return {**row, "reference": f"{row['slug']}@{row['edition']}"}


def check_papers(papers: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with the papers."""
    for kind, records in papers.items():
        references = [record["reference"] for record in records]
        for reference in sorted({r for r in references if references.count(r) > 1}):
            yield f"{kind}: {reference} stands twice"
    for content in papers["calendars"]:
        yield from (f"{content['reference']}: {told}" for told in wrong_days(content))
    schemes = {content[name] for content in papers["schemes"] for name in ("slug", "reference")}
    for content in papers["profiles"]:
        yield from (f"{content['reference']}: {told}" for told in wrong_profile(content, schemes))
    for content in papers["schemes"]:
        yield from (f"{content['reference']}: {told}" for told in wrong_labels(content))


def wrong_days(content: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a calendar: days of another year, work on a day that is worked."""
    for span in content["rest"]:
        first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
        if first > last or {first.year, last.year} != {content["year"]}:
            yield f"{first} to {last} is no span of {content['year']}"
    for row in content["work"]:
        day = date.fromisoformat(row["on"])
        if day.year != content["year"] or day.weekday() < 5:
            yield f"{day} is no Saturday or Sunday of {content['year']}"
        if any(span["from"] <= row["on"] <= span["to"] for span in content["rest"]):
            yield f"{day} is both off and worked"


def wrong_profile(content: dict[str, Any], schemes: set[str]) -> Iterator[str]:
    """Yield what is wrong with a profile."""
    for words, known in (
        (content["kinds"], ProposalKind),
        (content["limits"], LimitKind),
        ([content["extension"]], ExtensionMode),
        ([content["assessment"]] if "assessment" in content else [], Assessment),
    ):
        yield from (f"{word} is no {known.__name__}" for word in set(words) - set(known))
    if content.get("label_scheme", next(iter(schemes))) not in schemes:
        yield f"there is no label scheme {content['label_scheme']}"
    for kind, told in content["limits"].items():
        if told["unit"] == Unit.FIXED and set(told["dates"]) != set(LEVELS):
            yield f"{kind}: a day is needed for each of {', '.join(LEVELS)}"
        elif told["unit"] != Unit.FIXED and limit_of(told).amount < 1:
            yield f"{kind}: the limit is empty"


def wrong_labels(content: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a scheme: unknown outcomes, or an outcome with two labels."""
    named = [code for label in content["labels"] for code in label.get("outcomes", [])]
    yield from (f"{code} is no outcome" for code in sorted(set(named) - set(ReplyOutcome)))
    yield from (
        f"{code} has two labels" for code in sorted({c for c in named if named.count(c) > 1})
    )
