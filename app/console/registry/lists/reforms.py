"""Reforms of organizations: asked in one act, approved by a second person."""

from flask import Response

from app.console.choices import names_of, organization_choices, sent_for
from app.console.forms import NO_FORM, Form, submitted
from app.console.pages import Pages, done, page, say
from app.console.registry.access import check_may_call
from app.console.registry.acts import Blank, attempt, send_form
from app.console.registry.lists.nested import closed_up, shown_rows, typed_bodies
from app.console.registry.lists.offices import IS_OFFICE, KIND, NAMES, REGION
from app.console.registry.lists.persons import asked_address
from app.console.registry.lists.requests import waiting_requests
from app.console.registry.lists.sessions import SLUG
from app.console.registry.overview import registry_context
from app.core.errors import Sentence
from app.core.types import Values

blueprint = Pages("registry_reforms", __name__)
blueprint.context_processor(registry_context)

NEW = "/registry/reforms/new"


def organization(name: str, zh: str, en: str) -> Blank:
    """Return the input for an organization that stands, by its name."""
    return Blank(name, (zh, en), "named", offers=organization_choices)


CREATED = (
    SLUG,
    KIND,
    *NAMES,
    organization("parent", "上级", "The one above it"),
    REGION,
    IS_OFFICE,
)
ROWS: dict[str, tuple[Sentence, tuple[Blank, ...]]] = {
    "created": (("新设的机构", "Organizations that come into being"), CREATED),
    "renamed": (
        ("更名的机构", "Organizations that are renamed"),
        (organization("organization", "机构", "Organization"), *NAMES[:2]),
    ),
    "moved": (
        ("改变上级的机构", "Organizations that move"),
        (
            organization("organization", "机构", "Organization"),
            organization("parent", "新的上级", "The one above it from then on"),
        ),
    ),
    "ended": (
        ("撤销或并入的机构", "Organizations that end"),
        (
            organization("organization", "机构", "Organization"),
            Blank(
                "successors",
                ("由谁承接（名称或代号）", "Succeeded by (names or short names)"),
                "lines",
                (
                    "一行一个，第一个承接未办完的；没有就不填。",
                    "One a line; the first takes over what is open; empty where nobody does.",
                ),
            ),
        ),
    ),
}
"""The parts of a reform: what each is called, and the inputs of its rows."""


@blueprint.get("/registry/reforms")
def reforms_page() -> Response:
    """Show the reforms that were asked for."""
    check_may_call("reformOrganizations")
    return page("registry/reforms.html", rows=waiting_requests())


@blueprint.get("/registry/reforms/new")
def reform_page() -> Response:
    """Show the form for a reform."""
    return reforming(NO_FORM)


@blueprint.post("/registry/reforms/new")
def ask_reform() -> Response:
    """Ask for a reform; another must approve it."""
    form = submitted()
    check_may_call("reformOrganizations")
    for name, (_, entries) in ROWS.items():
        form = closed_up(form, name, entries)
    if form.values.get("do") == "more":
        return reforming(form)
    notice = say("已申请，须由另一人批准后才生效。", "It is asked for; another must approve it.")
    return attempt(
        form,
        lambda: send_form(form, "reformOrganizations", {}, reform_body(form)),
        lambda made: done(asked_address(made), str(notice)),
        reforming,
    )


def reform_body(form: Form) -> Values:
    """Return the body of `reformOrganizations` that *form* says."""
    body: Values = {name: form.text(name) or "" for name in ("effective_on", "paper", "reason")}
    choices = organization_choices()
    for name, (_, entries) in ROWS.items():
        rows = typed_bodies(form, name, entries)
        for row in rows:
            if "successors" in row:
                names = [one for typed in row["successors"] for one in names_of(typed)]
                row["successors"] = [sent_for(one, choices) for one in names]
        if rows:
            body[name] = rows
    return body


def reforming(form: Form) -> Response:
    """Return the page with the form for a reform."""
    check_may_call("reformOrganizations")
    choices = organization_choices()
    return page(
        "registry/reform.html",
        status=form.refusal.status if form.refusal else 200,
        form=form,
        action=NEW,
        back="/registry/reforms",
        parts=[
            (name, title, shown_rows(form, name, entries))
            for name, (title, entries) in ROWS.items()
        ],
        offered={"kind": KIND.choices()},
        organizations=choices,
    )
