"""Searching the whole register by words, over HTTP."""

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from flask.views import MethodView

from app.core.queries.keyset import counting, ordered, read_moment, read_number, sorted_by
from app.core.queries.register_state import STATE
from app.core.queries.rows import View
from app.core.rules.sizes import COUNTED
from app.core.types import Row, Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.paging import Page, listed_page, read_cursor, write_cursor
from app.http.responses import PREFIX, Listed, next_link
from app.register.recommendations.api.resolving import resolved
from app.register.searching import schemas
from app.register.searching.models import INDEX
from app.register.searching.queries.facets import facets
from app.register.searching.queries.finding import are_many
from app.register.searching.queries.found_texts import found_records
from app.register.searching.queries.hits import Search, hit_orders, hits
from app.register.searching.rules.excerpts import LOOKED_AT, score
from app.register.searching.rules.search_words import Searched, read_words

blueprint = Blueprint("searching", __name__)

FOUND = (INDEX.c.id, INDEX.c.written_at, INDEX.c.kind, INDEX.c.record_id, STATE)
CONSIDERED = 1_000
"""How many of the newest hits are compared by how well they meet the words."""


class HitPage(Listed):
    """A page of hits, with what widened the search, how many were compared, and the facets."""

    def __init__(self, page: Listed, widened_by: Sequence[View]) -> None:
        self.__dict__.update(page.__dict__)
        self.widened_by = widened_by
        self.considered: int | None = None
        self.facets: list[View] | None = None


@blueprint.route("/search")
class Searching(MethodView):
    """Whatever holds the words that someone searches for."""

    @blueprint.reads("search", schemas.HitPageSchema, schemas.SearchFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """Search recommendations, proposals, replies, reports and documents by their words.

        A hit is one record the caller may see, in a text they may see; all words stand in it.
        `tag` and `progress` leave only recommendations and what is replied to or reported of one,
        `office` replies as well.
        """
        asked, widened_by = words_of(call, filters)
        values = resolved(call, {n: v for n, v in filters.items() if n != "q"})
        search = Search(asked, values, are_many(call.session, asked))
        make = ranked if filters["sort"] == "relevance" else newest
        page, answer = make(call, search, filters, widened_by)
        if filters["facets"]:
            page.facets = facet_views(call, search)
        return answer


def words_of(call: Call, filters: Values) -> tuple[Searched, list[View]]:
    """Return what *filters* ask for, and which tags added words to it."""
    vocabulary, widened = call.cache.fresh(call.session), dict[str, list[View]]()

    def widen(word: str) -> list[str]:
        widened[word] = vocabulary.widened_by(word)
        return vocabulary.same_words(word)

    asked = read_words(filters["q"], widen if filters["widen"] == "tags" else None)
    return asked, [one for tags in widened.values() for one in tags]


def newest(
    call: Call, search: Search, filters: Values, widened_by: Sequence[View]
) -> tuple[HitPage, Answer]:
    """Return one page of the hits of *search* by when they were written."""
    order = hit_orders(search.frequent)[filters["sort"]]
    after = read_cursor(filters, order.read)
    rows = hits(call.actor, search, FOUND)
    paged = ordered(rows, order, after is not None)
    number = total(call, rows) if filters["with_total"] else None
    show = partial(shown_hits, call, search)
    answer = listed_page(call, Page(paged, order, after, {}, number), filters, show)
    page = answer.content = HitPage(answer.content, widened_by)
    return page, answer


RANKED = (read_number, read_moment, read_number)
"""What a cursor of ranked hits holds: the score, when it was written, the row of the index."""


def ranked(
    call: Call, search: Search, filters: Values, widened_by: Sequence[View]
) -> tuple[HitPage, Answer]:
    """Return one page of the newest hits of *search*, those that meet its words best first."""
    after = read_cursor(filters, RANKED)
    text = sa.func.substr(INDEX.c.text, 1, LOOKED_AT).label("text")
    order = hit_orders(search.frequent)["-written_at"]
    rows = hits(call.actor, search, (*FOUND, text)).order_by(*sorted_by(order)).limit(CONSIDERED)
    known = call.session.execute(rows).all()
    keyed = [([score(row.text, search.asked.needed), row.written_at, row.id], row) for row in known]
    keyed.sort(key=lambda pair: pair[0], reverse=True)
    left = [pair for pair in keyed if after is None or pair[0] < after]
    limit = filters["limit"]
    kept = left[:limit]

    def going_on(number: int) -> str:
        return write_cursor(kept[number - 1][0], filters)

    number = total(call, hits(call.actor, search, FOUND)) if filters["with_total"] else None
    cursor = going_on(limit) if len(left) > limit else None
    items = shown_hits(call, search, [row for _, row in kept])
    page = HitPage(Listed(items, cursor, number, going_on, is_stable=False), widened_by)
    page.considered = len(known)
    state = known[0].register_state if known else None
    return page, Answer(page, headers=next_link(cursor), state=state)


def total(call: Call, rows: sa.Select) -> int | None:
    """Return how many *rows* there are, as far as totals are counted."""
    return call.session.scalar(counting(rows))


def shown_hits(call: Call, search: Search, rows: Sequence[Row]) -> list[View]:
    """Return the hits *rows* as they are shown."""
    words = [word for group in search.asked.needed for word in group]
    found = found_records(call.session, call.actor, rows, words)
    return [one.having(href=PREFIX + one.path) for one in found]


def facet_views(call: Call, search: Search) -> list[View]:
    """Return the facets of *search*: filter and value, number, and whether that is exact."""
    number, known = facets(call.session, call.actor, search)
    exact = number <= COUNTED
    return [
        View(filter=facet, name=name, number=n, is_exact=exact)
        for facet, pairs in known.items()
        for name, n in pairs
    ]
