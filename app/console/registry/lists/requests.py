"""What one person asked and another must approve: reforms of organizations, erasures."""

from functools import partial

from flask import Response, request

from app.console.calls import ask
from app.console.choices import Choices
from app.console.labels import label
from app.console.pages import Pages, moment, page, say
from app.console.registry.access import check_may_call
from app.console.registry.acts import Act, ActSubject, Blank, act_page, carry_out
from app.console.registry.case_forms import NOTE, REASON
from app.console.registry.overview import registry_context
from app.console.told import request_lines
from app.core.types import Values

blueprint = Pages("registry_requests", __name__)
blueprint.context_processor(registry_context)

HERE = "/registry/requests"
KINDS = ("reform", "erase_person", "erase_text")
STAFF = ("reformOrganizations", "eraseTexts")


def decisions() -> Choices:
    """Return what can be decided about a request."""
    return [
        ("approve", str(say("批准并执行", "approve, which carries it out"))),
        ("reject", str(say("不批准", "reject"))),
        ("withdraw", str(say("撤回自己的申请", "withdraw your own"))),
    ]


DECISION = Act(
    "decideApproval",
    ("决定申请", "Decide on a request"),
    ("作出决定", "Decide"),
    (Blank("decision", ("决定", "Decision"), "choice", offers=decisions), NOTE),
    ("已作出决定。", "It is decided."),
    hint=(
        "自己提出的申请须由另一人批准；72小时内不批准就失效。",
        "Another must approve what you asked yourself; a request expires after 72 hours.",
    ),
)
ERASE_TEXTS = Act(
    "eraseTexts",
    ("删除写入的个人信息", "Erase words that were written"),
    ("申请删除", "Ask for the erasure"),
    (
        Blank(
            "words",
            ("要删除的字词", "The words"),
            hint=(
                "逐字相符，至少四个字；含有它的文字整段删除，文件原文只删这些字。",
                "Letter for letter, four or more; each text that has them is erased whole.",
            ),
            required=True,
        ),
        REASON,
    ),
    ("已申请，须由另一人批准。", "It is asked for; another must approve it."),
    hint=("批准后不能恢复。", "Once approved it cannot be undone."),
    is_grave=True,
)


@blueprint.get("/registry/requests")
def requests_page() -> Response:
    """Show what is asked and waits for a second person, and what was decided."""
    check_may_call(*STAFF)
    shown = ask(
        "listApprovals", kind=KINDS, sort="-id", limit=30, cursor=request.args.get("cursor")
    )
    return page("registry/requests.html", rows=shown["items"], following=shown["next"])


def request_subject(number: int) -> ActSubject:
    """Return what the form for deciding on a request starts with: the request as it was made."""
    one = ask("getApproval", {"approval_id": number})
    return ActSubject(
        str(number),
        HERE,
        {"approval_id": number},
        one["version"],
        facts=(
            (("类别", "Kind"), label("approval_kind", one["kind"])),
            (("状态", "State"), label("approval_state", one["state"])),
            (("对象", "About"), one["record_reference"]),
            (("理由", "Reason"), one["reason"]),
            (("申请人", "Asked by"), one["asked_by"]),
            (("有效至", "Until"), moment(one["expires_at"])),
            (("决定人", "Decided by"), one["decided_by"]),
            (("决定说明", "Note"), one["decision_note"]),
        ),
        lines=request_lines(one["payload"]),
        is_pending=one["state"] == "pending",
    )


@blueprint.get("/registry/requests/<int:number>")
def request_page(number: int) -> Response:
    """Show a request, and the form for deciding on it."""
    check_may_call(*STAFF)
    return act_page(DECISION, request_subject(number))


@blueprint.post("/registry/requests/<int:number>")
def decide_request(number: int) -> Response:
    """Approve a request, reject it, or withdraw it."""
    check_may_call(*STAFF)
    return carry_out(DECISION, partial(request_subject, number))


@blueprint.get("/registry/erasures/new")
def erasure_page() -> Response:
    """Show the form for asking that words be erased."""
    return act_page(ERASE_TEXTS, ActSubject("", HERE))


@blueprint.post("/registry/erasures/new")
def ask_erasure() -> Response:
    """Ask that words be erased wherever they stand."""
    return carry_out(ERASE_TEXTS, partial(ActSubject, "", HERE))


def waiting_requests() -> list[Values]:
    """Return the requests of a reform, the newest first."""
    rows: list[Values] = ask("listApprovals", kind="reform", sort="-id", limit=30)["items"]
    return rows
