"""The pages of what is withheld: the list, one with its release, and the form that withholds."""

from flask import Response, request
from werkzeug.exceptions import NotFound

from app.console.calls import Refusal, ask
from app.console.forms import NO_FORM, Form, is_number
from app.console.pages import Pages, done, page, say, signed_in
from app.console.registry.access import check_may_call, may_call
from app.console.sending import shown_again
from app.console.withholdings.access import withholder
from app.console.withholdings.words import WrittenWords, written_words
from app.core.errors import PermissionDenied
from app.core.types import Values

blueprint = Pages("withholding_pages", __name__)

AT_ONCE = 50
"""How many withholdings a page lists."""

WHETHER = {"true": True, "false": False}
NARROWED = ("kind", "office", "proposal")


@blueprint.get("/withholdings")
def withheld_page() -> Response:
    """Show what is withheld, the newest first, and below it what was released; or one of them."""
    signed_in()
    asked = request.args.get("is_released")
    released = WHETHER.get(asked or "false", asked)
    first = listed_records(released, request.args.get("cursor"))
    is_both = asked is None and "cursor" not in request.args
    return page(
        "withholdings/list.html",
        found=first,
        is_released=released is True,
        before=listed_records(True, None) if is_both else None,
    )


def listed_records(released: object, cursor: str | None) -> Values:
    """Return a page of what is withheld still, or was *released*, the newest first."""
    narrowed = {name: request.args.getlist(name) or None for name in NARROWED}
    query: Values = {**narrowed, "is_released": released, "cursor": cursor, "limit": AT_ONCE}
    return ask("listWithholdings", sort="-id", with_total=True, **query)


@blueprint.get("/withholdings/<id:withholding_id>")
def one_withheld(withholding_id: int) -> Response:
    """Show what is withheld, since when and why, and the form that releases it."""
    signed_in()
    return withholding_page(NO_FORM, withholding_id)


def withholding_page(form: Form, withholding_id: int) -> Response:
    """Return the page of one withholding, with the *form* as it was typed."""
    return page(
        "withholdings/one.html",
        form=form,
        record=ask("getWithholding", {"withholding_id": withholding_id}),
        address=f"/withholdings/{withholding_id}/release",
        may_release=may_call("releaseWithholding"),
    )


@blueprint.post("/withholdings/<id:withholding_id>/release")
@shown_again(withholding_page)
def release_it(form: Form, withholding_id: int) -> Response:
    """Let the public read it again; raise Refusal."""
    path = {"withholding_id": withholding_id}
    form.send("releaseWithholding", path, {"reason": form.text("reason")})
    notice = say("已恢复公开。", "The public can read it again.")
    return done(f"/withholdings/{withholding_id}", str(notice))


# -- withholding ---------------------------------------------------------------------------------


@blueprint.get("/withholdings/new")
def new_withholding() -> Response:
    """Show what the address names by kind, number and record, and the form that withholds it."""
    check_may_call("withholdRecord")
    given = {name: request.args.get(name, "") for name in ("kind", "id", "of")}
    if not is_number(given["id"]) or not given["of"]:
        raise NotFound
    return withholding_form(NO_FORM, given["kind"], given["of"], int(given["id"]))


def withholding_form(form: Form, kind: str, of: str, number: int) -> Response:
    """Return the page with the *form* that withholds what is named.

    Raises NotFound, Refusal where there is none, PermissionDenied for what another office wrote.
    """
    words = written_words(kind, of, number)
    check_own(words)
    return page(
        "withholdings/new.html",
        form=form,
        kind=kind,
        words=words,
        address=f"/withholdings/new/{kind}/{of}/{number}",
    )


def check_own(words: WrittenWords) -> None:
    """Raise PermissionDenied where whoever looks may not withhold *words* of another office.

    Where the record does not name who wrote them, the contract says so when they are sent.
    """
    if words.names_office and not withholder().may_withhold(words.office):
        raise PermissionDenied(
            reason_zh="这是其他单位写的，请由该单位或登记人员处理",
            reason_en="another office wrote this: it, or a registrar, can withhold it",
        )


@blueprint.post("/withholdings/new/<kind>/<of>/<id:number>")
@shown_again(withholding_form)
def withhold_it(form: Form, kind: str, of: str, number: int) -> Response:
    """Withhold what is named, at once; raise Refusal."""
    body = {"kind": kind, "target_id": number, "reason": form.text("reason")}
    try:
        made = form.send("withholdRecord", {}, body)
    except Refusal as refusal:
        raise told_above(refusal) from refusal
    notice = say("已停止公开，公众现在看不到。", "It is withheld; the public cannot read it now.")
    return done(f"/withholdings/{made.content['id']}", str(notice))


def told_above(refusal: Refusal) -> Refusal:
    """Return *refusal* with what is wrong with the record said above the form, not at a field."""
    errors = [
        one if one["field"] == "reason" else {**one, "field": ""}
        for one in refusal.document.get("errors", ())
    ]
    return Refusal(refusal.status, {**refusal.document, "errors": errors}, refusal.headers)


PAGES = (blueprint,)
