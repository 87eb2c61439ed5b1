"""Tags: made, edited, ended, merged."""

from functools import partial

from flask import Response

from app.console.calls import ask
from app.console.choices import tag_choices
from app.console.labels import office_name
from app.console.pages import Pages, say
from app.console.registry.acts import Act, ActSubject, Blank, act_page, carry_out
from app.console.registry.case_forms import NOTE, REASON
from app.console.registry.lists.listing import ListedRow, Listing, list_page, said
from app.console.registry.lists.sessions import SLUG
from app.console.registry.overview import registry_context
from app.core.types import Values

blueprint = Pages("registry_tags", __name__)
blueprint.context_processor(registry_context)

HERE = "/registry/tags"
WORDS = (
    Blank("name_zh", ("名称", "Name in Chinese"), required=True),
    Blank("name_en", ("英文名称", "Name in English"), required=True),
    Blank(
        "definition",
        ("涵盖什么，不涵盖什么", "What it covers and what it does not"),
        "text",
        required=True,
    ),
    Blank("synonyms", ("其他字词", "Other words it is found by"), "lines"),
)
NEW = Act(
    "createTag",
    ("新建标签", "Make a tag"),
    ("新建", "Make it"),
    (
        SLUG,
        *WORDS,
        Blank("broader", ("上一级标签", "Broader tag"), "named", offers=tag_choices),
        NOTE,
    ),
    ("已新建标签。", "The tag is made."),
)
EDIT = Act(
    "editTag",
    ("修改标签", "Edit a tag"),
    ("保存", "Save"),
    (*WORDS, NOTE),
    ("已保存标签。", "The tag is saved."),
)
END = Act(
    "endTag",
    ("停用或合并标签", "End or merge a tag"),
    ("停用", "End it"),
    (
        Blank(
            "into",
            ("并入哪个标签", "Merged into"),
            "named",
            ("不填就是停用，已加的保留。", "Left out, it ends and what has it keeps it."),
            offers=tag_choices,
        ),
        REASON,
    ),
    ("标签已停用。", "The tag ended."),
    hint=(
        "地址保留，指向并入的标签；下级标签须先停用。",
        "Its address stays and leads to the other; narrower tags are ended first.",
    ),
    is_grave=True,
)
OF_TAG = {"edit": EDIT, "end": END}
WHICH = "<any(edit, end):which>"


def tag_row(one: Values) -> ListedRow:
    """Return how a tag looks in the list."""
    at = f"{HERE}/{one['slug']}"
    broader = office_name(one["broader"])
    detail = said(
        say(f"属于{broader}", f"under {broader}") if broader else None,
        "、".join(one["synonyms"]),
        one["definition"],
    )
    links = (
        (f"{at}/edit", ("修改", "Edit")),
        (f"{at}/end", ("停用或合并", "End or merge")),
        (f"{at}/split", ("拆分", "Split")),
        (f"/registry/tagging?tag={one['slug']}", ("找可加的建议", "What its words would catch")),
    )
    return ListedRow(office_name(one), detail, links)


TAGS = Listing(
    ("标签", "Tags"),
    "listTags",
    "createTag",
    tag_row,
    ((f"{HERE}/new", ("新建标签", "Make a tag")),),
)


@blueprint.get("/registry/tags")
def tags_list() -> Response:
    """Show the tags."""
    return list_page(TAGS)


@blueprint.get("/registry/tags/new")
def new_tag_page() -> Response:
    """Show the form for a new tag."""
    return act_page(NEW, ActSubject("", HERE))


@blueprint.post("/registry/tags/new")
def make_tag() -> Response:
    """Make a tag."""
    return carry_out(NEW, partial(ActSubject, "", HERE))


def tag_subject(slug: str, which: str) -> ActSubject:
    """Return what a form about a tag starts with."""
    one = ask("getTag", {"slug": slug})
    return ActSubject(
        office_name(one),
        HERE,
        {"slug": slug},
        one["version"],
        values=one if which == "edit" else {},
        facts=((("涵盖", "Covers"), one["definition"]),) if which != "edit" else (),
        only_changes=which == "edit",
    )


@blueprint.get(f"/registry/tags/<slug>/{WHICH}")
def tag_form_page(slug: str, which: str) -> Response:
    """Show one of the forms about a tag."""
    return act_page(OF_TAG[which], tag_subject(slug, which))


@blueprint.post(f"/registry/tags/<slug>/{WHICH}")
def change_tag(slug: str, which: str) -> Response:
    """Edit a tag, end it, or merge it into another one."""
    return carry_out(OF_TAG[which], partial(tag_subject, slug, which))
