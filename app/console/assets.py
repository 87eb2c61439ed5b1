"""The files that pages load: one style, two scripts."""

from pathlib import Path

from flask import Blueprint, Response

from app.http.contract.pages import asset_named

STATIC = Path(__file__).parent / "static"
ASSETS = {
    "console.css": STATIC / "console.css",
    "console.js": STATIC / "console.js",
    "marking.js": STATIC / "marking.js",
    "htmx.min.js": STATIC / "htmx" / "htmx.min.js",
}
"""Every file by the name it is served under; nothing else can be asked for."""

blueprint = Blueprint("assets", __name__)


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    """Give one file that pages load."""
    return asset_named(name, ASSETS)
