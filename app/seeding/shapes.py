"""What each curated record of master data must hold, so that its load does not stumble."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from app.core.codes import Capacity, LabelledEnum, NameStatus, OrganizationKind, SessionKind
from app.core.rules.folding import folded
from app.core.types import Values
from app.register.people.rules import lacks_source
from app.seeding.files import SeedSet

Kind = type[object]

NEEDED: dict[str, dict[str, Kind]] = {
    "organization": {
        "slug": str,
        "kind": OrganizationKind,
        "name_zh": str,
        "aliases": list,
        "region_code": str,
        "is_office": bool,
    },
    "tag": {"slug": str, "name_zh": str, "name_en": str, "definition": str, "synonyms": list},
    "session": {"slug": str, "body": str, "kind": SessionKind, "name_zh": str},
    "person": {"slug": str, "name": str, "capacity": Capacity, "body": str},
}
"""Record → the fields that it must have, and what stands in them."""

ALLOWED: dict[str, dict[str, Kind]] = {
    "organization": {
        "parent": str,
        "name_en": str,
        "is_vertical": bool,
        "name_status": NameStatus,
        "name_source": str,
    },
    "tag": {"broader": str},
    "session": {
        "name_en": str,
        "term": int,
        "meeting": int,
        "starts_on": date,
        "ends_on": date,
        "note": str,
    },
    "person": {"note": str},
}
"""Record → the fields that it may have besides."""

ABOVE = {"organization": "parent", "tag": "broader"}
"""Record → the field that names the one above it."""


def check_shapes(seeds: SeedSet) -> Iterator[str]:
    """Yield a sentence for each field that is missing, unknown, or holds what it cannot."""
    for kind, records in records_of(seeds).items():
        for number, record in enumerate(records, 1):
            name = f"{kind} {record.get('slug', f'number {number}')}"
            yield from (f"{name}: {problem}" for problem in wrong_fields(kind, record))


def records_of(seeds: SeedSet) -> dict[str, list[Values]]:
    """Return the records of master data by their kind."""
    persons = [person for document in seeds.documents for person in document.persons]
    return {
        "organization": seeds.organizations,
        "tag": seeds.tags,
        "session": seeds.sessions,
        "person": persons,
    }


def wrong_fields(kind: str, record: Values) -> Iterator[str]:
    """Yield what is wrong with the fields of one record of *kind*."""
    known = NEEDED[kind] | ALLOWED[kind]
    yield from (f"{name} is missing" for name in NEEDED[kind] if name not in record)
    for name, value in record.items():
        if name not in known:
            yield f"{name} is no field of it"
        elif not fits(value, known[name]):
            yield f"{name} cannot be {value!r}"


def fits(value: object, kind: Kind) -> bool:
    """Return whether *value* is what stands in a field of *kind*; lists hold texts."""
    if issubclass(kind, LabelledEnum):
        return isinstance(value, str) and value in set(kind)
    if kind is list:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, kind) and isinstance(value, bool) is (kind is bool)


def check_trees(seeds: SeedSet) -> Iterator[str]:
    """Yield a sentence for each record that stands above itself."""
    for kind, field in ABOVE.items():
        above = {one["slug"]: one.get(field) for one in records_of(seeds)[kind]}
        for slug in above:
            seen, place = {slug}, above[slug]
            while place is not None and place not in seen:
                seen.add(place)
                place = above.get(place)
            if place == slug:
                yield f"{kind} {slug}: its {field} stands below it"


def check_words(seeds: SeedSet) -> Iterator[str]:
    """Yield a sentence for each word that two tags have, or two organizations are called by."""
    tags = {
        one["slug"]: (one["slug"], one["name_zh"], one["name_en"], *one["synonyms"])
        for one in seeds.tags
    }
    yield from shared("tags", tags)
    yield from shared("organizations", {o["slug"]: (o["name_zh"],) for o in seeds.organizations})
    for one in seeds.organizations:
        if lacks_source(one.get("name_status"), one.get("name_source")):
            yield f"organization {one['slug']}: name_source is missing for its name_status"


def shared(kind: str, words: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield a sentence for each word under which several of *words*, slug → words, are found."""
    found: dict[str, set[str]] = defaultdict(set)
    for slug, names in words.items():
        for name in names:
            found[folded(name)].add(slug)
    for word, slugs in found.items():
        if len(slugs) > 1:
            yield f"{kind} {', '.join(sorted(slugs))} share the word {word}"
