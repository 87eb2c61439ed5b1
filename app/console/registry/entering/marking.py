"""Recommendations as they are typed, and as they are numbered in a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from werkzeug.datastructures import MultiDict

from app.console.choices import Choices, names_of, sent_for
from app.console.forms import Form
from app.console.registry.acts import lines_of
from app.core.types import Values

PLAIN = ("summary_zh", "summary_en", "specificity", "targets", "suggested_office")
"""The inputs of a recommendation that hold one text each."""

SENTENCE = re.compile(r"[^\n。；;！!？?]*[。；;！!？?]+[”’」』）)]*|[^\n。；;！!？?]+")
ORDINAL = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十百]+[）)]?[、.．，,]?"
    r"|[（(]?\d{1,3}[）)、.．]|第[一二三四五六七八九十]+[，,、]|[一二三四五六七八九十]+是)\s*"
)
LONGEST = 500
"""How many characters a summary has at most."""


@dataclass
class TypedRecommendation:
    """One recommendation as it stands in a form: its *texts* by name, its *tags*, its *quotes*.

    A quotation is its words, and which place is meant where they stand more than once.
    """

    texts: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    quotes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return what it says, for finding the tags it may have."""
        return " ".join([self.texts.get("summary_zh", ""), *(words for words, _ in self.quotes)])

    def written(self, start: str) -> Iterator[tuple[str, str]]:
        """Yield its inputs, whose names begin with *start*."""
        yield from ((f"{start}.{name}", own) for name, own in self.texts.items())
        yield from ((f"{start}.tags", tag) for tag in self.tags)
        for number, (words, nth) in enumerate(self.quotes):
            yield f"{start}.quotes.{number}.text", words
            yield f"{start}.quotes.{number}.nth", nth

    def body(self, offices: Choices) -> Values:
        """Return it as the contract has it."""
        found: Values = {name: own for name, own in self.texts.items() if own.strip()}
        if "targets" in found:
            found["targets"] = lines_of(found["targets"])
        if "suggested_office" in found:
            found["suggested_office"] = sent_for(found["suggested_office"], offices)
        quotes = [
            {"text": words, **({"nth": as_number(nth)} if nth.strip() else {})}
            for words, nth in self.quotes
        ]
        return {**found, "quotes": quotes, "tags": self.tags}


def as_number(typed: str) -> int | str:
    """Return the number that was typed; what is none as it is."""
    own = typed.strip()
    return int(own) if own.isascii() and own.isdigit() else own


def typed_recommendations(form: Form, tags: Choices) -> list[TypedRecommendation]:
    """Return what was typed of each recommendation, without those that are empty or taken out."""
    found = []
    for row in form.rows("recommendations"):
        named = (sent_for(one, tags) or one for one in names_of(row.text("tag")))
        one = TypedRecommendation(
            {name: row.text(name) or "" for name in PLAIN},
            list(dict.fromkeys([*row.texts("tags"), *named])),
            [
                (quote.text("text") or "", quote.text("nth") or "")
                for quote in row.rows("quotes")
                if quote.text("text")
            ],
        )
        is_empty = not one.words.strip() and not one.texts["targets"]
        if not is_empty and not row.is_chosen("drop"):
            found.append(one)
    return found


def with_rows(form: Form, name: str, rows: Iterable[Iterator[tuple[str, str]]]) -> Form:
    """Return *form* with *rows* in place of those it has under *name*, numbered from 0."""
    kept = [
        (key, one) for key, one in form.values.items(multi=True) if not key.startswith(f"{name}.")
    ]
    written = [pair for row in rows for pair in row]
    return replace(form, values=MultiDict([*kept, *written]))


def with_recommendations(form: Form, rows: list[TypedRecommendation]) -> Form:
    """Return *form* with *rows* as its recommendations."""
    written = (one.written(f"recommendations.{number}") for number, one in enumerate(rows))
    return with_rows(form, "recommendations", written)


# -- numbering -----------------------------------------------------------------------------------


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of *text* begins and ends, without blanks around it."""
    found = []
    for match in SENTENCE.finditer(text):
        own = match.group()
        if own.strip():
            start = match.start() + len(own) - len(own.lstrip())
            found.append((start, match.start() + len(own.rstrip())))
    return found


def numbered(form: Form, rows: list[TypedRecommendation]) -> list[TypedRecommendation]:
    """Return *rows* with the sentences that were numbered in *form* as their quotations.

    Sentences that follow one another are one quotation. A number beyond the rows is a new one.
    """
    text = form.text("text") or ""
    given = dict(spans_by_number(form, text))
    found = list(rows)
    for number in sorted(given):
        quotes = [quotation(text, start, end) for start, end in given[number]]
        if number > len(rows):
            found.append(TypedRecommendation({"summary_zh": summary_of(quotes[0][0])}))
        own = found[number - 1 if number <= len(rows) else -1]
        own.quotes = quotes
        own.texts["summary_zh"] = own.texts.get("summary_zh") or summary_of(quotes[0][0])
    return found


def spans_by_number(form: Form, text: str) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield each number that was typed beside a sentence, and the stretches of *text* it has."""
    typed = [form.number(f"segments.{at}.number") for at in range(len(sentences_of(text)))]
    spans: dict[int, list[tuple[int, int]]] = {}
    places = enumerate(zip(typed, sentences_of(text), strict=True))
    for number, group in groupby(places, key=lambda one: one[1][0]):
        if isinstance(number, int) and 0 < number <= 100:
            own = [span for _, (_, span) in group]
            spans.setdefault(number, []).append((own[0][0], own[-1][1]))
    yield from spans.items()


def quotation(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words of a stretch of *text*, and which place it is where they stand often."""
    words = text[start:end]
    places = [match.start() for match in re.finditer(f"(?={re.escape(words)})", text)]
    return words, str(places.index(start) + 1) if len(places) > 1 else ""


def summary_of(words: str) -> str:
    """Return a summary to begin with: the words without their ordinal and their last mark."""
    line = " ".join(ORDINAL.sub("", words, count=1).split())
    return line.rstrip("。；;！!？?，, ")[:LONGEST]
