"""The documentation page and the OpenAPI document, both without the internet."""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, current_app, request

from app.core.config import ROOT
from app.http.contract.pages import asset_named, html_page

STATIC = Path(__file__).parent / "static"
DOCUMENT = ROOT / "openapi" / "openapi.json"

ASSETS = {
    "docs.css": STATIC / "docs.css",
    "dossier.css": STATIC / "dossier.css",
    "docs.js": STATIC / "docs.js",
    "favicon-32x32.png": STATIC / "swagger-ui" / "favicon-32x32.png",
    "swagger-ui-bundle.js": STATIC / "swagger-ui" / "swagger-ui-bundle.js",
    "swagger-ui.css": STATIC / "swagger-ui" / "swagger-ui.css",
}
"""Every file of the page by the name it is served under; nothing else can be asked for."""

blueprint = Blueprint("docs", __name__)

TITLE = "Proposal register: API · 提案落实登记簿接口"
HEAD = """<link rel="icon" href="/docs/static/favicon-32x32.png">
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
"""
BODY = """<div id="swagger-ui"></div>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script src="/docs/static/docs.js"></script>"""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@blueprint.get("/docs")
def page() -> Response:
    """Show the documentation of every operation."""
    return html_page(TITLE, BODY, POLICY, "docs", HEAD)


@blueprint.get("/docs/static/<name>")
def asset(name: str) -> Response:
    """Give one file of the documentation page."""
    return asset_named(name, ASSETS)


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
