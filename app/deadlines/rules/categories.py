"""Lists of categories that proposals are sorted into: which hold where, and their words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.errors import Sentence
from app.core.rules.folding import folded
from app.core.rules.nearest import nearest

NONE = "none"
"""What is in no category, where a list is asked for: ``none``, or ``five_fields:none``."""


@dataclass(frozen=True)
class Category:
    """One category of an edition of a scheme; *scheme* is the reference of that edition."""

    scheme: str
    code: str
    label_zh: str
    label_en: str

    @property
    def name(self) -> str:
        """What a proposal keeps: the edition, and the code in it."""
        return f"{self.scheme}:{self.code}"

    @property
    def slug(self) -> str:
        """The slug of the scheme, whatever the edition."""
        return slug_of(self.scheme)

    def is_called(self, word: str) -> bool:
        """Return whether *word* is the code or a label, alone or after the scheme and a colon."""
        scheme, _, own = word.rpartition(":")
        if scheme and scheme not in (self.slug, self.scheme):
            return False
        return folded(own) in map(folded, (self.code, self.label_zh, self.label_en))


def slug_of(name: str) -> str:
    """Return the slug of a scheme in the reference of an edition, or in the name of a category."""
    return name.partition("@")[0]


@dataclass(frozen=True)
class Origin:
    """Where and as what a proposal was made: slugs of its body and session, its kind."""

    kind: str
    body: str | None = None
    session: str | None = None
    starts_on: date | None = None


@dataclass(frozen=True)
class Classification:
    """One edition of a scheme; where bodies, kinds or sessions are named it holds for no others."""

    reference: str
    slug: str
    edition: int
    name: Sentence
    bodies: frozenset[str]
    kinds: frozenset[str]
    sessions: frozenset[str]
    holds_from: date | None
    is_default: bool
    categories: tuple[Category, ...]

    def suits(self, made: Origin) -> bool:
        """Return whether it can hold for what was *made* so; a day needs the day of the session."""
        named = ((self.bodies, made.body), (self.kinds, made.kind), (self.sessions, made.session))
        if any(known and own not in known for known, own in named):
            return False
        begun = made.starts_on
        return self.holds_from is None or (begun is not None and begun >= self.holds_from)

    @property
    def words(self) -> Sentence:
        """Its name and its categories, as a message lists them."""
        zh = "、".join(f"{one.label_zh}（{one.code}）" for one in self.categories)
        en = ", ".join(f"{one.code} ({one.label_en})" for one in self.categories)
        return f"{self.name[0]}：{zh}", f"{self.slug}: {en}"


class Classifications:
    """Every edition of every scheme of categories."""

    def __init__(self, editions: Iterable[Classification] = ()) -> None:
        self.editions = {one.reference: one for one in editions}
        self.known = {one.name: one for each in self.editions.values() for one in each.categories}

    def holding(self, made: Origin) -> list[Classification]:
        """Return what holds for a proposal that was *made* so: of each scheme the newest edition.

        Where a scheme names its body or session, those that hold by default do not.
        """
        fits = [one for one in self.editions.values() if one.suits(made)]
        own = [one for one in fits if not one.is_default] or fits
        newest = {one.slug: one for one in sorted(own, key=lambda one: one.edition)}
        return [newest[slug] for slug in sorted(newest)]

    def called(self, word: str) -> list[Category]:
        """Return the categories of all editions that *word* names."""
        return [one for one in self.known.values() if one.is_called(word)]

    def asked(self, word: str) -> list[str]:
        """Return what a list is to hold that is asked for by *word*; nothing: it is no word."""
        scheme, _, own = word.rpartition(":")
        if own == NONE and (not scheme or scheme in map(slug_of, self.editions)):
            return [word]
        return [one.name for one in self.called(word)]

    def names(self) -> dict[str, str]:
        """Return what categories are called → their codes; the codes stand first."""
        codes = {one.code: one.code for one in self.known.values()}
        labels = {
            label: one.code for one in self.known.values() for label in (one.label_zh, one.label_en)
        }
        return labels | codes

    def label(self, name: str) -> Sentence:
        """Return how a history calls the category *name*; one that no scheme has, by its name."""
        one = self.known.get(name)
        if one is None:
            return name, name
        zh, en = self.editions[one.scheme].name
        return f"{one.label_zh}（{zh}）", f"{one.label_en} ({en})"

    def shown(self, names: Sequence[str] | None) -> list[dict[str, str]]:
        """Return the categories *names* as answers show them."""
        return [self.as_shown(name) for name in names or ()]

    def as_shown(self, name: str) -> dict[str, str]:
        """Return one category as answers show it."""
        scheme, _, code = name.rpartition(":")
        one = self.known.get(name) or Category(scheme, code, code, code)
        labels = {"label_zh": one.label_zh, "label_en": one.label_en}
        return {"scheme": one.scheme, "code": one.code, **labels}


@dataclass(frozen=True)
class CategoryOptions:
    """What a proposal can be sorted into: its *present* categories, and those that hold for it."""

    every: Classifications
    holding: Sequence[Classification]
    present: Sequence[str] = ()

    def chosen(self, words: Sequence[str]) -> list[str]:
        """Return the names of the categories *words*, in order; those that are wrong left out."""
        found = [one[0] for word in words if len(one := self.called(word)) == 1]
        return sorted({category.name for category in found})

    def called(self, word: str) -> list[Category]:
        """Return what *word* names: what it is in already keeps its edition."""
        present = [one for name in self.present if (one := self.every.known.get(name))]
        allowed = [one for each in self.holding for one in each.categories]
        kept = [one for one in present if one.is_called(word)]
        return kept or [one for one in allowed if one.is_called(word)]

    def mistakes(self, words: Sequence[str]) -> Iterator[tuple[int, Sentence]]:
        """Yield the number of each of *words* that is wrong, and why."""
        taken: dict[str, Category] = {}
        for number, word in enumerate(words):
            fits = self.called(word)
            if len(fits) != 1:
                yield number, self.ambiguous(fits) if fits else self.unknown(word)
            elif taken.setdefault(fits[0].slug, fits[0]) != fits[0]:
                zh, en = self.every.editions[fits[0].scheme].name
                yield number, (f"{zh}只能选一类", f"takes one category of {en} alone")

    def ambiguous(self, fits: Sequence[Category]) -> Sentence:
        """Return what is said of a word that several schemes have."""
        names = [f"{one.slug}:{one.code}" for one in fits]
        zh, en = "或".join(names), " or ".join(names)
        return f"几个分类表都有这一类，请写作 {zh}", f"stands in several schemes: write {en}"

    def unknown(self, word: str) -> Sentence:
        """Return what is said of a word that names nothing here: of another scheme, or of none."""
        others = [self.every.editions[one.scheme].name for one in self.every.called(word)]
        zh, en = f"没有“{word}”这一类", f"there is no category {word}"
        if others:
            zh, en = f"“{word}”属于{others[0][0]}，不用于这件提案", f"{word} is of {others[0][1]}"
            en = f"{en}, which does not hold for it"
        return with_words((zh, en), word, self.holding)


def with_words(message: Sentence, word: str, holding: Sequence[Classification]) -> Sentence:
    """Return *message* with what was perhaps meant by *word*, and what can be chosen."""
    zh, en = message
    names = {
        text: one
        for each in holding
        for one in each.categories
        for text in (one.code, one.label_zh, one.label_en)
    }
    near = nearest(word.rpartition(":")[2], names)
    if near is not None:
        zh, en = f"{zh}；是否指 {names[near].label_zh}", f"{en}; did you mean {names[near].code}"
    if not holding:
        return f"{zh}；没有适用的分类表", f"{en}; no scheme holds for it"
    words = [one.words for one in holding]
    return (
        f"{zh}；可选：{'；'.join(one[0] for one in words)}",
        f"{en}; one can choose of {'; '.join(one[1] for one in words)}",
    )
