"""Organizations: entered and corrected; what changes from a day on is a reform."""

from functools import partial

from flask import Response

from app.console.calls import ask
from app.console.choices import code_choices, organization_choices
from app.console.labels import label, office_name
from app.console.pages import Pages, say
from app.console.registry.acts import Act, ActSubject, Blank, act_page, carry_out
from app.console.registry.case_forms import NOTE
from app.console.registry.lists.listing import ListedRow, Listing, list_page, said
from app.console.registry.lists.sessions import SLUG
from app.console.registry.overview import registry_context
from app.core.types import Values

blueprint = Pages("registry_offices", __name__)
blueprint.context_processor(registry_context)

HERE = "/registry/offices"
KIND = Blank("kind", ("类别", "Kind"), "choice", offers=code_choices("organization_kind"))
NAMES = (
    Blank("name_zh", ("名称", "Name in Chinese"), required=True),
    Blank("name_en", ("英文名称", "Name in English")),
    Blank("aliases", ("其他名称", "Other names"), "lines"),
)
REGION = Blank("region_code", ("行政区划代码", "Code of its place (GB/T 2260)"))
IS_OFFICE = Blank("is_office", ("可以承办", "It can be given work"), "box")
ABOUT = (
    Blank(
        "name_status",
        ("名称是否现用", "Whether the name is in use"),
        "choice",
        offers=code_choices("name_status"),
    ),
    Blank("name_source", ("名称的依据", "From which source that is known"), "text"),
    Blank("is_vertical", ("垂直管理", "Led from above its city"), "box"),
    NOTE,
)
NEW = Act(
    "createOrganization",
    ("登记机构", "Enter an organization"),
    ("登记", "Enter it"),
    (
        SLUG,
        KIND,
        *NAMES,
        Blank("parent", ("上级", "The one above it"), "named", offers=organization_choices),
        REGION,
        IS_OFFICE,
        *ABOUT,
    ),
    ("已登记机构。", "The organization is entered."),
)
EDIT = Act(
    "editOrganization",
    ("更正机构", "Correct an organization"),
    ("保存更正", "Save the corrections"),
    (KIND, *NAMES, REGION, IS_OFFICE, *ABOUT),
    ("已保存更正。", "The corrections are saved."),
    hint=(
        "这里只改登记错的；从某日起更名、撤并请用“机构改革”。",
        "Only for what was entered wrongly; what changes from a day on is a reform.",
    ),
)


def office_row(one: Values) -> ListedRow:
    """Return how an organization looks in the list."""
    detail = said(
        one["slug"],
        label("organization_kind", one["kind"]),
        office_name(one["parent"]),
        say("可承办", "can be given work") if one["is_office"] else None,
        say("已撤并", "it is no more") if one["ended_on"] else None,
    )
    return ListedRow(
        office_name(one), detail, ((f"{HERE}/{one['slug']}/edit", ("更正", "Correct")),)
    )


OFFICES = Listing(
    ("机构", "Organizations"),
    "listOrganizations",
    "createOrganization",
    office_row,
    (
        (f"{HERE}/new", ("登记机构", "Enter an organization")),
        ("/registry/reforms/new", ("机构改革", "A reform")),
    ),
)


@blueprint.get("/registry/offices")
def offices_list() -> Response:
    """Show the organizations."""
    return list_page(OFFICES)


@blueprint.get("/registry/offices/new")
def new_office_page() -> Response:
    """Show the form for a new organization."""
    return act_page(NEW, ActSubject("", HERE))


@blueprint.post("/registry/offices/new")
def enter_office() -> Response:
    """Enter an organization."""
    return carry_out(NEW, partial(ActSubject, "", HERE))


def office_subject(slug: str) -> ActSubject:
    """Return what the form for correcting an organization starts with."""
    one = ask("getOrganization", {"slug": slug})
    return ActSubject(
        office_name(one), HERE, {"slug": slug}, one["version"], values=one, only_changes=True
    )


@blueprint.get("/registry/offices/<slug>/edit")
def office_correction_page(slug: str) -> Response:
    """Show the form for correcting an organization."""
    return act_page(EDIT, office_subject(slug))


@blueprint.post("/registry/offices/<slug>/edit")
def correct_office(slug: str) -> Response:
    """Correct an organization."""
    return carry_out(EDIT, partial(office_subject, slug))
