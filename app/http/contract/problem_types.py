"""The types of problem documents: what each means, what to do about it, and its page."""

import json
import re
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

from flask import Blueprint, Response

from app.core.errors import NotFound
from app.core.types import Values

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


# -- pages ---------------------------------------------------------------------------------------

blueprint = Blueprint("problems", __name__)

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/docs/static/docs.css">
</head>
<body class="problems">
{body}
</body>
</html>
"""
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"


@blueprint.get("/problems")
def index() -> Response:
    """List every type of problem."""
    rows = "".join(
        f'<tr><td>{own.status}</td><td><a href="{own.uri}">{code}</a></td>'
        f'<td>{escape(own.title[0])}</td><td lang="en">{escape(own.title[1])}</td></tr>\n'
        for code, own in TYPES.items()
    )
    heading = '<h1>问题类型 <span lang="en">Problem types</span></h1>'
    return shown("问题类型 · Problem types", f"{heading}\n<table>\n{rows}</table>")


@blueprint.get("/problems/<code>")
def page(code: str) -> Response:
    """Show one type of problem: when it comes, what to do, an example."""
    own = TYPES.get(code)
    if own is None:
        raise NotFound
    (zh, en), (when_zh, when_en), (act_zh, act_en) = map(escaped, (own.title, own.when, own.act))
    body = (
        f'<p><a href="/problems">问题类型 Problem types</a></p>\n'
        f"<h1>{zh} <small>{code}, {own.status}</small></h1>\n"
        f"<p><b>何时出现</b> {when_zh}</p>\n<p><b>怎么办</b> {act_zh}</p>\n"
        f'<div lang="en">\n<h1>{en}</h1>\n'
        f"<p><b>When it comes</b> {when_en}</p>\n<p><b>What to do</b> {act_en}</p>\n</div>\n"
        f"<pre>{escape(written(own.document))}</pre>"
    )
    return shown(f"{zh} · {en}", body)


def escaped(texts: tuple[str, str]) -> tuple[str, str]:
    """Return both *texts* as HTML; what stands between backticks is code."""
    zh, en = (re.sub("`(.+?)`", r"<code>\1</code>", escape(text)) for text in texts)
    return zh, en


def written(document: Values) -> str:
    """Return *document* as people read JSON."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def shown(title: str, body: str) -> Response:
    """Return a page."""
    response = Response(PAGE.format(title=title, body=body), mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
