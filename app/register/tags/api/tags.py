"""Tags over HTTP."""

from collections import Counter
from functools import partial

from flask.views import MethodView
from sqlalchemy.orm import Session

from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.schemas.messages import say
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.http.problems import Invalid
from app.models import Tag
from app.register.recommendations.api.resolving import named_record, resolved
from app.register.tags.queries import tags as queries
from app.register.tags.schemas import tags as schemas
from app.register.tags.schemas.splitting import TagSplitInputSchema, TagSplitSchema
from app.register.tags.services import tag_lives, tag_splits
from app.register.tags.services import tags as services

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


@blueprint.route("/tags/<slug:slug>/split")
class TagSplitting(MethodView):
    """The parts of one tag."""

    @blueprint.writes(
        "splitTag",
        TagSplitSchema,
        TagSplitInputSchema,
        find=find_tag,
        errors=(409,),
    )
    def post(self, call: Call, record: Tag, values: Values) -> Answer:
        """Split a tag into others; a dry run answers where each recommendation would go, and why.

        Carried out is what a dry run answered, by its `digest`, at most 500 recommendations. The
        tag ends: its address stays, and filters by it find what its parts have.
        """
        split = split_of(call, values)
        found = tag_splits.destinations(call.session, call.actor, record, split)
        digest = tag_splits.split_digest(record, split, found)
        if not values["dry_run"]:
            tag_splits.check_digest(values.get("digest"), digest)
            tag_splits.split_tag(call.session, call.actor, record, split, found)
        return split_answer(call, record, values["dry_run"], digest, found)


def split_of(call: Call, values: Values) -> tag_splits.TagSplit:
    """Return the split that a body asks for; raise Invalid for a part that is neither or both."""
    wrong = {
        f"parts.{number}": [say("tag 和 new 须填且只填一项", "either `tag` or `new` is needed")]
        for number, part in enumerate(values["parts"])
        if ("tag" in part) == ("new" in part)
    }
    if wrong:
        raise Invalid(wrong)
    parts = [
        tag_splits.Part(
            part["new"]["slug"] if "new" in part else part["tag"],
            part.get("new"),
            part.get("words"),
            part["recommendations"],
        )
        for part in values["parts"]
    ]
    return tag_splits.TagSplit(parts, values.get("rest"), call.today(), values["reason"])


def split_answer(
    call: Call, record: Tag, dry_run: bool, digest: str, found: list[tag_splits.Destination]
) -> Answer:
    """Return where all went, or would go, and the tag as it is now."""
    row = found_or_404(queries.one(call.session, record.slug))
    content = View(
        tag=row,
        dry_run=dry_run,
        digest=digest,
        numbers=Counter(reason.slug for one in found for reason in one.parts),
        several=sum(len(one.parts) > 1 for one in found),
        kept=sum(not one.parts for one in found),
        rows=found,
    )
    return Answer(content, vocabulary=call.vocabulary(row.vocabulary_version))


def tag_answer(call: Call, slug: str) -> Answer:
    """Return a tag as it is now; raise NotFound when there is none."""
    row = found_or_404(queries.one(call.session, slug))
    return Answer(row, version=row.version, vocabulary=call.vocabulary(row.vocabulary_version))
