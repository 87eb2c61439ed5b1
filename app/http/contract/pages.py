"""A page for people about the interface: the documentation, and the types of problems."""

from collections.abc import Mapping
from pathlib import Path

from flask import Response, send_file

from app.core.errors import NotFound

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}<link rel="stylesheet" href="/docs/static/docs.css">
</head>
<body class="{kind}">
{body}
</body>
</html>
"""


def html_page(title: str, body: str, policy: str, kind: str, head: str = "") -> Response:
    """Return the page with this *title* and *body*, as HTML, of a *kind* that the style knows.

    *policy* says what it may do in a browser; *head* are further lines of its head. It may be kept
    for an hour.
    """
    content = PAGE.format(title=title, body=body, kind=kind, head=head)
    response = Response(content, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "max-age=3600"
    return response


def asset_named(name: str, known: Mapping[str, Path]) -> Response:
    """Return the file that is served as *name*, to be kept for an hour; NotFound for no *known*."""
    if name not in known:
        raise NotFound
    response = send_file(known[name])
    response.headers["Cache-Control"] = "max-age=3600"
    return response
