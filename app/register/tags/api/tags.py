"""Tags over HTTP."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from flask.views import MethodView
from sqlalchemy.orm import Session

from app.accounts.queries import visibility
from app.accounts.queries.visibility import handled_now, view_of
from app.accounts.queries.withheld import hidden_notes, told_in
from app.audit.queries.events import events_at
from app.core.codes import Progress, Specificity
from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Row, Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.http.responses import PREFIX
from app.models import Recommendation, Tag
from app.register.documents import queries as documents
from app.register.files.queries import evidence
from app.register.people.queries import sittings
from app.register.recommendations.api.resolving import named_record, resolved
from app.register.recommendations.queries import event_views
from app.register.tags import queries, schemas
from app.register.tags.services import tag_lives
from app.register.tags.services import tags as services

LIST = f"{PREFIX}/recommendations"

blueprint = Blueprint("tags", __name__)


def find_tag(session: Session, actor: Actor, slug: str) -> Tag | None:
    """Return the tag a change is about; every actor sees every tag."""
    return queries.record(session, slug)


@blueprint.route("/tags")
class Tags(MethodView):
    """All tags."""

    @blueprint.reads("listTags", schemas.TagPageSchema, schemas.TagFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List tags with their synonyms and their place in the tree.

        Few and small, so one page usually holds them all. Synonyms are words that lists
        also find a tag by.
        """
        statement = queries.listed(resolved(call, filters))
        return listing(call, statement, filters, queries.ORDERS)

    @blueprint.writes(
        "createTag",
        schemas.TagSchema,
        schemas.TagInputSchema,
        made="/tags/{record.slug}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Add a tag to the vocabulary; its slug and its broader tag never change.

        Where it belongs in the tree and what it is called in addresses are fixed for good;
        names, definition and synonyms can be changed later.
        """
        created = services.create_tag(call.session, call.actor, values)
        return tag_answer(call, created.slug)


@blueprint.route("/tags/<slug:slug>")
class TagBySlug(MethodView):
    """One tag."""

    @blueprint.reads("getTag", schemas.TagSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, slug: str) -> Answer:
        """Show a tag with its definition, its synonyms and the tags around it.

        How far its recommendations have come is a page of its own: see `getTagProgress`.
        """
        return tag_answer(call, slug)

    @blueprint.writes(
        "editTag",
        schemas.TagSchema,
        schemas.TagEditInputSchema,
        find=find_tag,
        errors=(409,),
        method="PATCH",
    )
    def patch(self, call: Call, record: Tag, values: Values) -> Answer:
        """Change a tag's names, definition or synonyms.

        Recommendations keep the tag; lists find it by its new words at once. Only the
        fields that are sent change.
        """
        services.edit_tag(call.session, call.actor, record, values)
        return tag_answer(call, record.slug)


@blueprint.route("/tags/<slug:slug>/end")
class TagEnding(MethodView):
    """The end of one tag."""

    @blueprint.writes(
        "endTag",
        schemas.TagSchema,
        schemas.TagEndInputSchema,
        find=find_tag,
        errors=(409,),
    )
    def post(self, call: Call, record: Tag, values: Values) -> Answer:
        """End a tag, or merge it into another one that gets its recommendations.

        Its address stays, filters by it lead to the other, and its figures are the other's. It is
        given to nothing any more; narrower tags are ended first.
        """
        into = named_record(values, "into", partial(queries.record, call.session), call)
        end = tag_lives.TagEnd(call.today(), values["reason"], into)
        tag_lives.end_tag(call.session, call.actor, record, end)
        return tag_answer(call, record.slug)


def tag_answer(call: Call, slug: str) -> Answer:
    """Return a tag as it is now; raise NotFound when there is none."""
    row = found_or_404(queries.one(call.session, slug))
    return Answer(row, version=row.version, vocabulary=call.vocabulary(row.vocabulary_version))


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
        session, actor = call.session, call.actor
        tag = found_or_404(queries.standing(session, slug))
        slug, vocabulary = tag.slug, call.vocabulary(tag.vocabulary_version)
        by_kind, kinds = queries.stages(session, actor, tag.id), filters["specificity"]
        stages = sum((by_kind[kind] for kind in kinds), Counter[Progress]())
        whole = sum(found.total() for found in by_kind.values())
        figures = TagFigures(slug, kinds)
        return Answer(
            View(
                tag=tag,
                as_of=call.now(),
                total=stages.total(),
                not_counted=whole - stages.total(),
                list=figures.list_of(),
                stages=[stage(figures, progress, stages[progress]) for progress in Progress],
                documents=document_stages(call, tag, figures),
                sessions=session_stages(call, tag, figures),
                latest_moves=moves(call, tag, vocabulary),
            ),
            vocabulary=vocabulary,
        )


@dataclass(frozen=True)
class TagFigures:
    """What figures are asked for: of the tag *slug*, those of each specificity in *counted*."""

    slug: str
    counted: Sequence[Specificity]

    def list_of(self, **filters: Any) -> str:
        """Return the address of the recommendations that are counted and that *filters* leave."""
        kinds = {} if len(self.counted) == len(Specificity) else {"specificity": self.counted}
        return f"{LIST}?{urlencode({'tag': self.slug, **kinds, **filters}, doseq=True)}"


def stage(figures: TagFigures, progress: Progress, number: int) -> View:
    """Return how many recommendations of a tag stand at *progress*."""
    return View(
        progress=progress,
        label_zh=progress.zh,
        label_en=progress.en,
        number=number,
        list=figures.list_of(progress=progress),
    )


def document_stages(call: Call, tag: Any, figures: TagFigures) -> list[View]:
    """Return how many recommendations of *tag* each of the latest documents holds."""
    found = queries.sources(call.session, call.actor, tag.id, "document", figures.counted)
    known = documents.documents_by_id(call.session, set(found))
    return [
        counted_view(progress, figures.list_of(document=number), document=known[number])
        for number, progress in found.items()
    ]


def session_stages(call: Call, tag: Any, figures: TagFigures) -> list[View]:
    """Return how many recommendations of *tag* came from each of the latest sessions."""
    found = queries.sources(call.session, call.actor, tag.id, "session", figures.counted)
    known = sittings.sittings_by_id(call.session, set(found))
    return [
        counted_view(progress, figures.list_of(session=known[number].slug), session=known[number])
        for number, progress in found.items()
    ]


def counted_view(progress: Mapping[str, int], address: str, **source: Any) -> View:
    """Return the numbers of one source."""
    number = sum(progress.values())
    by_code = {str(code): standing for code, standing in progress.items()}
    return View(number=number, progress=by_code, list=address, **source)


def moves(call: Call, tag: Any, vocabulary: Any) -> list[View]:
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
