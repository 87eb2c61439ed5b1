"""The types of problem documents: what each means, and what to do about it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from app.core.types import Values

PROBLEM = "application/problem+json"
"""The media type of every error (RFC 9457)."""

PLACE = "/problems/"
"""Where the page of each type is; its address is the ``type`` of the document."""


@dataclass(frozen=True)
class ProblemType:
    """One type: its *code* and *status*; the sentences are in Chinese and in English.

    *when* says when it comes, *act* what to do about it; *example* is a ``detail`` in English.
    """

    code: str
    status: int
    title: tuple[str, str]
    when: tuple[str, str]
    act: tuple[str, str]
    example: str

    @property
    def uri(self) -> str:
        """What stands in ``type``."""
        return f"{PLACE}{self.code}"

    @property
    def document(self) -> Values:
        """An example of the whole document, in English."""
        content: Values = {
            "type": self.uri,
            "title": self.title[1],
            "status": self.status,
            "detail": self.example,
            "instance": "urn:request:4f1c2a9be07d3358",
        }
        if self.status == 422:
            content["errors"] = [
                {"field": "due_on", "message": "must be a day, such as 2027-06-30"}
            ]
        return content


def read_types() -> dict[str, ProblemType]:
    """Return every type by its code, as problems.toml has them."""
    text = Path(__file__).with_name("problems.toml").read_text(encoding="utf-8")
    return {
        code: ProblemType(
            code=code,
            status=own["status"],
            title=tuple(own["title"]),
            when=tuple(own["when"]),
            act=tuple(own["act"]),
            example=own["example"],
        )
        for code, own in tomllib.loads(text).items()
    }


TYPES = read_types()
"""Code → type."""

OF_STATUS = {
    400: "bad-request",
    404: "no-such-path",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    414: "uri-too-long",
    415: "unsupported-media-type",
    416: "range-not-satisfiable",
    428: "precondition-required",
    431: "headers-too-large",
    500: "internal-error",
    503: "busy",
}
"""Status → the code of what HTTP itself refuses with it."""
