"""The sessions at which proposals are made: entered and corrected."""

from functools import partial

from flask import Response

from app.console.calls import ask
from app.console.choices import body_choices, code_choices
from app.console.labels import label, office_name
from app.console.pages import Pages, day
from app.console.registry.acts import Act, ActSubject, Blank, act_page, carry_out
from app.console.registry.lists.listing import ListedRow, Listing, list_page, said
from app.console.registry.overview import registry_context
from app.core.types import Values

blueprint = Pages("registry_sessions", __name__)
blueprint.context_processor(registry_context)

HERE = "/registry/sessions"
SLUG = Blank(
    "slug",
    ("地址代号", "Short name for addresses"),
    hint=(
        "小写字母、数字和连字符，定了不再改。",
        "Lower-case letters, digits, hyphens; it never changes.",
    ),
    required=True,
)
COMMON = (
    Blank("kind", ("类别", "Kind"), "choice", offers=code_choices("session_kind")),
    Blank("name_zh", ("名称", "Name in Chinese")),
    Blank("name_en", ("英文名称", "Name in English")),
    Blank("term", ("届", "Term"), "number"),
    Blank("meeting", ("次", "Meeting within the term"), "number"),
    Blank("starts_on", ("第一天", "First day"), "date"),
    Blank("ends_on", ("最后一天", "Last day"), "date"),
    Blank("note", ("备注", "Note"), "text"),
)
REASON = Blank("reason", ("理由", "Reason"), "text", ("记入历史。", "It stands in the history."))
NEW = Act(
    "createSession",
    ("登记会议", "Enter a session"),
    ("登记", "Enter it"),
    (SLUG, Blank("body", ("机构", "Body"), "choice", offers=body_choices), *COMMON, REASON),
    ("已登记会议。", "The session is entered."),
)
EDIT = Act(
    "editSession",
    ("更正会议", "Correct a session"),
    ("保存更正", "Save the corrections"),
    (*COMMON, REASON),
    ("已保存更正。", "The corrections are saved."),
)


def session_row(one: Values) -> ListedRow:
    """Return how a session looks in the list."""
    detail = said(
        label("session_kind", one["kind"]), office_name(one["body"]), day(one["starts_on"])
    )
    links = (
        (f"{HERE}/{one['slug']}/edit", ("更正", "Correct")),
        (f"/sessions/{one['slug']}", ("查看", "See")),
    )
    return ListedRow(office_name(one), detail, links)


SESSIONS = Listing(
    ("会议", "Sessions"),
    "listSessions",
    "createSession",
    session_row,
    ((f"{HERE}/new", ("登记会议", "Enter a session")),),
    is_searched=False,
)


@blueprint.get("/registry/sessions")
def sessions_list() -> Response:
    """Show the sessions."""
    return list_page(SESSIONS)


@blueprint.get("/registry/sessions/new")
def new_session_page() -> Response:
    """Show the form for a new session."""
    return act_page(NEW, ActSubject("", HERE))


@blueprint.post("/registry/sessions/new")
def enter_session() -> Response:
    """Enter a session."""
    return carry_out(NEW, partial(ActSubject, "", HERE))


def session_subject(slug: str) -> ActSubject:
    """Return what the form for correcting a session starts with."""
    one = ask("getSession", {"slug": slug})
    return ActSubject(
        office_name(one), HERE, {"slug": slug}, one["version"], values=one, only_changes=True
    )


@blueprint.get("/registry/sessions/<slug>/edit")
def session_correction_page(slug: str) -> Response:
    """Show the form for correcting a session."""
    return act_page(EDIT, session_subject(slug))


@blueprint.post("/registry/sessions/<slug>/edit")
def correct_session(slug: str) -> Response:
    """Correct a session."""
    return carry_out(EDIT, partial(session_subject, slug))
