"""The papers that procedure follows, every edition of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.base import columns_of
from app.core.codes import CountFrom, ReplyOutcome
from app.core.queries.rows import View
from app.core.types import Given, Values
from app.deadlines.rules.categories import Category, Classification
from app.deadlines.rules.rulebook import scheme_of
from app.models import CalendarEdition, CategoryScheme, LabelScheme, RuleProfile


def columns(row: object) -> Values:
    """Return the columns of *row* by name."""
    return {name: getattr(row, name) for name in columns_of(type(row))}


def calendars(session: Session, filters: Given) -> list[View]:
    """Return every edition, or those of a ``year``, with whether it is the one in force."""
    C = CalendarEdition
    rows = session.scalars(sa.select(C).filter_by(**filters).order_by(C.year, C.edition)).all()
    newest = {row.year: row.edition for row in rows}
    return [View(**columns(row), in_force=newest[row.year] == row.edition) for row in rows]


def profiles(session: Session, filters: Given) -> list[View]:
    """Return every edition, or those of a ``slug``, the limits as a list."""
    P = RuleProfile
    rows = session.scalars(sa.select(P).filter_by(**filters).order_by(P.slug, P.edition)).all()
    return [View(**columns(row) | {"limits": limits_of(row)}) for row in rows]


def limits_of(row: RuleProfile) -> list[View]:
    """Return the limits of a profile as the API shows them."""
    return [shown_limit(kind, limit) for kind, limit in sorted(row.limits.items())]


def shown_limit(kind: str | None, changes: Values) -> View:
    """Return a limit as the API shows it."""
    return View(
        kind=kind,
        unit=changes["unit"],
        amount=changes.get("amount"),
        dates=changes.get("dates"),
        count_from=changes.get("from", CountFrom.DISPATCH),
        roll_if_rest_day=changes.get("roll", True),
        is_common_practice=changes.get("common", False),
    )


def schemes(session: Session, filters: Given) -> list[View]:
    """Return every edition, or those of a ``slug``, both ways."""
    S = LabelScheme
    rows = session.scalars(sa.select(S).filter_by(**filters).order_by(S.slug, S.edition)).all()
    return [shown_scheme(row) for row in rows]


def shown_scheme(row: LabelScheme) -> View:
    """Return a scheme as the API shows it: letter to outcomes, and outcome to letter."""
    scheme = scheme_of(row)
    labels: Sequence[Values] = row.labels
    shown = [
        View(
            label=label["label"],
            meaning_zh=label["meaning_zh"],
            meaning_en=label["meaning_en"],
            outcomes=list(scheme.outcomes[label["label"]]),
            is_ambiguous=scheme.outcome_of(label["label"]) is None,
            needs_date=scheme.needs_date(label["label"]),
        )
        for label in labels
    ]
    back = [View(outcome=o, label=scheme.label_of(o)) for o in ReplyOutcome]
    return View(**columns(row) | {"labels": shown, "outcomes": back})


def category_schemes(session: Session, filters: Given) -> list[View]:
    """Return every edition, or those of a ``slug``, its categories as the API shows them."""
    C = CategoryScheme
    rows = session.scalars(sa.select(C).filter_by(**filters).order_by(C.slug, C.edition)).all()
    return [
        View(**columns(row) | {"categories": classification_of(row).categories}) for row in rows
    ]


def classification_of(row: CategoryScheme) -> Classification:
    """Return what an edition of a scheme of categories says."""
    return Classification(
        reference=row.reference,
        slug=row.slug,
        edition=row.edition,
        name=(row.name_zh, row.name_en),
        bodies=frozenset(row.bodies),
        kinds=frozenset(row.kinds),
        sessions=frozenset(row.sessions),
        holds_from=row.holds_from,
        is_default=row.is_default,
        categories=tuple(Category(scheme=row.reference, **one) for one in row.categories),
    )
