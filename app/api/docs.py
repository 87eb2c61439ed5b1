"""The documentation page and the OpenAPI document, both without the internet."""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, current_app, request, send_from_directory

from app.config import ROOT

STATIC = Path(__file__).parent / "static"
DOCUMENT = ROOT / "openapi" / "openapi.json"

blueprint = Blueprint("docs", __name__)

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Proposal register: API · 提案落实登记簿接口</title>
<link rel="icon" href="/docs/static/swagger-ui/favicon-32x32.png">
<link rel="stylesheet" href="/docs/static/swagger-ui/swagger-ui.css">
<link rel="stylesheet" href="/docs/static/docs.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/static/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/docs/static/docs.js"></script>
</body>
</html>
"""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@blueprint.get("/docs")
def page() -> Response:
    """Show the documentation of every operation."""
    response = Response(PAGE, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.get("/docs/static/<path:name>")
def asset(name: str) -> Response:
    """Give one file of the documentation page."""
    return send_from_directory(STATIC, name, max_age=3600)


@blueprint.get("/openapi.json")
def document() -> Response:
    """Give the committed OpenAPI document."""
    content = current_app.extensions.get("openapi_file")
    if content is None:
        content = current_app.extensions["openapi_file"] = DOCUMENT.read_bytes()
    response = Response(content, mimetype="application/json")
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
