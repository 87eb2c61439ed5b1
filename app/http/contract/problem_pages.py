"""The pages of the types of problems: when each comes, what to do, an example."""

import json
import re
from html import escape

from flask import Blueprint, Response

from app.core.errors import NotFound
from app.core.types import Values
from app.http.contract.pages import html_page
from app.http.contract.problem_types import TYPES

blueprint = Blueprint("problems", __name__)
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
    return html_page(title, body, POLICY, "problems")
