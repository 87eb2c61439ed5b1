"""The figures above a dossier: each number with the address of the list of exactly so many."""

from datetime import timedelta
from urllib.parse import urlencode

import sqlalchemy as sa

from app.core.codes import Progress, Specificity
from app.core.errors import Sentence
from app.core.queries.rows import View
from app.core.rules.state_groups import ADOPTED
from app.core.types import Given
from app.figures.dossier import queries
from app.figures.dossier.schemas import MOST_SESSIONS
from app.figures.pictures import DayCount
from app.http.call import Call
from app.http.paging import PAGING
from app.http.responses import PREFIX
from app.register.people.queries.organizations import organizations
from app.register.people.queries.persons import persons
from app.register.proposals.queries.proposals import proposals
from app.register.recommendations.queries.recommendation_columns import C

LIST = f"{PREFIX}/recommendations"
USUAL = {"narrower": True, "tag_match": "any"}
"""What lists do where nothing is said of it."""


def query_of(filters: Given, **others: object) -> str:
    """Return the query for *filters*, with *others* in the place of their own."""
    asked = {**filters, **others}
    shown = {
        name: "false" if value is False else value
        for name, value in asked.items()
        if name not in PAGING and USUAL.get(name) != value
    }
    return urlencode(shown, doseq=True)


def list_of(filters: Given, **others: object) -> str:
    """Return the address of the recommendations that *filters* and *others* leave."""
    return f"{LIST}?{query_of(filters, **others)}"


def figures_of(call: Call, asked: queries.DossierRows, filters: Given) -> View:
    """Return the figures of all that is *asked* by *filters*."""
    whole = queries.whole(asked)
    return View(
        counts=counts(asked, whole, filters),
        stages=[
            View(
                progress=progress,
                label_zh=progress.zh,
                label_en=progress.en,
                number=whole.progress[progress],
                list=list_of(filters, progress=progress),
            )
            for progress in Progress
        ],
        sessions=[
            View(
                session=sitting,
                number=whole.sessions[sitting.id].total(),
                progress=dict(whole.sessions[sitting.id]),
                list=list_of(filters, session=sitting.slug),
            )
            for sitting in queries.sittings_newest_first(
                call.session, list(whole.sessions), MOST_SESSIONS
            )
        ],
    )


COUNTED: dict[str, Sentence] = {
    "asked": ("建议", "recommendations"),
    "concrete": ("其中具体的建议", "of them concrete"),
    "proposals": ("提案", "proposals"),
    "persons": ("提出建议的个人", "persons who proposed"),
    "organizations": ("提出建议的单位", "organizations that proposed"),
    "accepted": ("采纳或部分采纳", "accepted, wholly or partly"),
    "promised": ("有承诺", "with a promise"),
    "late": ("逾期", "late"),
}
"""What is counted of a dossier, besides where everything stands."""


def counts(asked: queries.DossierRows, whole: queries.Whole, filters: Given) -> list[View]:
    """Return each of what is COUNTED, with its list."""
    behind = query_of({"asking": query_of(filters)})
    cases = {"asking": asked.chosen(C.proposal_id)}
    listed = {
        "proposals": proposals(asked.actor, cases),
        "persons": persons(asked.actor, cases),
        "organizations": organizations(cases),
    }
    numbers = {
        "asked": (whole.number, list_of(filters)),
        "concrete": (whole.concrete, list_of(filters, specificity=Specificity.CONCRETE)),
        "accepted": (whole.accepted, list_of(filters, acceptance=sorted(ADOPTED))),
        "promised": (whole.promised, list_of(filters, promised="true")),
        "late": (whole.late, list_of(filters, overdue="true")),
        **{
            name: (how_many(asked, rows), f"{PREFIX}/{name}?{behind}")
            for name, rows in listed.items()
        },
    }
    return [
        View(code=code, label_zh=zh, label_en=en, number=numbers[code][0], list=numbers[code][1])
        for code, (zh, en) in COUNTED.items()
    ]


def how_many(asked: queries.DossierRows, rows: sa.Select) -> int:
    """Return how many *rows* a list has."""
    parameters = {"viewer_office": asked.actor.office_id}
    number = sa.select(sa.func.count()).select_from(rows.order_by(None).subquery())
    return asked.session.scalar(number, parameters) or 0


MOST_DAYS = 60
"""How many days the page tells on which something is due: the first ones."""


def due_days(asked: queries.DossierRows, filters: Given) -> list[tuple[DayCount, str]]:
    """Return how many are next due on each of the first days, with the list of just those."""
    one = timedelta(1)
    return [
        (
            DayCount(row.on, row.number),
            list_of(filters, due_after=row.on - one, due_before=row.on + one),
        )
        for row in queries.due_days(asked, MOST_DAYS)
    ]
