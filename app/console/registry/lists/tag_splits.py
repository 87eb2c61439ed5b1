"""A tag split into several: first seen where each recommendation would go, then done just so."""

from dataclasses import dataclass

from flask import Response

from app.console.calls import Answered, ask
from app.console.choices import names_of, sent_for, tag_choices
from app.console.forms import NO_FORM, Form, submitted
from app.console.labels import office_name
from app.console.pages import Pages, done, page, say
from app.console.registry.access import check_may_call
from app.console.registry.acts import Blank, attempt, send_form
from app.console.registry.lists.nested import closed_up, shown_rows, typed_bodies
from app.console.registry.lists.tags import HERE
from app.console.registry.overview import registry_context
from app.core.types import Values

blueprint = Pages("registry_tag_splits", __name__)
blueprint.context_processor(registry_context)

PARTS = (
    Blank("tag", ("分到现有标签", "To a tag that stands"), "named", offers=tag_choices),
    Blank("new.slug", ("或新标签：地址代号", "Or a new one: short name for addresses")),
    Blank("new.name_zh", ("新标签：名称", "New one: name in Chinese")),
    Blank("new.name_en", ("新标签：英文名称", "New one: name in English")),
    Blank("new.definition", ("新标签：涵盖什么", "New one: what it covers"), "text"),
    Blank("new.synonyms", ("新标签：其他字词", "New one: other words"), "lines"),
    Blank(
        "words",
        ("含有这些字词的归这里", "What has these words goes here"),
        "lines",
        (
            "一行一个；不填就用标签的名称和字词。",
            "One a line; the names and words of the tag when left out.",
        ),
    ),
    Blank(
        "recommendations",
        ("指定归这里的建议（编号）", "References of those that go here"),
        "lines",
        ("一行一个，不管字词。", "One a line, whatever their words."),
    ),
)


@dataclass(frozen=True)
class DryRun:
    """What a split would do, with the names of its parts by slug."""

    answer: Values
    names: dict[str, str]


@blueprint.get("/registry/tags/<slug>/split")
def split_page(slug: str) -> Response:
    """Show the form for splitting a tag."""
    return splitting_tag(slug, NO_FORM)


@blueprint.post("/registry/tags/<slug>/split")
def split_tag(slug: str) -> Response:
    """Show what a split would do; or do what was shown, by its digest."""
    form = closed_up(submitted(), "parts", PARTS)
    check_may_call("splitTag")
    if form.values.get("do") == "more":
        return splitting_tag(slug, form)
    is_dry = form.values.get("do") != "carry_out"
    body = split_body(form, is_dry)

    def onward(made: Answered) -> Response:
        if is_dry:
            return splitting_tag(slug, form, DryRun(made.content, part_names(body)))
        return done(HERE, str(say("标签已拆分。", "The tag is split.")))

    return attempt(
        form,
        lambda: send_form(form, "splitTag", {"slug": slug}, body),
        onward,
        lambda refused: splitting_tag(slug, refused),
    )


def split_body(form: Form, is_dry: bool) -> Values:
    """Return the body of `splitTag` that *form* says."""
    body: Values = {"parts": typed_bodies(form, "parts", PARTS), "dry_run": is_dry}
    body["reason"] = form.text("reason") or ""
    rest = [sent_for(one, tag_choices()) for one in names_of(form.text("rest"))]
    if rest:
        body["rest"] = rest[0]
    if not is_dry:
        body["digest"] = form.text("digest") or ""
    return body


def part_names(body: Values) -> dict[str, str]:
    """Return the names of the parts of a split, by slug."""
    known = dict(tag_choices())
    slugs = [one["tag"] for one in body["parts"] if "tag" in one]
    names = {slug: known.get(slug, slug) for slug in slugs}
    return names | {
        one["new"].get("slug", ""): one["new"].get("name_zh", "")
        for one in body["parts"]
        if "new" in one
    }


def splitting_tag(slug: str, form: Form, seen: DryRun | None = None) -> Response:
    """Return the page with the form for splitting a tag, and what it would do."""
    check_may_call("splitTag")
    tag = ask("getTag", {"slug": slug})
    return page(
        "registry/tag_split.html",
        status=form.refusal.status if form.refusal else 200,
        form=form,
        tag=tag,
        name=office_name(tag),
        action=f"{HERE}/{slug}/split",
        back=HERE,
        parts=shown_rows(form, "parts", PARTS),
        tags=tag_choices(),
        seen=seen,
    )
