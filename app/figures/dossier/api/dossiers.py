"""The dossier of a tag, and that of a search."""

from collections.abc import Callable, Sequence
from functools import partial

from flask.views import MethodView

from app.accounts.queries.visibility import view_of
from app.core.queries.keyset import page, page_values
from app.core.queries.rows import View
from app.core.rules.sizes import fitting
from app.core.schemas.messages import say
from app.core.types import Values
from app.figures.dossier import queries, schemas
from app.figures.dossier.api.dossier_figures import due_days, figures_of, list_of
from app.figures.dossier.api.dossier_pages import PageHead, dossier_page
from app.figures.dossier.api.dossier_parts import proposals_told
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import PAGING, read_cursor, write_cursor
from app.http.problems import Invalid
from app.http.requests import prefers_page
from app.http.responses import Listed, next_link, write_json
from app.register.recommendations.api.asking import words_asked
from app.register.recommendations.api.resolving import resolved
from app.register.recommendations.queries.recommendations import shape_of
from app.register.tags.queries import tags

blueprint = Blueprint("dossiers", __name__)

SHOWN_BY = frozenset({"limit", "cursor", "narrower", "tag_match"})
"""What says how a dossier is shown, or what its tags mean, and is no heading."""


@blueprint.route("/tags/<slug:slug>/dossier")
class TagDossier(MethodView):
    """All that was ever asked about one subject."""

    @blueprint.reads(
        "getTagDossier",
        schemas.DossierSchema,
        schemas.TagDossierFilterSchema,
        errors=(404,),
        has_page=True,
    )
    def get(self, call: Call, filters: Values, slug: str) -> Answer:
        """Tell what was ever asked about a tag, by whom, and what came of it.

        Sessions from the newest on, in each the proposals with what they ask for, who answered
        what, promised it and did it; above them figures of the whole, each with its list.
        """
        tag = found_or_404(tags.standing(call.session, slug))
        return dossier(call, {**filters, "tag": [tag.slug], "tag_match": "any"}, filters, tag.id)


@blueprint.route("/dossier")
class SearchDossier(MethodView):
    """All that was ever asked in some words, or of someone."""

    @blueprint.reads(
        "getSearchDossier",
        schemas.DossierSchema,
        schemas.DossierFilterSchema,
        has_page=True,
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """Tell what was ever asked that filters find, by whom, and what came of it.

        As `getTagDossier` does of a tag.
        """
        return dossier(call, filters, filters, None)


def dossier(call: Call, filters: Values, given: Values, tag_id: int | None) -> Answer:
    """Return one page of the dossier that *filters* ask for; its cursor is one of what was *given*.

    Raises Invalid for a name of nothing, a cursor of something else, and where that is too many.
    """
    asked = asked_by(call, filters)
    check_number(asked)
    values, after = asked.values(), read_cursor(given, queries.PAGED.read)
    statement = queries.paged(view_of(call.actor), shape_of(values), after is not None)
    wanted = {**values, **page_values(after, given["limit"])}
    rows, key = page(call.session, statement, queries.PAGED, wanted, given["limit"])
    content = DossierPage(
        proposals_told(call, rows),
        write_cursor(key, given) if key else None,
        lambda kept: write_cursor(queries.PAGED.key(rows[kept - 1]), given),
        View(tag_id=tag_id, list=list_of(filters), figures=figures_of(call, asked, filters)),
    )
    known = rows[0].vocabulary_version if rows else None
    shown = page_of(call, asked, filters, given) if prefers_page() else None
    state = rows[0].register_state if rows else None
    return Answer(
        content,
        headers=next_link(content.next),
        vocabulary=call.vocabulary(known),
        state=state,
        page=shown,
    )


def page_of(
    call: Call, asked: queries.DossierRows, filters: Values, given: Values
) -> Callable[[Values], str]:
    """Return what makes the page for people of what the JSON of a dossier is written of."""
    about = PageHead(call.today(), call.settings.zone, words_of(given), due_days(asked, filters))
    return partial(dossier_page, about)


def words_of(given: Values) -> str:
    """Return what is asked for besides a tag, as a heading says it."""
    asked = {name: value for name, value in given.items() if name not in SHOWN_BY}
    shown = [f"{n}={v}" if n != "q" else v for n, own in asked.items() for v in several(own)]
    return " · ".join(shown)


def several(value: object) -> list[str]:
    """Return the values of a filter, as texts."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def check_number(asked: queries.DossierRows) -> None:
    """Raise Invalid where more is *asked* than one dossier tells of."""
    if queries.are_too_many(asked):
        most = f"{queries.MOST_COUNTED:,}"
        message = say(
            f"超过 {most} 条建议：请加筛选条件，如 session、office、document",
            f"more than {most} recommendations: add a filter, such as session, office or document",
        )
        raise Invalid({"q": [message]})


def asked_by(call: Call, filters: Values) -> queries.DossierRows:
    """Return the recommendations that *filters* ask for; raise Invalid for a name of nothing."""
    names = {name: value for name, value in filters.items() if name not in ("q", *PAGING)}
    found = resolved(call, names)
    searched = words_asked(call, filters)
    return queries.DossierRows(
        call.session, call.actor, call.today(), {"ended": False, **found}, searched
    )


class DossierPage(Listed):
    """One page of a dossier: its proposals, and what stands above them."""

    def __init__(
        self,
        items: Sequence[View],
        cursor: str | None,
        after: Callable[[int], str],
        head: View,
    ) -> None:
        super().__init__(items, cursor, None, after)
        self.tag_id, self.list, self.figures = head.tag_id, head.list, head.figures

    def cut(self, written: Sequence[Values]) -> None:
        """Leave as many of the recommendations, which are *written* like this, as make one page."""
        sizes = [size for item in written for size in sizes_of(item)]
        kept = fitting(sizes)
        if self.after is not None and kept < len(sizes):
            self.items, self.next = first_of(self.items, kept), self.after(kept)


def sizes_of(item: Values) -> list[int]:
    """Return how many bytes each recommendation of a proposal takes; the first has the rest too."""
    sizes = [len(write_json(one)) + 1 for one in item["recommendations"]]
    sizes[0] += len(write_json({**item, "recommendations": []}))
    return sizes


def first_of(items: Sequence[View], number: int) -> list[View]:
    """Return *items* with the first *number* of all their recommendations."""
    kept: list[View] = []
    for item in items:
        if number > 0:
            kept.append(item.having(recommendations=item.recommendations[:number]))
        number -= len(item.recommendations)
    return kept
