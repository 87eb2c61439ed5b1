"""Reading and checking the schemes of categories that proposals are sorted into."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.codes import ProposalKind
from app.core.rules.folding import folded
from app.core.types import Given, Values
from app.deadlines.rules.categories import NONE
from app.models import Organization, Sitting
from app.seeding.files import SeedSet
from app.seeding.shapes import Kind, fits

NEEDED: Mapping[str, Kind] = {
    "slug": str,
    "edition": int,
    "name_zh": str,
    "name_en": str,
    "source": str,
    "categories": list,
}
ALLOWED: Mapping[str, Kind] = {
    "is_default": bool,
    "bodies": list,
    "kinds": list,
    "sessions": list,
    "holds_from": date,
}
"""What a scheme must say, and what it may say besides."""

CATEGORY = ("code", "label_zh", "label_en")
WORD = re.compile(r"[a-z0-9_-]{1,40}")
LONGEST = {"name_zh": 100, "name_en": 200, "source": 300, "label_zh": 100, "label_en": 100}


def check_category_schemes(seeds: SeedSet) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with the schemes of categories."""
    schemes = seeds.papers["category_schemes"]
    for number, scheme in enumerate(schemes, 1):
        name = f"category scheme {scheme.get('slug', f'number {number}')}@{scheme.get('edition')}"
        misshapen = list(wrong_shape(scheme))
        problems = misshapen or [*wrong_holding(scheme), *wrong_words(scheme)]
        yield from (f"{name}: {problem}" for problem in problems)
    yield from wrong_editions(schemes)


def wrong_shape(scheme: Given) -> Iterator[str]:
    """Yield the fields of *scheme* that are missing, unknown, or hold what they cannot."""
    known: Mapping[str, Kind] = {**NEEDED, **ALLOWED, "reference": str}
    yield from (f"缺少 / is missing: {name}" for name in NEEDED if name not in scheme)
    for name, value in scheme.items():
        if name not in known:
            yield f"没有这个字段 / is no field of it: {name}"
        elif not fits_scheme(name, value, known[name]):
            yield f"{name} 不能是 / cannot be {value!r}"


def fits_scheme(name: str, value: object, kind: Kind) -> bool:
    """Return whether *value* can stand in the field *name* of a scheme: a text is not blank."""
    if name == "categories":
        return isinstance(value, list) and bool(value) and all(map(is_category, value))
    return fits(value, kind) and (not isinstance(value, str) or is_line(name, value))


def is_category(row: object) -> bool:
    """Return whether *row* has a code and both labels, and nothing else."""
    return (
        isinstance(row, dict)
        and sorted(row) == sorted(CATEGORY)
        and all(isinstance(text, str) and is_line(name, text) for name, text in row.items())
    )


def is_line(name: str, text: str) -> bool:
    """Return whether *text* is one line, not blank and not too long; a label has no colon."""
    one_line = text.isprintable() and bool(text.strip()) and len(text) <= LONGEST.get(name, 80)
    return one_line and not (name.startswith("label_") and ":" in text)


def wrong_holding(scheme: Given) -> Iterator[str]:
    """Yield what is wrong with where *scheme* holds: for no kind there is, or nowhere at all."""
    for word in scheme.get("kinds", ()):
        if word not in set(ProposalKind):
            yield f"kinds: 没有 {word} / there is no {word}"
    named = scheme.get("bodies") or scheme.get("sessions")
    if scheme.get("is_default") and scheme.get("bodies"):
        yield "bodies: 默认分类表不限定机构 / one that holds by default names no body"
    if not scheme.get("is_default") and not named:
        yield "bodies: 处处不适用 / holds nowhere: name a body or a session, or let it be default"


def names_of_nothing(session: Session, seeds: SeedSet) -> list[str]:
    """Return a sentence for each body and session of a scheme that neither file nor register has.

    A city enters its own over the interface, where no file has them.
    """
    found = []
    for name, model, records in (
        ("bodies", Organization, seeds.organizations),
        ("sessions", Sitting, seeds.sessions),
    ):
        known = {one["slug"] for one in records} | set(session.scalars(select(model.slug)))
        for scheme in seeds.papers["category_schemes"]:
            found += [
                f"category scheme {scheme['reference']}: {name}: 没有 {word} / there is no {word}"
                for word in scheme.get(name, ())
                if word not in known
            ]
    return found


def wrong_words(scheme: Given) -> Iterator[str]:
    """Yield what is wrong with the slug and the categories of *scheme*."""
    categories = scheme["categories"]
    for word in (scheme["slug"], *(one["code"] for one in categories)):
        if not WORD.fullmatch(word) or word == NONE:
            yield (
                f"{word}: 只用小写字母、数字、- 和 _，最长 40 个，且不能是 none"
                " / takes lower-case letters, digits, - and _, at most 40, and is not none"
            )
    words = Counter(word for one in categories for word in {folded(one[name]) for name in CATEGORY})
    for word in (word for word, times in words.items() if times > 1):
        yield f"categories: 两类同用一词 / two of them share the word {word}"
    if scheme["edition"] < 1:
        yield "edition: 从 1 起 / is counted from 1"


def wrong_editions(schemes: list[Values]) -> Iterator[str]:
    """Yield the schemes whose editions do not follow one another, from 1 on."""
    numbers: dict[str, list[int]] = {}
    for scheme in schemes:
        if isinstance(scheme.get("edition"), int):
            numbers.setdefault(str(scheme.get("slug")), []).append(scheme["edition"])
    for slug, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            message = ", ".join(map(str, found))
            yield f"category scheme {slug}: edition: 版次不连续 / not one after another: {message}"
