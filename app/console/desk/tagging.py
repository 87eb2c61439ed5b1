"""The tags of a recommendation as an office gives them: which it has, and which it may have."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.console.calls import Refusal
from app.console.choices import Choices, names_of, sent_for
from app.console.forms import Form
from app.console.pages import say
from app.console.suggesting import SuggestedTag, choices_of, tag_rows, tags_to_add
from app.core.types import Given, Values


@dataclass(frozen=True)
class TaggingForm:
    """The *form* for the tags of a recommendation: those *suggested* to it, and all there are."""

    form: Form
    suggested: list[SuggestedTag]
    choices: Choices


def tagging_form(form: Form, address: str, recommendation: Given) -> TaggingForm:
    """Return the form at *address* for the tags of a *recommendation*, as it was last typed."""
    own, tags = form.at(address, "tag-"), tag_rows()
    suggested = tags_to_add(recommendation, own.texts("suggested"), tags)
    return TaggingForm(own, suggested, choices_of(tags))


def tags_in(form: Form) -> Values:
    """Return what was ticked and typed, as the contract has it; raise Refusal where nothing was.

    A tag is typed by its name, several with 、 between; what is no tag goes as it is.
    """
    known, typed = choices_of(tag_rows()), names_of(form.text("add"))
    named = [sent_for(name, known) or name for name in typed]
    add, remove = [*form.texts("suggested"), *named], form.texts("remove")
    if not add and not remove:
        raise Refusal(422, nothing_chosen())
    return {"add": list(dict.fromkeys(add)), "remove": remove, "note": form.text("note")}


def nothing_chosen() -> Values:
    """Return the problem of a form in which no tag was ticked or typed."""
    message = say(
        "没有勾选或填写标签，什么也没有改。", "Nothing was ticked or typed; nothing was done."
    )
    title = say("没有选标签", "No tag was chosen")
    return {"title": title, "detail": message, "errors": [{"field": "add", "message": message}]}


@contextmanager
def at_its_list() -> Iterator[None]:
    """Let what is refused of one tag stand at the field that it came from, which has several."""
    try:
        yield
    except Refusal as refusal:
        errors = [
            {**error, "field": error["field"].partition(".")[0]}
            for error in refusal.document.get("errors", ())
        ]
        document = {**refusal.document, "errors": errors}
        raise Refusal(refusal.status, document, refusal.headers) from refusal
