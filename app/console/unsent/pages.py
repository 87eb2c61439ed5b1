"""Keeping what somebody is typing, and forgetting it when they say so."""

from flask import Response, request

from app.console.forms import TOKEN, check_origin, check_token, typed
from app.console.pages import STILL_THERE, Pages, done, page, say, signed_in
from app.console.sending import keep_for_ended, keep_typed
from app.console.signing_in.connections import own_address
from app.console.signing_in.visitors import visitor
from app.console.unsent import keeping

blueprint = Pages("unsent", __name__)

TOO_LARGE = (
    "内容太长，没有暂存；请分开写，或直接提交。",
    "This is too long to be kept; split it, or send it now.",
)
SAVED = ("已暂存，还没有提交。", "Kept; not sent yet.")


@blueprint.post("/unsent")
def keep_unsent_form() -> Response:
    """Keep what is typed into the form at the `address`, and say so beside it or on a page.

    That is the page it is on, or the one to go on to: `then`.
    """
    check_origin()
    if not visitor().is_signed_in and keep_for_ended() and is_by_script():
        return words(STILL_THERE)
    is_kept = keep_typed(whose_form(), the_address())
    if is_by_script():
        return words(SAVED if is_kept else TOO_LARGE)
    then = own_address(request.args.get("then") or typed().back)
    return done(then, str(say(*(SAVED if is_kept else TOO_LARGE))))


@blueprint.post("/unsent/forgetting")
def forget_unsent_form() -> Response:
    """Forget what was typed into the form at the `address`, as its author asks."""
    check_origin()
    keeping.forget_kept(whose_form(), the_address())
    return done(typed().back, str(say("没有发出的内容已删除。", "What was not sent is gone.")))


def whose_form() -> int:
    """Return who sent the form; raise KeyRequired, or Refused (403) where it is not theirs."""
    signed_in()
    check_token(request.form.get(TOKEN, ""), visitor().form_token(the_address()))
    return visitor().actor.principal_id or 0


def the_address() -> str:
    """Return where the form is sent to at last."""
    return own_address(request.args.get("address"))


def is_by_script() -> bool:
    """Return whether script asks, which wants a few words instead of a page."""
    return request.headers.get("HX-Request") == "true"


def words(sentence: tuple[str, str]) -> Response:
    """Return a *sentence* to stand beside the form."""
    return page("unsent/words.html", sentence=sentence)
