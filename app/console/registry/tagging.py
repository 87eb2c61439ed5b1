"""Tagging many recommendations at once: without a tag, or caught by the words of one."""

from dataclasses import replace

from flask import Response, request

from app.console.calls import ask
from app.console.choices import names_of, sent_for
from app.console.forms import NO_FORM, Form, submitted
from app.console.pages import Pages, done, page, say
from app.console.registry.access import check_may_call
from app.console.registry.batches import (
    BatchOutcome,
    SentRow,
    in_part,
    number_at,
    send_batch,
)
from app.console.registry.overview import registry_context, sentence
from app.console.suggesting import SuggestedTag, choices_of, tag_rows, tags_to_add
from app.core.types import Values

blueprint = Pages("registry_tagging", __name__)
blueprint.context_processor(registry_context)

MOST = 30
"""How many recommendations one form has."""


@blueprint.get("/registry/tagging")
def tagging_page() -> Response:
    """Show recommendations without a tag, or those that the words of a tag catch."""
    check_may_call("createTag")
    tags = tag_rows()
    chosen = sent_for(request.args.get("tag") or None, choices_of(tags))
    query = {"caught_by": chosen} if chosen else {"tags_at_most": 0}
    shown = ask(
        "listRecommendations",
        limit=MOST,
        expand="passages",
        with_total=True,
        cursor=request.args.get("cursor"),
        **query,
    )
    return tagging(NO_FORM, list(enumerate(shown["items"])), chosen or "", tags, shown)


def tagging(
    form: Form,
    rows: list[tuple[int, Values]],
    chosen: str,
    tags: list[Values],
    listed: Values | None = None,
    outcome: BatchOutcome | None = None,
) -> Response:
    """Return the page with *rows*, the tags they suggest, and what is said of those refused."""
    return page(
        "registry/tagging.html",
        status=422 if outcome else 200,
        form=form,
        rows=[(at, one, suggested_for(form, at, one, tags)) for at, one in rows],
        chosen=chosen,
        tags=choices_of(tags),
        following=listed["next"] if listed else None,
        total=listed["total"] if listed else len(rows),
        problems=outcome.problems if outcome else {},
        said=in_part(outcome, ("条", "recommendations")) if outcome else "",
    )


def suggested_for(form: Form, at: int, row: Values, tags: list[Values]) -> list[SuggestedTag]:
    """Return the tags that the words of a recommendation suggest, and that it has not."""
    chosen = form.texts(f"rows.{at}.body.add")
    return tags_to_add(row, chosen, tags)


@blueprint.post("/registry/tagging")
def tag_many() -> Response:
    """Give the ticked recommendations the tags of the form and those ticked beside each."""
    form = submitted()
    check_may_call("createTag")
    tags = tag_rows()
    chosen = form.text("caught_by") or ""
    back = (
        f"/registry/tagging?tag={chosen}"
        if chosen in dict(choices_of(tags))
        else "/registry/tagging"
    )
    shared = [sent_for(one, choices_of(tags)) or "" for one in names_of(form.text("add"))]
    sent = [one for at in number_at(form, "rows") for one in tagged_row(form, at, shared)]
    if not sent:
        notice = say(
            "没有选任何建议或标签，什么也没有做。", "Nothing was ticked; nothing was done."
        )
        return done(back, str(notice))
    outcome = send_batch(form, "tagRecommendationBatch", sent)
    if outcome.is_whole:
        notice = sentence(len(outcome.finished), "已给{}条建议加标签。", "{} were tagged.")
        return done(back, notice)
    rows = left_to_tag(form, outcome)
    return tagging(replace(form, refusal=outcome.refusal), rows, chosen, tags, outcome=outcome)


def tagged_row(form: Form, at: int, shared: list[str]) -> list[SentRow]:
    """Return what tags the recommendation in row *at*; none where it gets nothing."""
    own = form.texts(f"rows.{at}.body.add")
    is_ticked = form.is_chosen(f"rows.{at}.chosen")
    add = list(dict.fromkeys([*own, *(shared if is_ticked else [])]))
    if not add:
        return []
    row: Values = {"record": form.text(f"rows.{at}.record") or "", "body": {"add": add}}
    version, note = form.number(f"rows.{at}.version"), form.text("note")
    if version is not None:
        row["version"] = version
    if note:
        row["body"]["note"] = note
    return [SentRow(at, row)]


def left_to_tag(form: Form, outcome: BatchOutcome) -> list[tuple[int, Values]]:
    """Return the recommendations of *form* that are not done, as they are now, by their row."""
    places = [at for at in number_at(form, "rows") if at not in outcome.finished]
    names = {at: form.text(f"rows.{at}.record") or "" for at in places}
    if not names:
        return []
    shown = ask("listRecommendations", reference=list(names.values()), limit=50, expand="passages")
    known = {one["reference"]: one for one in shown["items"]}
    return [(at, known[name]) for at, name in names.items() if name in known]
