"""Lists as of a past day: which days there are, and what can be asked of them."""

from collections.abc import Collection

from app.core.schemas.messages import say
from app.core.types import Given, Values
from app.http.call import Call
from app.http.problems import Invalid
from app.register.periods.queries.standing import AS_IT_STANDS, began_on, end_of


def past_values(call: Call, filters: Given, untold: Collection[str]) -> Values:
    """Return the parameter ``moment`` for the day `as_of` of *filters*; nothing without one.

    Raises Invalid for a day that is to come or on which there was no register, and for filters
    that are *untold* of a past day.
    """
    if "as_of" not in filters:
        return {}
    day, today, zone = filters["as_of"], call.today(), call.settings.zone
    first = began_on(call.session, zone, today)
    wrong = {name: [NOT_KEPT] for name in sorted(filters.keys() & set(untold))}
    if not first <= day <= today:
        zh = f"只能是 {first}（登记册的第一天）至今天 {today} 之间的日期"
        en = f"must be a day from {first}, the first of the register, to today, {today}"
        wrong["as_of"] = [say(zh, en)]
    if wrong:
        raise Invalid(wrong)
    return {"moment": AS_IT_STANDS if day == today else end_of(day, zone)}


NOT_KEPT = say(
    "不能与 as_of 同用：过去某日的这一情况没有留存", "not with as_of: how this was then is not kept"
)
