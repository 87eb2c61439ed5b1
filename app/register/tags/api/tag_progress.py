"""The page of a tag over HTTP: how far its recommendations have come, and over time."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode

from flask.views import MethodView

from app.accounts.queries import visibility
from app.accounts.queries.visibility import handled_now, view_of
from app.accounts.queries.withheld import hidden_notes, told_in
from app.audit.queries.events import events_at
from app.core.codes import (
    Acceptance,
    Clock,
    CommitmentState,
    LabelledEnum,
    LeadStatus,
    OfficeRole,
    Progress,
    Specificity,
)
from app.core.errors import Sentence
from app.core.queries.rows import View
from app.core.rules.permissions import HELD
from app.core.types import Row, Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.responses import PREFIX
from app.models import Recommendation, Tag
from app.register.documents import queries as documents
from app.register.files.queries import evidence
from app.register.people.queries import sittings
from app.register.people.queries.reference_data import ReferenceData
from app.register.periods.queries.standing import AS_IT_STANDS, began_on, end_of, month_ends
from app.register.recommendations.queries import event_views
from app.register.tags.queries import tag_figures
from app.register.tags.queries import tags as queries
from app.register.tags.queries.tag_figures import Population
from app.register.tags.queries.tag_series import series
from app.register.tags.schemas import tag_progress as schemas

LIST = f"{PREFIX}/recommendations"
PROMISES = f"{PREFIX}/commitments"

blueprint = Blueprint("tag_progress", __name__)


@blueprint.route("/tags/<slug:slug>/progress")
class TagProgress(MethodView):
    """How far one subject is."""

    @blueprint.reads(
        "getTagProgress",
        schemas.TagProgressSchema,
        schemas.TagProgressFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, slug: str) -> Answer:
        """Show how far the recommendations of a tag have come, and where they came from.

        Narrower tags are included, and only concrete recommendations counted unless asked. Each
        number stands beside the list of exactly the recommendations it counts. Those of a tag that
        was merged are those of the other.
        """
        tag = found_or_404(queries.standing(call.session, slug))
        figures, vocabulary = (
            TagFigures(tag.slug, filters["specificity"]),
            call.vocabulary(tag.vocabulary_version),
        )
        by_kind = queries.stages(call.session, call.actor, tag.id)
        stages = sum((by_kind[kind] for kind in figures.counted), Counter[Progress]())
        whole = sum(found.total() for found in by_kind.values())
        shown = View(
            tag=tag,
            as_of=call.now(),
            total=stages.total(),
            not_counted=whole - stages.total(),
            list=figures.list_of(),
            stages=[stage(figures, progress, stages[progress]) for progress in Progress],
            documents=document_stages(call, tag, figures),
            sessions=session_stages(call, tag, figures),
            latest_moves=moves(call, tag, vocabulary),
        )
        of_tag = Population(call.session, call.actor, tag.id, figures.counted, call.today())
        over_time = by_month(call, of_tag, figures, stages.total(), filters["months"])
        is_counted = filters["with_figures"] and stages.total() <= tag_figures.MOST_COUNTED
        beside = figures_view(of_tag, figures, vocabulary) if is_counted else None
        return Answer(shown.having(figures=beside, over_time=over_time), vocabulary=vocabulary)


@dataclass(frozen=True)
class TagFigures:
    """What figures are asked for: of the tag *slug*, those of each specificity in *counted*."""

    slug: str
    counted: Sequence[Specificity]

    def list_of(self, **filters: object) -> str:
        """Return the address of the recommendations that are counted and that *filters* leave."""
        kinds = {} if len(self.counted) == len(Specificity) else {"specificity": self.counted}
        return f"{LIST}?{urlencode({'tag': self.slug, **kinds, **filters}, doseq=True)}"

    def late_list(self, *clock: str) -> str:
        """Return the address of those that are late, by any clock or by *clock*."""
        return self.list_of(overdue="true", **({"clock": clock} if clock else {}))

    def promise_list(self, *state: str, **more: object) -> str:
        """Return the address of the promises about them, those due first first."""
        asked = {"tag": self.slug, "state": state, "sort": "due_on", **more}
        return f"{PROMISES}?{urlencode(asked, doseq=True)}"


def stage(figures: TagFigures, progress: Progress, number: int) -> View:
    """Return how many recommendations of a tag stand at *progress*."""
    return View(
        progress=progress,
        label_zh=progress.zh,
        label_en=progress.en,
        number=number,
        list=figures.list_of(progress=progress),
    )


def document_stages(call: Call, tag: Tag, figures: TagFigures) -> list[View]:
    """Return how many recommendations of *tag* each of the latest documents holds."""
    found = queries.sources(call.session, call.actor, tag.id, "document", figures.counted)
    known = documents.documents_by_id(call.session, set(found))
    return [
        counted_view(progress, figures.list_of(document=number), document=known[number])
        for number, progress in found.items()
    ]


def session_stages(call: Call, tag: Tag, figures: TagFigures) -> list[View]:
    """Return how many recommendations of *tag* came from each of the latest sessions."""
    found = queries.sources(call.session, call.actor, tag.id, "session", figures.counted)
    known = sittings.sittings_by_id(call.session, set(found))
    return [
        counted_view(progress, figures.list_of(session=known[number].slug), session=known[number])
        for number, progress in found.items()
    ]


def counted_view(progress: Mapping[str, int], address: str, **source: object) -> View:
    """Return the numbers of one source."""
    number = sum(progress.values())
    return View(number=number, progress=in_order(Progress, progress), list=address, **source)


def in_order(kind: type[LabelledEnum], numbers: Mapping[str, int]) -> dict[str, int]:
    """Return *numbers* by code in the order of the vocabulary: a database gives them in any."""
    return {str(code): numbers[code] for code in kind if code in numbers}


def moves(call: Call, tag: Tag, vocabulary: ReferenceData) -> list[View]:
    """Return the latest moves among the recommendations of *tag*."""
    session = call.session
    rows = queries.latest_moves(session, call.actor, tag.id)
    events = events_at(session, [row.last_move for row in rows])
    asked = session, call.actor, events.values()
    known = event_views.known_references(*asked) | evidence.files_in(*asked)
    hidden = hidden_notes(session, call.actor, told_in(events)) if events else frozenset()
    view = view_of(call.actor)

    @cache
    def own() -> frozenset[int]:
        ids = [row.id for row in rows]
        return handled_now(call.session, call.actor, Recommendation, ids)

    def seen(event: Row) -> bool:
        return visibility.sees(view, event.publication, lambda: event.record_id in own())

    return [
        View(
            recommendation=row,
            event=event_views.shown_event(events[row.last_move], vocabulary, known, hidden),
        )
        for row in rows
        if seen(events[row.last_move])
    ]


# -- what is counted anew ------------------------------------------------------------------------


def figures_view(of_tag: Population, figures: TagFigures, vocabulary: ReferenceData) -> View:
    """Return what is counted anew of a tag: each number with the list that has just those."""
    late, promised = tag_figures.late(of_tag), tag_figures.promised(of_tag)
    reported, offices = tag_figures.percentages(of_tag), tag_figures.offices(of_tag)
    numbers = tag_figures.acceptance(of_tag)
    known = vocabulary.organization_by_id
    most = list(offices.items())[: tag_figures.MOST_OFFICES]
    return View(
        acceptance=counts(Acceptance, numbers, lambda code: figures.list_of(acceptance=code)),
        offices=[office_parts(figures, o, known[o]["slug"], parts) for o, parts in most],
        offices_total=len(offices),
        percent=View(**reported._asdict(), list=figures.list_of(reported="true")),
        late=dated(Clock, late, figures.late_list),
        promises=dated(CommitmentState, promised, figures.promise_list),
    )


Address = Callable[..., str]
"""(code, nothing for all) → the address of the list that has just those."""


def counts(kind: type[LabelledEnum], numbers: Mapping[str, int], address: Address) -> list[View]:
    """Return how many there are of each code of *kind* that stands in *numbers*."""
    codes = [code for code in kind if code in numbers]
    return [count(code.labels, code, numbers[code], address(code)) for code in codes]


def count(labels: Sentence, code: str, number: int, address: str) -> View:
    """Return how many there are of one code."""
    zh, en = labels
    return View(code=str(code), label_zh=zh, label_en=en, number=number, list=address)


def dated(kind: type[LabelledEnum], found: tag_figures.Dated, address: Address) -> View:
    """Return how many there are, of each code of *kind*, and the first day among them."""
    return View(
        number=sum(found.numbers.values()),
        list=address(),
        first_due_on=found.first,
        parts=counts(kind, found.numbers, address),
    )


PARTS: tuple[tag_figures.Part, ...] = (*OfficeRole, *LeadStatus)
"""The parts of offices, in the order in which they are told."""


def office_parts(
    figures: TagFigures, office: int, slug: str, parts: Mapping[tag_figures.Part, int]
) -> View:
    """Return how many recommendations of a tag the office *slug* has, in each part."""
    shown = []
    for part in (one for one in PARTS if one in parts):
        number = parts[part]
        role, status = (part, ()) if part in set(OfficeRole) else (OfficeRole.LEAD, (part,))
        held = sorted(HELD) if part is OfficeRole.LEAD else status
        address = figures.list_of(office=slug, part=role, lead_status=held)
        shown.append(count(part.labels, part, number, address))
    return View(office_id=office, list=figures.list_of(office=slug), parts=shown)


def by_month(
    call: Call, of_tag: Population, figures: TagFigures, total: int, months: int
) -> list[View]:
    """Return how it stood at the end of each of the last *months*, and stands today."""
    days = month_ends(call.today(), months)
    zone = call.settings.zone
    ends = [end_of(day, zone) for day in days[:-1]]
    points = series(of_tag, total, [*ends, AS_IT_STANDS]) if days else []
    known_since = began_on(call.session, zone, call.today())
    return [
        View(
            on=day,
            **past_lists(figures, day if day >= known_since else None),
            number=point.number,
            progress=in_order(Progress, point.progress),
            acceptance=in_order(Acceptance, point.acceptance),
            promises=in_order(CommitmentState, point.promises),
        )
        for day, point in zip(days, points, strict=False)
    ]


def past_lists(figures: TagFigures, day: date | None) -> dict[str, str | None]:
    """Return the addresses of what is counted as of *day*; none of a day before the register."""
    if day is None:
        return {"list": None, "promises_list": None}
    return {
        "list": figures.list_of(as_of=day),
        "promises_list": figures.promise_list(as_of=day),
    }
