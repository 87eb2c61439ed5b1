"""Every vocabulary as one named schema of the OpenAPI document.

One that is closed keeps its words within v1, so a client may list them. One that is open may gain
words: answers show its words as plain strings, and what a request may hold today stands in a
schema of its own, named ``Known…``.
"""

from collections.abc import Callable
from inspect import cleandoc

from apispec import APISpec

from app.core.codes import CLOSED, PUBLISHED, LabelledEnum
from app.core.schemas.fields import Choice, Code, Input
from app.core.types import Values

NAME_OF = {vocabulary: name for name, vocabulary in PUBLISHED.items()}
"""Vocabulary → what /vocabularies calls it."""

GROWS = (
    "Open: more words may come within v1, so accept what you do not know;"
    " /vocabularies lists those of the running register."
)

KNOWN = "The words of {} that may be sent today; what each means stands there."

CHOICES = {
    "Field": "The fields of a list's items.",
    "Expansion": "What a list can bring along of each item.",
    "Kind": "What can be found.",
}
"""What the choices of a list are, by how they are called; all others are its orders."""


def references(spec: APISpec) -> Callable[..., Values]:
    """Return what lets fields of codes refer to schemas, made in *spec* at first use."""

    def reference(self: object, field: object, ret: Values, **kwargs: object) -> Values:
        if isinstance(field, Code):
            named = schema_name(field.vocabulary, isinstance(field.root, Input))
            content = schema_of(field.vocabulary, named)
        elif isinstance(field, Choice) and field.named:
            named = field.named
            content = {
                "type": "string",
                "enum": list(field.choices),
                "description": choices_in_words(named),
            }
        else:
            return {}
        if named not in spec.components.schemas:
            spec.components.schema(named, content)
        ret.pop("enum", None)
        ret.pop("type", None)
        pointer = {"$ref": f"#/components/schemas/{named}"}
        return {"anyOf": [pointer, {"type": "null"}]} if field.allow_none else pointer

    return reference


def choices_in_words(name: str) -> str:
    """Return what the choices called *name* are."""
    said = (words for end, words in CHOICES.items() if name.endswith(end))
    return next(said, "The orders that a list can have.")


def is_open(vocabulary: type[LabelledEnum]) -> bool:
    """Return whether *vocabulary* may gain words within v1."""
    return vocabulary in NAME_OF and NAME_OF[vocabulary] not in CLOSED


def schema_name(vocabulary: type[LabelledEnum], is_input: bool) -> str:
    """Return the name of the schema for what comes in, or for what goes out."""
    known = "Known" if is_input and is_open(vocabulary) else ""
    return f"{known}{vocabulary.__name__}"


def described(vocabulary: type[LabelledEnum]) -> str:
    """Return what *vocabulary* is about, and the Chinese label of each word, which is English.

    /vocabularies has the labels in both languages.
    """
    meaning = cleandoc(vocabulary.__doc__ or "")
    labels = "\n".join(f"- `{word}`: {word.zh}" for word in vocabulary)
    return f"{meaning}{f' {GROWS}' if is_open(vocabulary) else ''}\n\n{labels}"


def schema_of(vocabulary: type[LabelledEnum], name: str) -> Values:
    """Return the schema called *name*, with the labels of each word."""
    is_known = name != vocabulary.__name__
    grows = is_open(vocabulary) and not is_known
    words = [str(word) for word in vocabulary]
    return {
        "type": "string",
        **({"x-extensible-enum": words} if grows else {"enum": words}),
        "description": KNOWN.format(vocabulary.__name__) if is_known else described(vocabulary),
        **({"x-vocabulary": NAME_OF[vocabulary]} if vocabulary in NAME_OF else {}),
    }
