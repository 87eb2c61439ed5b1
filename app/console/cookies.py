"""Cookies of this very host: sent by https (or to this machine) alone, read by no script."""

from werkzeug import Response

STRICT, LAX = "Strict", "Lax"
"""Whether a browser sends one only with what a page of ours asks for, or also when another site
leads here."""


def give_cookie(
    response: Response, name: str, value: str, seconds: int | None = None, site: str = STRICT
) -> None:
    """Give a cookie with *response*, for so many *seconds*; None: until the browser is closed."""
    response.set_cookie(
        name, value, max_age=seconds, secure=True, httponly=True, samesite=site, path="/"
    )


def take_cookie(response: Response, name: str, site: str = STRICT) -> None:
    """Take a cookie away from the browser again."""
    response.delete_cookie(name, secure=True, httponly=True, samesite=site, path="/")
