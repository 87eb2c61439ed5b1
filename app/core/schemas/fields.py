"""The kinds of values that come in and go out, each strict, with its messages in zh and en.

A message holds both languages with SEPARATOR between them; the API shows one of them.
"""

import re
import unicodedata
from typing import Any

from marshmallow import INCLUDE, RAISE, Schema, ValidationError, fields, validate

from app.core.codes import LabelledEnum
from app.core.rules.nearest import nearest
from app.core.schemas.messages import COMMON, Messages, also, say
from app.core.types import Given

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories that have no place in a line: controls, direction marks, surrogates."""

LINES = "\n\t\r"
"""Those signs of them that a text of several lines may have."""


def first_hidden(text: str, allowed: str) -> int | None:
    """Return where, from 0, the first hidden sign of *text* stands that is not *allowed*."""
    places = (i for i, c in enumerate(text) if unicodedata.category(c) in HIDDEN)
    return next((i for i in places if text[i] not in allowed), None)


UNKNOWN = say("没有这个字段或参数", "there is no such field or parameter")


class Input(Schema):
    """What comes in: a field that is not declared is refused."""

    error_messages = {
        "unknown": UNKNOWN,
        "type": say("必须是一个 JSON 对象", "must be a JSON object"),
    }

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    def handle_error(self, error: ValidationError, data: object, **kwargs: object) -> None:
        """Say of each name that is not declared which one may have been meant."""
        said = error.messages
        for name, messages in said.items() if isinstance(said, dict) else ():
            if messages == [UNKNOWN] and (near := nearest(str(name), self.load_fields)):
                said[name] = [also(UNKNOWN, near)]


class Output(Schema):
    """What goes out: readers must accept fields that are added later."""

    class Meta:
        """Let the document allow additions."""

        unknown = INCLUDE


def hinting(error: ValidationError, meant: str | None) -> ValidationError:
    """Return *error*, and what may have been *meant* where that is known."""
    if meant is None:
        return error
    return ValidationError([also(str(message), meant) for message in error.messages])


class Line(fields.String):
    """One line of text: not blank, without hidden characters, at most *longest* characters.

    Blanks around it are typed by accident and go; those of a text of several lines stay.
    """

    default_error_messages: Messages = COMMON | {
        "invalid": say("必须是文字", "must be text"),
        "invalid_utf8": say("必须是 UTF-8 文字", "must be UTF-8 text"),
        "blank": say("不能为空白", "must not be blank"),
        "hidden": say(
            "第 {place} 个字符（{code}）是看不见的字符，请删去",
            "character {place} ({code}) is a control or invisible one; remove it",
        ),
        "long": say("最多 {longest} 个字符", "must have at most {longest} characters"),
    }
    lines = False
    trimmed = True

    def __init__(self, longest: int, **kwargs: Any) -> None:
        """Allow at most *longest* characters."""
        self.longest = longest
        super().__init__(
            validate=validate.Length(
                min=1,
                max=longest,
                error=Line.default_error_messages["long"].replace("{longest}", str(longest)),
            ),
            **kwargs,
        )

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not value.strip():
            raise self.make_error("blank")
        allowed = LINES if self.lines else ""
        place = first_hidden(value, allowed)
        if place is not None:
            raise self.make_error("hidden", place=place + 1, code=f"U+{ord(value[place]):04X}")
        return value.strip() if self.trimmed else value


class Text(Line):
    """Text of several lines, otherwise as strict as a Line."""

    lines = True
    trimmed = False


class Slug(Line):
    """A name in lower-case letters, digits and hyphens."""

    trimmed = False
    default_error_messages: Messages = {
        "slug": say("只能用小写字母、数字和连字符", "takes lower-case letters, digits, hyphens")
    }

    def __init__(self, **kwargs: Any) -> None:
        """Allow 64 characters."""
        super().__init__(64, **kwargs)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
            raise self.make_error("slug")
        return text


class Number(fields.Integer):
    """A whole number from *least* to *most*; in a query it is written in ASCII digits."""

    default_error_messages: Messages = COMMON | {
        "invalid": say("必须是整数", "must be a whole number"),
        "too_large": say("数字太大", "is too large"),
    }

    def __init__(self, least: int = 0, most: int = 2**53, *, query: bool = False, **kw: Any):
        """Allow *least* to *most*; *query* says that the value comes as text."""
        self.query = query
        error = say(f"必须在 {least} 到 {most} 之间", f"must be from {least} to {most}")
        super().__init__(validate=validate.Range(least, most, error=error), **kw)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> int:
        if self.query:
            if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,19}", value):
                raise self.make_error("invalid")
            return int(value)
        if isinstance(value, float) and value.is_integer():
            return int(value)  # JSON knows one kind of number: 31.0 is 31
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return value


class Flag(fields.Boolean):
    """true or false; in a query the same two words."""

    query = True

    default_error_messages: Messages = COMMON | {
        "invalid": say("只能是 true 或 false", "must be true or false")
    }

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> bool:
        known: dict[Any, bool] = {"true": True, "false": False} if self.query else {}
        if isinstance(value, bool):
            return value
        if not isinstance(value, str) or value not in known:
            raise self.make_error("invalid")
        return known[value]


class Switch(Flag):
    """true or false in a body."""

    query = False


class Code(fields.String):
    """A word of a closed vocabulary; the document names the vocabulary's component."""

    default_error_messages: Messages = COMMON | {
        "code": say("只能是：{choices}", "must be one of: {choices}"),
    }

    def __init__(self, vocabulary: type[LabelledEnum], **kwargs: Any) -> None:
        """Take the members of *vocabulary*."""
        self.vocabulary = vocabulary
        super().__init__(**kwargs)

    def _serialize(self, value: object, attr: str | None, obj: object, **kwargs: Any) -> Any:
        return value

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str) or value not in set(self.vocabulary):
            error = self.make_error("code", choices=", ".join(self.vocabulary))
            raise hinting(error, self.meant(value))
        return self.vocabulary(value)

    def meant(self, value: object) -> str | None:
        """Return the word that *value* may have been meant for: by its label, or nearly itself."""
        names = {name: str(one) for one in self.vocabulary for name in (one.zh, one.en, str(one))}
        near = nearest(value, names) if isinstance(value, str) else None
        return None if near is None else names[near]


class Choice(fields.String):
    """One of a few fixed words that are no vocabulary."""

    default_error_messages: Messages = COMMON | {
        "choice": say("只能是：{choices}", "must be one of: {choices}"),
    }

    def __init__(self, choices: tuple[str, ...], *, named: str = "", **kwargs: Any) -> None:
        """Take the words of *choices*; where they are *named*, they are a schema of that name."""
        self.choices = choices
        self.named = named
        super().__init__(metadata={"enum": list(choices)} | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str) or value not in self.choices:
            error = self.make_error("choice", choices=", ".join(self.choices))
            near = nearest(value, self.choices) if isinstance(value, str) else None
            raise hinting(error, near)
        return value


RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)


class Link(Line):
    """An http or https address."""

    trimmed = False
    default_error_messages: Messages = {
        "link": say("必须是 http 或 https 网址", "must be an http or https address")
    }

    def __init__(self, **kwargs: Any) -> None:
        """Allow 1,000 characters."""
        super().__init__(1000, **kwargs)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"https?://[^\s/?#@]+([/?#]\S*)?", text):
            raise self.make_error("link")
        return text


class Items(fields.List):
    """A list of at most *most* values."""

    default_error_messages: Messages = COMMON | {"invalid": say("必须是列表", "must be a list")}

    def __init__(self, inner: fields.Field[Any], most: int, least: int = 0, **kwargs: Any) -> None:
        """Hold values of the field *inner*."""
        self.most = most
        error = say(f"应有 {least} 至 {most} 项", f"must have from {least} to {most} items")
        super().__init__(inner, validate=validate.Length(least, most, error=error), **kwargs)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            self._validate(value)
        return super()._deserialize(value, attr, data, **kwargs) or []
