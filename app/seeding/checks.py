"""What the curated seed records must satisfy, each check a function from records to sentences."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.core.codes import Specificity, Stance, StretchReason
from app.core.types import Values
from app.register.documents.rules.passages import inside, overlapping, uncovered
from app.seeding.category_schemes import check_category_schemes
from app.seeding.files import LINEAGE_KINDS, SeedDocument, SeedSet
from app.seeding.papers import check_papers
from app.seeding.shapes import check_shapes, check_trees, check_words


def check_seeds(seeds: SeedSet) -> list[str]:
    """Return one sentence for everything that is wrong; an empty list means the seeds are clean."""
    misshapen = list(check_shapes(seeds))
    if misshapen:  # the other checks rely on what is needed
        return misshapen
    problems = [*check_trees(seeds), *check_words(seeds)]
    problems += [*check_slugs(seeds), *check_references(seeds), *check_papers(seeds.papers)]
    problems += check_category_schemes(seeds)
    for document in seeds.documents:
        found = [*document.problems, *check_text(document), *check_links(document, seeds)]
        problems.extend(f"{document.name}: {problem}" for problem in found)
    return problems


def check_slugs(seeds: SeedSet) -> Iterator[str]:
    """Slugs are unique, and a broader tag, a parent and a body exist."""
    tags, organizations = slugs(seeds.tags), slugs(seeds.organizations)
    persons = [p for document in seeds.documents for p in document.persons]
    for kind, records in (
        ("tag", seeds.tags),
        ("organization", seeds.organizations),
        ("session", seeds.sessions),
        ("person", persons),
    ):
        yield from (f"{kind} {slug} stands twice" for slug in twice(r["slug"] for r in records))
    for records, key, known in (
        (seeds.tags, "broader", tags),
        (seeds.organizations, "parent", organizations),
        (seeds.sessions, "body", organizations),
        (persons, "body", organizations),
    ):
        for record in records:
            if record.get(key, None) not in {*known, None}:
                yield f"{record['slug']}: {key} {record[key]} does not exist"


def check_references(seeds: SeedSet) -> Iterator[str]:
    """References are unique, and lineage points at recommendations that exist."""
    documents = [d.fields["reference"] for d in seeds.documents]
    proposals = [p["reference"] for d in seeds.documents for p in d.proposals]
    recommendations = [r["reference"] for d in seeds.documents for r in d.recommendations]
    for reference in twice([*documents, *proposals, *recommendations]):
        yield f"reference {reference} stands twice"
    for record in (r for d in seeds.documents for r in d.recommendations):
        for target in (t for kind in LINEAGE_KINDS for t in record.get(kind, [])):
            if target not in recommendations or target == record["reference"]:
                yield f"{record['reference']}: {target} is no other recommendation"


def check_text(document: SeedDocument) -> Iterator[str]:
    """The page is the one that was curated, and each of its characters has exactly one place."""
    if document.sha256 != document.fields["sha256"]:
        yield f"the text has SHA-256 {document.sha256}, the records are for another"
    owned = [s for p in document.proposals for s in p["spans"]]
    left = [s for stretch in document.stretches for s in stretch["spans"]]
    for first, second in overlapping(owned + left):
        yield f"two records share characters: {first} and {second}"
    for gap in uncovered(document.text, owned + left):
        yield f"belongs to nothing: [{gap.start}, {gap.end}) {document.text[gap.start : gap.end]}"
    for proposal in document.proposals:
        yield from check_recommendations(document, proposal)


def check_recommendations(document: SeedDocument, proposal: Values) -> Iterator[str]:
    """Numbers run from 1; quotations stand inside the proposal; targets inside a quotation."""
    yield from check_numbers(proposal)
    for record in proposal["recommendations"]:
        texts = [document.text[s.start : s.end] for s in record["spans"]]
        if not texts:
            yield f"{record['reference']}: has no passage"
        for span in record["spans"]:
            if not inside(span, proposal["spans"]):
                yield f"{record['reference']}: {span} is outside its proposal"
        for target in record.get("targets", []):
            if not any(target in text for text in texts):
                yield f"{record['reference']}: target {target} is in none of its passages"


def check_numbers(proposal: Values) -> Iterator[str]:
    """Numbers rise from 1, and each that is missing was retired, into such as stand."""
    reference, retired = proposal["reference"], proposal.get("retired", [])
    numbers = [record["number"] for record in proposal["recommendations"]]
    gone = [one["number"] for one in retired]
    whole = sorted(numbers + gone)
    if numbers != sorted(numbers) or whole != list(range(1, len(whole) + 1)):
        yield f"{reference}: numbers are {numbers}, retired {gone}"
    for one in retired:
        if not set(one["into"]) <= set(numbers) or not one["reason"]:
            yield f"{reference}: {one['number']} was retired into none that stands, or without why"


def check_links(document: SeedDocument, seeds: SeedSet) -> Iterator[str]:
    """Every slug a record names exists, and every vocabulary word is a known one."""
    if document.fields.get("session") not in slugs(seeds.sessions):
        yield f"session {document.fields.get('session')} does not exist"
    for stretch in document.stretches:
        if stretch["reason"] not in set(StretchReason):
            yield f"stretch reason {stretch['reason']} is not one of {sorted(StretchReason)}"
    for proposal in document.proposals:
        yield from check_proposers(document, proposal, slugs(seeds.organizations))
    offices = {o["slug"] for o in seeds.organizations if o["is_office"]}
    for record in document.recommendations:
        yield from check_names(record, slugs(seeds.tags), offices)


def check_proposers(
    document: SeedDocument, proposal: Values, organizations: set[str]
) -> Iterator[str]:
    """Every proposer exists and stands in the proposal as printed."""
    known = {"person": slugs(document.persons), "organization": organizations}
    for proposer in proposal["proposers"]:
        for kind, found in known.items():
            if proposer.get(kind) not in {*found, None}:
                yield f"{proposal['reference']}: {kind} {proposer[kind]} is unknown"
        texts = (document.text[s.start : s.end] for s in proposal["spans"])
        if not any(proposer["as_printed"] in text for text in texts):
            yield f"{proposal['reference']}: {proposer['as_printed']} is not in its passages"


def check_names(record: Values, tags: set[str], offices: set[str]) -> Iterator[str]:
    """A recommendation has tags that exist, an office that is one, and words that are known."""
    unknown = set(record["tags"]) - tags
    if unknown or not record["tags"]:
        yield f"{record['reference']}: tags {sorted(unknown) or 'missing'}"
    office = record.get("suggested_office")
    if office not in offices and not (office is None and record.get("stance") == Stance.COMMITS):
        yield f"{record['reference']}: {office} is not an office"
    beside = record.get("joint_offices", [])
    if not set(beside) <= offices - {office}:
        yield f"{record['reference']}: joint offices {beside} are not all offices beside its own"
    for name, vocabulary in (("stance", Stance), ("specificity", Specificity)):
        if record.get(name) not in set(vocabulary):
            yield f"{record['reference']}: {name} {record.get(name)}"


def slugs(records: list[Values]) -> set[str]:
    """Return the slugs of *records*."""
    return {record["slug"] for record in records}


def twice(values: Any) -> list[str]:
    """Return the values that occur more than once."""
    return [value for value, count in Counter(values).items() if count > 1]
