"""What is to be withheld, as its page shows it: found by its kind, its record and its number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from werkzeug.exceptions import NotFound

from app.console.calls import ask, record_named
from app.console.paging import every
from app.core.types import Values


@dataclass(frozen=True)
class WrittenWords:
    """What somebody wrote: its *title* and *words*, whose they are, and the page they stand on.

    *withheld* says since when they are withheld; *office* is None where no office, or one that
    the record does not name, wrote them: *names_office* tells which.
    """

    title: str
    words: list[str]
    page: str
    office: Values | None = None
    withheld: Values | None = None
    names_office: bool = True


def written_words(kind: str, record: str, number: int) -> WrittenWords:
    """Return what of *kind* has this *number* and stands at the *record* so called.

    Raises NotFound, Refusal where there is none that whoever looks may see.
    """
    if kind not in FINDERS:
        raise NotFound
    return FINDERS[kind](record, number)


def numbered(rows: Iterator[Values] | list[Values], number: int, name: str = "id") -> Values:
    """Return the one of *rows* with this number; raise NotFound."""
    found = next((one for one in rows if one[name] == number), None)
    if found is None:
        raise NotFound
    return found


def filled(*texts: str | None) -> list[str]:
    """Return those of *texts* that say something."""
    return [one for one in texts if one]


def titles_of(proofs: list[Values] | None) -> list[str]:
    """Return what the *proofs* that stand with something are called."""
    return [one["title"] for one in proofs or []]


def report_words(record: str, number: int) -> WrittenWords:
    """Find a report on the recommendation *record*."""
    path = {"recommendation_id": record_named(record, "recommendation")["id"]}
    own = numbered(every("listReports", path), number)
    words = filled(own["text"], *titles_of(own["evidence"]))
    page = f"/desk/recommendations/{record}"
    return WrittenWords(record, words, page, own["office"], own["withheld"])


def file_words(record: str, number: int) -> WrittenWords:
    """Find the file *record*."""
    own = numbered([ask("getFile", {"file_id": record_named(record, "file")["id"]})], number)
    page = f"/desk/files/{record.rpartition('-F')[0]}"
    return WrittenWords(record, [own["filename"]], page, own["office"], own["withheld"])


def letter_named(record: str) -> tuple[Values, Values]:
    """Return the version *record* of a reply, and the assignment it answers; raise NotFound."""
    named = record_named(record, "reply")
    path = {"assignment_id": named["id"]}
    number = int(named["address"].rsplit("/", 1)[-1])
    return ask("getReply", {**path, "number": number}), ask("getAssignment", path)


def reply_words(record: str, number: int) -> WrittenWords:
    """Find the version *record* of a reply."""
    own, case = letter_named(record)
    numbered([own], number)
    words = filled(own["text"], *(one["text"] for one in own["points"]))
    words += titles_of(own["attachments"])
    page = f"/desk/cases/{case['reference']}/reply"
    return WrittenWords(record, words, page, case["office"], own["withheld"])


def evaluation_words(record: str, number: int) -> WrittenWords:
    """Find a rating of the version *record* of a reply."""
    own, case = letter_named(record)
    found = numbered(own["evaluations"] or [], number)
    words = filled(found["comment"], found["paper"])
    page = f"/supervision/replies/{case['reference']}"
    return WrittenWords(record, words, page, None, found["withheld"], names_office=False)


def contact_words(record: str, number: int) -> WrittenWords:
    """Find a contact about the assignment *record*."""
    path = {"assignment_id": record_named(record, "assignment")["id"]}
    own = numbered(every("listContacts", path), number)
    page = f"/desk/cases/{record}"
    return WrittenWords(
        record, filled(own["note"]), page, None, own["withheld"], names_office=False
    )


def promise_words(part: str, record: str, number: int) -> WrittenWords:
    """Find one of the milestones or the remarks, as *part* says, of the promise *record*."""
    promise = ask("getCommitment", {"commitment_id": record_named(record, "commitment")["id"]})
    own = numbered(promise[part], number)
    named = part == "milestones"
    return WrittenWords(
        record,
        filled(own["text"], *titles_of(own["evidence"])),
        f"/desk/promises/{record}",
        promise["office"] if named else None,
        own["withheld"],
        names_office=named,
    )


HISTORIES = {
    "proposal": ("getProposalHistory", "proposal_id", "/proposals/"),
    "recommendation": ("getRecommendationHistory", "recommendation_id", "/recommendations/"),
}
"""What has a history: the operation that lists it, its number in that, and where its page is."""


def note_words(record: str, number: int) -> WrittenWords:
    """Find the words of an entry of the history of the proposal or recommendation *record*."""
    named = ask("findReference", {"reference": record})
    if named["record_type"] not in HISTORIES:
        raise NotFound
    operation, name, page = HISTORIES[named["record_type"]]
    rows = every(operation, {name: named["id"]}, sort="-sequence")
    own = numbered(rows, number, "sequence")
    return WrittenWords(record, filled(own["note"]), f"{page}{record}", names_office=False)


FINDERS: dict[str, Callable[[str, int], WrittenWords]] = {
    "report": report_words,
    "file": file_words,
    "reply": reply_words,
    "contact": contact_words,
    "evaluation": evaluation_words,
    "remark": lambda record, number: promise_words("remarks", record, number),
    "milestone": lambda record, number: promise_words("milestones", record, number),
    "note": note_words,
}
"""Kind → what finds it by the record it stands at and its number."""
