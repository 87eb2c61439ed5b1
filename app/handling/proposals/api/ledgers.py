"""The ledger of a session over HTTP."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from flask.views import MethodView

from app.core.codes import HandlingState, MarkKind, ProposalKind
from app.core.queries.rows import View
from app.core.rules.state_groups import FILED_CASES
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.deadlines.rules.categories import NONE, Category, Classification, slug_of
from app.handling.proposals.schemas import ledgers as schemas
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.responses import PREFIX
from app.models import Sitting
from app.register.people.queries import sittings
from app.register.proposals.queries.ledgers import CountedCases, counted_cases, made_at, total

LIST = f"{PREFIX}/proposals"
STATES = [state for state in HandlingState if state in FILED_CASES]
Counts = Callable[[CountedCases], bool]

blueprint = Blueprint("ledgers", __name__)


@blueprint.route("/sessions/<slug:slug>/ledger")
class SessionLedger(MethodView):
    """The cases of one session, counted."""

    @blueprint.reads("getSessionLedger", schemas.LedgerSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, slug: str) -> Answer:
        """Show how many cases of a session stand in which category and state, and how marked.

        Counted are filed cases that the caller may see. Each number stands beside the list of
        exactly the proposals it counts.
        """
        sitting: Sitting = found_or_404(sittings.sitting(call.session, slug))
        ledger = Ledger(slug, counted_cases(call.session, call.actor, sitting.id))
        schemes = ledger.schemes(editions_at(call, sitting, ledger))
        whole = ledger.line({}, lambda one: True)
        return Answer(View(session=sitting, as_of=call.now(), all=whole, schemes=list(schemes)))


@dataclass(frozen=True)
class Ledger:
    """The cases of the session *slug*, as they were counted."""

    slug: str
    cases: Sequence[CountedCases]

    def schemes(self, editions: Sequence[Classification]) -> Iterator[View]:
        """Yield the lines of each scheme: the categories of its *editions*, and what is in none."""
        for slug, own in groupby(editions, key=lambda one: one.slug):
            known = list(own)
            lines = [self.of_category(one) for each in known for one in each.categories]
            (zh, en), none = known[-1].name, self.of_none(slug)
            yield View(scheme=slug, name_zh=zh, name_en=en, lines=[*lines, none])

    def of_category(self, category: Category) -> View:
        """Return the line of one category of an edition."""
        name = category.name
        return self.line({"category": name}, lambda one: name in one.categories, category)

    def of_none(self, slug: str) -> View:
        """Return the line of the cases that are in no category of the scheme *slug*."""
        word = f"{slug}:{NONE}"
        return self.line({"category": word}, lambda one: slug not in map(slug_of, one.categories))

    def line(self, filters: Values, counts: Counts, category: Category | None = None) -> View:
        """Return the numbers of the cases that *counts* says, which *filters* list."""
        cases = [one for one in self.cases if counts(one)]
        numbers = {state: total(one for one in cases if one.state == state) for state in STATES}
        return View(
            **self.counted(total(cases), filters),
            category=category,
            states=[
                View(handling_state=state, **self.counted(n, {**filters, "handling_state": state}))
                for state, n in numbers.items()
                if n
            ],
            key=View(
                **self.counted(
                    total(one for one in cases if one.is_key), {**filters, "is_key": "true"}
                )
            ),
            excellent=View(
                **self.counted(
                    total(one for one in cases if one.is_excellent),
                    {**filters, "mark": MarkKind.EXCELLENT},
                )
            ),
        )

    def counted(self, number: int, filters: Values) -> Values:
        """Return *number*, and the address of the list of just those."""
        asked = {"session": self.slug, "handling_state": STATES, **filters}
        return {"number": number, "list": f"{LIST}?{urlencode(asked, doseq=True)}"}


def editions_at(call: Call, sitting: Sitting, ledger: Ledger) -> list[Classification]:
    """Return the editions that hold for what is made at *sitting*, or that its cases are in."""
    every = call.book.categories
    kinds = (made_at(call.session, kind, sitting) for kind in ProposalKind)
    found = {one.reference: one for made in kinds for one in every.holding(made)}
    used = (every.known.get(name) for one in ledger.cases for name in one.categories)
    found |= {one.scheme: every.editions[one.scheme] for one in used if one is not None}
    return sorted(found.values(), key=lambda one: (one.slug, one.edition))
