"""Who proposes: persons entered, corrected, merged where they were entered twice, erased."""

from functools import partial

from flask import Response

from app.console.calls import Answered, ask
from app.console.choices import body_choices, code_choices
from app.console.labels import label, office_name
from app.console.pages import Pages
from app.console.registry.access import may_call
from app.console.registry.acts import Act, ActSubject, Blank, act_page, carry_out
from app.console.registry.case_forms import NOTE, REASON
from app.console.registry.lists.listing import ListedRow, Listing, list_page, said
from app.console.registry.lists.sessions import SLUG
from app.console.registry.overview import registry_context
from app.core.types import Values

blueprint = Pages("registry_persons", __name__)
blueprint.context_processor(registry_context)

HERE = "/registry/persons"
KNOWN = (
    Blank("delegation", ("代表团", "Delegation"), hint=("公开。", "Public.")),
    Blank("sector", ("界别", "Sector"), hint=("公开。", "Public.")),
    Blank(
        "terms",
        ("任职届次", "Terms in which they sit"),
        "numbers",
        ("如 15、16。", "Such as 15, 16."),
    ),
    Blank(
        "unit",
        ("工作单位和职务", "Where they work, and as what"),
        hint=("不公开。", "Never public."),
    ),
    Blank("member_number", ("代表、委员证号", "Their number"), hint=("不公开。", "Never public.")),
    Blank("phone", ("电话", "Telephone"), hint=("不公开。", "Never public.")),
    Blank("email", ("电子邮箱", "E-mail"), hint=("不公开。", "Never public.")),
    Blank("address", ("通信地址", "Postal address"), hint=("不公开。", "Never public.")),
    Blank(
        "is_namesake",
        ("与登记簿中的同名者不是同一个人", "Another one of the same name"),
        "box",
    ),
    NOTE,
)
NAME = Blank("name", ("姓名", "Name"), required=True)
NEW = Act(
    "createPerson",
    ("登记代表或委员", "Enter a proposer"),
    ("登记", "Enter them"),
    (
        SLUG,
        NAME,
        Blank("capacity", ("身份", "Capacity"), "choice", offers=code_choices("capacity")),
        Blank("body", ("所在机构", "Body they sit in"), "choice", offers=body_choices),
        *KNOWN,
    ),
    ("已登记。", "They are entered."),
)
EDIT = Act(
    "editPerson",
    ("更正代表或委员", "Correct a proposer"),
    ("保存更正", "Save the corrections"),
    (NAME, *KNOWN),
    ("已保存更正。", "The corrections are saved."),
)
MERGE = Act(
    "mergePerson",
    ("合并重复登记的人", "Merge somebody who was entered twice"),
    ("合并", "Merge"),
    (
        Blank(
            "into",
            ("保留哪一个（地址代号）", "Short name of the one that stays"),
            hint=("须是同一机构的。不能撤销。", "Of the same body. It cannot be undone."),
            required=True,
        ),
        REASON,
    ),
    ("已合并。", "They are merged."),
    is_grave=True,
)
ERASURE = Act(
    "erasePerson",
    ("删除个人信息", "Erase what is personal"),
    ("申请删除", "Ask for the erasure"),
    (REASON,),
    ("已申请，须由另一人批准。", "It is asked for; another must approve it."),
    hint=("批准后不能恢复。", "Once approved it cannot be undone."),
    is_grave=True,
)
OF_PERSON = {"edit": EDIT, "merge": MERGE, "erasure": ERASURE}
WHICH = "<any(edit, merge, erasure):which>"


def person_row(one: Values) -> ListedRow:
    """Return how a person looks in the list."""
    at = f"{HERE}/{one['slug']}"
    links = [(f"{at}/edit", ("更正", "Correct")), (f"{at}/merge", ("合并", "Merge"))]
    if may_call("erasePerson"):
        links.append((f"{at}/erasure", ("删除个人信息", "Erase")))
    detail = said(
        one["slug"],
        label("capacity", one["capacity"]),
        office_name(one["body"]),
        one["delegation"] or one["sector"],
    )
    return ListedRow(one["name"], detail, tuple(links))


PERSONS = Listing(
    ("代表委员", "Proposers"),
    "listPersons",
    "createPerson",
    person_row,
    ((f"{HERE}/new", ("登记代表或委员", "Enter a proposer")),),
)


@blueprint.get("/registry/persons")
def persons_list() -> Response:
    """Show who proposes."""
    return list_page(PERSONS)


@blueprint.get("/registry/persons/new")
def new_person_page() -> Response:
    """Show the form for a new person."""
    return act_page(NEW, ActSubject("", HERE))


@blueprint.post("/registry/persons/new")
def enter_person() -> Response:
    """Enter a person."""
    return carry_out(NEW, partial(ActSubject, "", HERE))


def person_subject(slug: str, which: str) -> ActSubject:
    """Return what a form about a person starts with."""
    one = ask("getPerson", {"person": slug})
    return ActSubject(
        one["name"],
        HERE,
        {"person": slug},
        one["version"],
        values=one if which == "edit" else {},
        facts=(
            (("身份", "Capacity"), label("capacity", one["capacity"])),
            (("所在机构", "Body"), office_name(one["body"])),
            (("地址代号", "Short name"), one["slug"]),
        ),
        only_changes=which == "edit",
    )


@blueprint.get(f"/registry/persons/<slug>/{WHICH}")
def person_form_page(slug: str, which: str) -> Response:
    """Show one of the forms about a person."""
    return act_page(OF_PERSON[which], person_subject(slug, which))


@blueprint.post(f"/registry/persons/<slug>/{WHICH}")
def mend_person(slug: str, which: str) -> Response:
    """Correct a person, merge them into another one, or ask that they be erased."""
    onward = asked_address if which == "erasure" else None
    return carry_out(OF_PERSON[which], partial(person_subject, slug, which), onward)


def asked_address(made: Answered) -> str:
    """Return the address of the request that was made."""
    return f"/registry/requests/{made.content['id']}"
