"""Which recommendations a query asks for: as parameters of their list, and as whose they are."""

from urllib.parse import parse_qs

from marshmallow import ValidationError

from app.accounts.queries.visibility import view_of
from app.core.codes import OfficeRole
from app.core.queries.filters import inside
from app.core.schemas.load import compile_load
from app.core.schemas.messages import say
from app.core.types import Given, Values
from app.http.call import Call
from app.http.problems import Invalid
from app.register.counting.api import as_counted
from app.register.counting.rules.figure import CountedUnit
from app.register.periods.api import past_values
from app.register.recommendations.api.resolving import resolved
from app.register.recommendations.queries import recommendations as queries
from app.register.recommendations.queries.recommendation_columns import C
from app.register.recommendations.queries.recommendation_conditions import UNTOLD
from app.register.recommendations.schemas.recommendation_filters import RecommendationFilterSchema
from app.register.searching.rules.search_words import Searched, read_words

READ = compile_load(RecommendationFilterSchema())


def list_values(call: Call, filters: Values) -> Values:
    """Return the parameters of the list of recommendations that *filters* ask for.

    Raises Invalid for a name of nothing.
    """
    asked = {name: value for name, value in filters.items() if name != "q"}
    asked |= past_values(call, filters, untold_of(filters))
    values = queries.filter_values(resolved(call, asked), call.today())
    caught = caught_by(call, values["caught_by_id"]) if "caught_by" in filters else {}
    words = words_asked(call, filters)
    return {**values, **caught, **words, "viewer_office": call.actor.office_id}


def caught_by(call: Call, tags: list[int]) -> Values:
    """Return the parameters of a list of what the words of a tag catch: the only one of *tags*.

    Raises Invalid for a tag without words that catch anything: one that ended.
    """
    [tag_id] = tags
    words = call.cache.fresh(call.session).words_of(tag_id)
    if not words:
        message = say("该标签已停用，没有可查找的词", "the tag ended: it has no words to find by")
        raise Invalid({"caught_by": [message]})
    asked = Searched((tuple(words),))
    return queries.search_values(call.session, asked, "caught") | {"caught_by_id": tag_id}


def untold_of(filters: Given) -> frozenset[str]:
    """Return which of *filters* cannot be asked of a past day: of the parts only the lead can."""
    leads = filters.get("part") == OfficeRole.LEAD
    return UNTOLD if leads else UNTOLD | {"office", "part"}


def words_asked(call: Call, filters: Given) -> Values:
    """Return the parameters of what *filters* search for; none where they search for nothing."""
    if "q" not in filters:
        return {}
    words = read_words(filters["q"], call.cache.fresh(call.session).same_words)
    return queries.search_values(call.session, words)


def with_asking(call: Call, filters: Values) -> Values:
    """Return *filters* with the SELECT of the proposals that `asking` means in its place.

    It is the query of a list of recommendations: a proposal is meant of which that list has one.
    Raises Invalid, with its fields below `asking`, where that list would be refused.
    """
    if "asking" not in filters:
        return filters
    try:
        query = READ(query_in(filters["asking"]))
        values = list_values(call, query)
        among = as_counted(call, CountedUnit.RECOMMENDATIONS, query).get("counted", [])
    except ValidationError as error:
        raise below_asking(error.messages_dict) from None
    except Invalid as error:
        raise below_asking(error.messages) from None
    rows = queries.found(view_of(call.actor), queries.shape_of(values), (C.proposal_id,))
    return {**filters, "asking": inside(rows.where(*among), values)}


def query_in(text: str) -> Values:
    """Return the query *text* as that of a request comes in; raise Invalid for what is none."""
    try:
        pairs = parse_qs(text, keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        message = say(
            "请写成 /recommendations 的查询，如 tag=metaverse&progress=verified",
            "is no query of /recommendations, such as tag=metaverse&progress=verified",
        )
        raise Invalid({"asking": [message]}) from None
    return {name: own if len(own) > 1 else own[0] for name, own in pairs.items()}


def below_asking(messages: object) -> Invalid:
    """Return what is wrong with the fields of a query inside another."""
    if isinstance(messages, dict) and "asking" not in messages:
        messages = {f"asking.{name}": own for name, own in messages.items()}
    return Invalid(messages)  # type: ignore[arg-type]
