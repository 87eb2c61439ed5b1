"""Reading the papers that procedure follows: calendars, rule profiles, labels, categories."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from app.core.codes import (
    Assessment,
    ExtensionMode,
    LimitKind,
    ProposalKind,
    ReplyOutcome,
    Unit,
)
from app.core.errors import InvalidChange, Sentence
from app.core.types import Values
from app.deadlines.rules.calendars import LAST_YEAR
from app.deadlines.rules.rulebook import limit_of
from app.seeding.reading import names_in, read_text, toml_in

LEVELS = ("national", "provincial", "city")
FIRST_YEAR = 1949

CALENDAR: Mapping[str, type] = {"year": int, "editions": list}
EDITION: Mapping[str, type] = {"edition": int, "paper": str, "rest": list, "work": list}
REST: Mapping[str, type] = {"from": date, "to": date, "holiday": str}
WORK: Mapping[str, type] = {"on": date, "holiday": str}
"""What a calendar, its editions and their days are made of; nothing else may stand there."""

MAY_LACK = "work"
LONGEST_PAPER = 200
KINDS: Mapping[type, Sentence] = {
    int: ("应为整数", "must be a whole number"),
    str: ("应为文字", "must be a text"),
    date: ("应为日期，如 2027-01-01", "must be a day, such as 2027-01-01"),
    list: ("应为列表", "must be a list"),
}


def papers_in(files: Mapping[str, str]) -> dict[str, list[Values]]:
    """Return the calendars, profiles and schemes among *files*, a record for each edition."""
    profiles = toml_in(files, "profiles.toml")["profiles"]
    schemes = toml_in(files, "label-schemes.toml")["schemes"]
    years = names_in(files, "calendars")
    return {
        "calendars": [row for name in years for row in calendar_in(files, name)],
        "profiles": [with_reference(record) for record in profiles],
        "schemes": [with_reference(record) for record in schemes],
        "category_schemes": category_schemes_in(files),
    }


def category_schemes_in(files: Mapping[str, str]) -> list[Values]:
    """Return the schemes of categories; none where an older folder has no such file."""
    name = "category-schemes.toml"
    schemes: list[Values] = toml_in(files, name).get("schemes", []) if name in files else []
    return [{**one, "reference": f"{one.get('slug')}@{one.get('edition')}"} for one in schemes]


def read_calendar(path: Path) -> list[Values]:
    """Return the editions of the calendar at *path*; see calendar_in()."""
    return calendar_in({path.name: read_text(path)}, path.name)


def calendar_in(files: Mapping[str, str], name: str) -> list[Values]:
    """Return the editions of the year's calendar *name*, days as text.

    Raises InvalidChange whose fields name the file and each key that is not as it must be.
    """
    content = toml_in(files, name)
    wrong = dict(wrong_calendar(content))
    if wrong:
        raise InvalidChange(
            fields={f"{PurePosixPath(name).name} {key}": message for key, message in wrong.items()}
        )
    year = content["year"]
    return [
        {
            "reference": f"{year}@{row['edition']}",
            "year": year,
            "edition": row["edition"],
            "paper": row["paper"],
            "rest": [as_text(span) for span in row["rest"]],
            "work": [as_text(day) for day in row.get("work", [])],
        }
        for row in content["editions"]
    ]


def wrong_calendar(content: Values) -> Iterator[tuple[str, Sentence]]:
    """Yield each key of a calendar that is not as it must be, with what is wrong with it."""
    yield from wrong_keys(content, CALENDAR, "")
    for place, edition in rows_of(content, "editions", ""):
        yield from wrong_keys(edition, EDITION, place)
        for name, keys in (("rest", REST), ("work", WORK)):
            for inner, row in rows_of(edition, name, place):
                yield from wrong_keys(row, keys, inner)


def rows_of(row: object, name: str, place: str) -> Iterator[tuple[str, Any]]:
    """Yield what the list *name* of *row* holds, each with where it stands."""
    found = row.get(name) if isinstance(row, dict) else None
    if isinstance(found, list):
        for number, inner in enumerate(found, 1):
            yield f"{place}{name}[{number}].", inner


def wrong_keys(row: object, keys: Mapping[str, type], place: str) -> Iterator[tuple[str, Sentence]]:
    """Yield the keys of *row* that are unknown, missing, empty or of another kind."""
    if not isinstance(row, dict):
        yield place.rstrip("."), ("应为带键的表", "must be a table with keys")
        return
    for name in sorted(row.keys() - keys.keys()):
        yield f"{place}{name}", ("没有这个键", "is no key of a calendar")
    for name, kind in keys.items():
        if name in row:
            message = wrong_value(name, row[name], kind)
        else:
            message = None if name == MAY_LACK else ("缺少", "is missing")
        if message:
            yield f"{place}{name}", message


def wrong_value(name: str, value: Any, kind: Any) -> Sentence | None:
    """Return what is wrong with the *value* of the key *name*, or None."""
    if type(value) is not kind:  # a truth value is no number, a moment no day
        return KINDS[kind]
    if isinstance(value, str) and not value.strip():
        return ("不能为空", "must not be empty")
    if value == [] and name != MAY_LACK:
        return ("不能为空", "must not be empty")
    if name == "paper" and len(value) > LONGEST_PAPER:
        return (f"最长 {LONGEST_PAPER} 个字符", f"has at most {LONGEST_PAPER} characters")
    if name == "year" and not FIRST_YEAR <= value <= LAST_YEAR:
        return (f"应在 {FIRST_YEAR} 与 {LAST_YEAR} 之间", f"is from {FIRST_YEAR} to {LAST_YEAR}")
    return None


def as_text(row: Values) -> dict[str, str]:
    """Return *row* with its days as text."""
    return {n: v.isoformat() if isinstance(v, date) else str(v) for n, v in row.items()}


def with_reference(row: Values) -> Values:
    """Return *row* with the reference of its edition."""
    return {**row, "reference": f"{row['slug']}@{row['edition']}"}


def check_papers(papers: dict[str, list[Values]]) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with the papers."""
    for kind, records in papers.items():
        references = [record["reference"] for record in records]
        for reference in sorted({r for r in references if references.count(r) > 1}):
            yield f"{kind}: {reference} stands twice"
    yield from wrong_order(papers["calendars"])
    for content in papers["calendars"]:
        yield from (f"{content['reference']}: {message}" for message in wrong_days(content))
    schemes = {content[name] for content in papers["schemes"] for name in ("slug", "reference")}
    for content in papers["profiles"]:
        yield from (
            f"{content['reference']}: {message}" for message in wrong_profile(content, schemes)
        )
    for content in papers["schemes"]:
        yield from (f"{content['reference']}: {message}" for message in wrong_labels(content))


def wrong_order(calendars: list[Values]) -> Iterator[str]:
    """Yield the years whose editions do not follow one another, from any number on."""
    for year in sorted({content["year"] for content in calendars}):
        numbers = [content["edition"] for content in calendars if content["year"] == year]
        first = numbers[0]
        if first < 1 or numbers != list(range(first, first + len(numbers))):
            message = ", ".join(map(str, numbers))
            yield f"{year}: edition: 版次不连续 / the numbers do not follow one another: {message}"


def wrong_days(content: Values) -> Iterator[str]:
    """Yield what is wrong with a calendar: days of another year, work on a day that is worked."""
    yield from doubled_days(content)
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


def doubled_days(content: Values) -> Iterator[str]:
    """Yield the spans that overlap, and the days that are named twice as worked."""
    spans = sorted(content["rest"], key=lambda span: span["from"])
    for before, span in pairwise(spans):
        if span["from"] <= before["to"]:
            message = f"{before['from']} – {before['to']}, {span['from']} – {span['to']}"
            yield f"rest: 时段重叠 / the spans overlap: {message}"
    days = [row["on"] for row in content["work"]]
    for day in sorted({day for day in days if days.count(day) > 1}):
        yield f"work: 重复 / it stands twice: {day}"


def wrong_profile(content: Values, schemes: set[str]) -> Iterator[str]:
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
    for kind, limit in content["limits"].items():
        if limit["unit"] == Unit.FIXED and set(limit["dates"]) != set(LEVELS):
            yield f"{kind}: a day is needed for each of {', '.join(LEVELS)}"
        elif limit["unit"] != Unit.FIXED and limit_of(limit).amount < 1:
            yield f"{kind}: the limit is empty"


def wrong_labels(content: Values) -> Iterator[str]:
    """Yield what is wrong with a scheme: unknown outcomes, or an outcome with two labels."""
    named = [code for label in content["labels"] for code in label.get("outcomes", [])]
    yield from (f"{code} is no outcome" for code in sorted(set(named) - set(ReplyOutcome)))
    yield from (
        f"{code} has two labels" for code in sorted({c for c in named if named.count(c) > 1})
    )
