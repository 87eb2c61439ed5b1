"""The language of a page: as chosen, else as the browser prefers; Chinese where it says neither."""

from flask import request
from werkzeug import Response

LANGUAGES = {"zh": "zh-CN", "en": "en"}
COOKIE = "lang"
YEAR = 365 * 24 * 3600


def choose_language() -> None:
    """Let everything that answers this request speak the language that the reader chose."""
    for chosen in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            request.environ["HTTP_ACCEPT_LANGUAGE"] = chosen
            return


def remember_language(response: Response) -> Response:
    """Keep the language that the address chose for the next pages."""
    chosen = request.args.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE, chosen, max_age=YEAR, secure=request.is_secure, httponly=True, samesite="Strict"
        )
    return response
