"""Fields of answers that are read from rows as they are."""

from typing import Any

from marshmallow import fields
from marshmallow.experimental.context import Context

from app.core.schemas.messages import COMMON, Messages, say


class Object(fields.Nested):
    """A JSON object inside another; *prefix* says that its values stand in the row itself."""

    default_error_messages: Messages = COMMON | {
        "type": say("必须是 JSON 对象", "must be a JSON object")
    }

    def __init__(self, nested: Any, *, prefix: str | None = None, **kwargs: Any) -> None:
        """Hold an object of the schema *nested*."""
        self.prefix = prefix
        super().__init__(nested, **kwargs)

    def get_value(self, obj: Any, attr: str, accessor: Any = None, default: Any = None) -> Any:
        """Return the row itself, seen through the prefix, where there is one."""
        if self.prefix is None:
            return super().get_value(obj, attr, accessor, default)
        own = self.schema.fields
        return {f.attribute or n: getattr(obj, f"{self.prefix}{n}") for n, f in own.items()}


class Lines(fields.List):
    """Texts that the row holds joined by line ends."""

    def __init__(self, **kwargs: Any) -> None:
        """Hold lines of text."""
        super().__init__(fields.String(), **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value.split("\n") if value else []


class Stored(fields.Nested):
    """JSON that the row holds as it goes out; the schema only documents it."""

    def _serialize(self, value: object, attr: str | None, obj: object, **kwargs: Any) -> Any:  # type: ignore[override]
        return value


class Cached(fields.Nested):
    """References that the process knows by heart: *lookup* is a method of the vocabulary.

    *on* is the row's day or moment whose names are shown; where it is null, those of now.
    """

    def __init__(self, nested: Any, lookup: str, *, on: str | None = None, **kwargs: Any) -> None:
        """Hold what the vocabulary's method *lookup* makes of the row's value."""
        self.lookup = lookup
        self.on = on
        super().__init__(nested, **kwargs)

    def _serialize(self, value: object, attr: str | None, obj: object, **kwargs: Any) -> Any:  # type: ignore[override]
        vocabulary: Any = Context.get(default=None)
        then = () if self.on is None else (getattr(obj, self.on),)
        return getattr(vocabulary, self.lookup)(value, *then)
