"""Days and moments in what comes in."""

import re
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import fields

from app.core.schemas.fields import RFC3339
from app.core.schemas.messages import COMMON, Messages, say
from app.core.types import Given

YEARS = range(1949, 2200)

BACK_DATED = {
    "description": "The paper on which it rests, such as a letter with its number; needed where the"
    " day is earlier than today. Who reads of the step in a history reads of the paper."
}
"""What is said of the paper of a step whose day may be earlier than today."""


class Day(fields.Date):
    """A date, YYYY-MM-DD, of the years 1949 to 2199."""

    default_error_messages: Messages = COMMON | {
        "day": say(
            "必须是 1949 至 2199 年间的日期，写作 2026-05-31",
            "must be a date of the years 1949 to 2199, written 2026-05-31",
        )
    }

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("day")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise self.make_error("day") from None
        if day.year not in YEARS:
            raise self.make_error("day")
        return day


class Instant(fields.AwareDateTime):
    """A moment as RFC 3339 writes it, with its offset, to the microsecond."""

    default_error_messages: Messages = COMMON | {
        "instant": say(
            "必须是带时区的时刻，写作 2026-05-31T09:00:00+08:00",
            "must be a moment with its offset, written 2026-05-31T09:00:00+08:00",
        ),
        "plus": say(
            "网址中的加号须写作 %2B，如 2026-05-31T09:00:00%2B08:00，也可以用 Z 结尾",
            "write the plus sign as %2B in an address: 2026-05-31T09:00:00%2B08:00, or end with Z",
        ),
    }

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> datetime:
        if isinstance(value, str) and RFC3339.fullmatch(value.replace(" ", "+")) and " " in value:
            raise self.make_error("plus")
        if not isinstance(value, str) or not RFC3339.fullmatch(value):
            raise self.make_error("instant")
        try:
            moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.make_error("instant") from None
        if moment.year not in YEARS:
            raise self.make_error("instant")
        return moment
