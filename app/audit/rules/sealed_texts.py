"""What people wrote in an event: each text is sealed apart, so that each can be erased alone."""

import re
import secrets
from collections.abc import Iterator, Mapping

from app.audit.rules.chain import TEXTS, plain_json, text_seal, texts_of
from app.core import codes
from app.core.codes import LabelledEnum
from app.core.types import Given

CODES = frozenset(
    code
    for found in vars(codes).values()
    if isinstance(found, type) and issubclass(found, LabelledEnum)
    for code in found
)
"""Every code of our vocabularies."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T[0-9:.]+(\+00:00)?)?")

SALT_BYTES = 16


def leaves(value: object) -> Iterator[str]:
    """Yield each text in a JSON *value*; names of fields are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)


def is_code(text: str) -> bool:
    """Return whether *text* is a code of ours, a day or a moment: nothing that someone wrote."""
    return text in CODES or MOMENT.fullmatch(text) is not None


def is_free(name: str, value: object) -> bool:
    """Return whether the text called *name* in an event is sealed."""
    return name in TEXTS or not all(map(is_code, leaves(value)))


def seal_texts(row: Given) -> dict[str, str]:
    """Return ``seals`` and ``salts`` of the event *row*, as canonical JSON."""
    free = {name: value for name, value in texts_of(row).items() if is_free(name, value)}
    salts = {name: secrets.token_hex(SALT_BYTES) for name in sorted(free)}
    seals = {name: text_seal(salt, free[name]) for name, salt in salts.items()}
    return {"seals": plain_json(seals), "salts": plain_json(salts)}
