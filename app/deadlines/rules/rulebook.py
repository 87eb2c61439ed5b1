"""What the papers say, ready to use: the calendar, rules, labels, and categories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core.codes import (
    Assessment,
    CountFrom,
    ExtensionMode,
    LimitKind,
    ProposalKind,
    ReplyOutcome,
    Unit,
)
from app.core.types import Given
from app.deadlines.rules.calendars import Calendar, Year, days_between
from app.deadlines.rules.categories import Classification, Classifications
from app.deadlines.rules.deadlines import Limit

NATION = "000000"


@dataclass(frozen=True)
class Profile:
    """Which limits hold for the proposals of some places, kinds and sessions; empty means any."""

    reference: str
    slug: str
    edition: int
    name: tuple[str, str]
    regions: frozenset[str]
    kinds: frozenset[str]
    sessions: frozenset[str]
    is_default: bool
    extension: ExtensionMode
    assessment: Assessment | None
    label_scheme: str | None
    limits: Mapping[str, Given]

    def limit(self, kind: LimitKind, level: str = "city") -> Limit | None:
        """Return the limit of *kind*, or None where the profile has none.

        *level* (national, provincial, city) chooses among fixed dates by origin.
        """
        rule = self.limits.get(kind)
        return None if rule is None else limit_of(rule, level)

    def suits(self, region: str, kind: str, session: str | None) -> tuple[int, int, int] | None:
        """Return how closely the profile fits a proposal, or None when it does not at all."""
        near = max((len(code) for code in self.regions if region.startswith(code)), default=0)
        if (self.regions and not near) or (self.kinds and kind not in self.kinds):
            return None
        if self.sessions and session not in self.sessions:
            return None
        if not (self.regions or self.sessions):  # a pattern: it is chosen by name alone
            return None
        return len(self.sessions), near, len(self.kinds)


def limit_of(changes: Given, level: str = "city") -> Limit:
    """Return the limit that a profile's row says, at *level* where it names days by origin."""
    unit = Unit(changes["unit"])
    start, roll = CountFrom(changes.get("from", CountFrom.DISPATCH)), changes.get("roll", True)
    common = changes.get("common", False)
    if unit is not Unit.FIXED:
        return Limit(changes["amount"], unit, start, roll, is_common=common)
    month, day = map(int, changes["dates"][level].split("-"))
    return Limit(0, unit, start, roll, month, day, is_common=common)


def level_of(region: str) -> str:
    """Return the level of the body of *region*: national, provincial, or city."""
    if region == NATION:
        return "national"
    return "provincial" if region.endswith("0000") else "city"


@dataclass(frozen=True)
class Scheme:
    """What the letters of a place mean, and back."""

    reference: str
    slug: str
    edition: int
    is_default: bool
    labels: Sequence[Given]
    outcomes: Mapping[str, tuple[ReplyOutcome, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Work out which outcomes each label stands for: ``rest`` is those no other one has."""
        named = {code for label in self.labels for code in label.get("outcomes", ())}
        rest = tuple(outcome for outcome in ReplyOutcome if outcome not in named)
        known = {
            label["label"]: rest
            if label.get("rest")
            else tuple(outcome for outcome in ReplyOutcome if outcome in label["outcomes"])
            for label in self.labels
        }
        object.__setattr__(self, "outcomes", known)

    def label_of(self, outcome: str) -> str | None:
        """Return the label that stands for *outcome*; None where the scheme has none for it."""
        return next((name for name, known in self.outcomes.items() if outcome in known), None)

    def outcome_of(self, label: str) -> ReplyOutcome | None:
        """Return the outcome of *label*; None where it stands for several, or is no label."""
        known = self.outcomes.get(label, ())
        return known[0] if len(known) == 1 else None

    def needs_date(self, label: str) -> bool:
        """Return whether a reply under *label* must promise a date."""
        return any(row["label"] == label and row.get("needs_date") for row in self.labels)


class RuleBook:
    """Everything the papers say, at one version of the register."""

    def __init__(
        self,
        years: Iterable[Year],
        profiles: Iterable[Profile],
        schemes: Iterable[Scheme],
        classifications: Iterable[Classification] = (),
    ) -> None:
        newest: dict[int, Year] = {}
        for year in years:
            if year.year not in newest or year.edition > newest[year.year].edition:
                newest[year.year] = year
        self.calendar = Calendar(newest)
        self.profiles = {profile.reference: profile for profile in profiles}
        self.schemes = {scheme.reference: scheme for scheme in schemes}
        self.categories = Classifications(classifications)

    def profile(self, slug: str) -> Profile | None:
        """Return the newest edition of the profile *slug*."""
        return newest_of(self.profiles.values(), slug)

    def scheme(self, slug: str) -> Scheme | None:
        """Return the newest edition of the scheme *slug*."""
        return newest_of(self.schemes.values(), slug)

    def choose(self, region: str, kind: str, session: str | None) -> Profile | None:
        """Return the profile for a proposal: the closest by session, place and kind, or the usual.

        *region* is the code of its body, *session* the slug of where it was made.
        """
        fits = [(p.suits(region, kind, session), p) for p in self.profiles.values()]
        found = [(fit, p.edition, p.reference, p) for fit, p in fits if fit is not None]
        if found:
            return max(found, key=lambda row: row[:3])[3]
        return self.usual(kind)

    def usual(self, kind: str = ProposalKind.NPC_SUGGESTION) -> Profile | None:
        """Return the profile that holds for a *kind* of proposal where no other one does.

        Each kind of body has its own: what a political consultative conference proposes never falls
        under a people's congress's paper.
        """
        fits = [p for p in self.profiles.values() if p.is_default and kind in (p.kinds or {kind})]
        return max(fits, key=lambda p: (bool(p.kinds), p.edition), default=None)

    def scheme_for(self, profile: Profile) -> Scheme | None:
        """Return the scheme of labels that *profile* names, or the usual one.

        It is the first edition where the profile names no other, as ``chongqing@2``: so a later
        edition holds for what begins under a later edition of the profile, and for nothing before.
        """
        named = profile.label_scheme
        if named and "@" in named:
            return self.schemes.get(named)
        known = self.schemes.values()
        fits = [s for s in known if (s.slug == named if named else s.is_default)]
        return min(fits, key=lambda s: s.edition, default=None)


def newest_of(rows: Iterable[Any], slug: str) -> Any:
    """Return the row of *slug* with the highest edition, or None."""
    return max((row for row in rows if row.slug == slug), key=lambda r: r.edition, default=None)


def year_of(row: Any) -> Year:
    """Return what an edition of a calendar says; *row* has its columns."""
    spans = [(date.fromisoformat(s["from"]), date.fromisoformat(s["to"]), s) for s in row.rest]
    rest = {day: span["holiday"] for a, b, span in spans for day in days_between(a, b)}
    work = {date.fromisoformat(given["on"]): given["holiday"] for given in row.work}
    return Year(row.year, row.edition, row.paper, rest, work)


def profile_of(row: Any) -> Profile:
    """Return what an edition of a profile says; *row* has its columns."""
    return Profile(
        reference=row.reference,
        slug=row.slug,
        edition=row.edition,
        name=(row.name_zh, row.name_en),
        regions=frozenset(row.regions),
        kinds=frozenset(row.kinds),
        sessions=frozenset(row.sessions),
        is_default=row.is_default,
        extension=ExtensionMode(row.extension),
        assessment=Assessment(row.assessment) if row.assessment else None,
        label_scheme=row.label_scheme,
        limits=row.limits,
    )


def scheme_of(row: Any) -> Scheme:
    """Return what an edition of a scheme says; *row* has its columns."""
    return Scheme(row.reference, row.slug, row.edition, row.is_default, row.labels)
