"""What waits for dispatchers and registrars: numbers, each of which leads to its list."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, redirect, request

from app.console.calls import ask
from app.console.pages import Pages, page, say
from app.console.registry.access import check_may_call, may_call
from app.core.errors import Sentence
from app.core.types import Values

blueprint = Pages("registry", __name__)

PARTS = (
    ("/registry", "待办", "What waits", ("draftProposal", "dispatchProposal", "createTag")),
    ("/registry/proposals/new", "登记提案", "Enter a proposal", ("draftProposal",)),
    ("/registry/filing", "审查立案", "Review and file", ("moveProposal",)),
    ("/registry/dispatch", "交办", "Dispatch", ("dispatchProposalBatch",)),
    ("/registry/decisions", "异议和延期", "Objections, extensions", ("decideExtension",)),
    ("/registry/tagging", "加标签", "Tagging", ("createTag",)),
    ("/registry/tags", "标签", "Tags", ("createTag",)),
    ("/registry/documents", "原文更正", "Texts", ("reviseText",)),
    ("/registry/sessions", "会议", "Sessions", ("createSession",)),
    ("/registry/persons", "代表委员", "Proposers", ("createPerson",)),
    ("/registry/offices", "机构", "Organizations", ("createOrganization",)),
    ("/registry/reforms", "机构改革", "Reforms", ("reformOrganizations",)),
    ("/registry/requests", "待批准的申请", "Requests", ("reformOrganizations", "eraseTexts")),
    ("/withholdings", "停止公开", "Withheld", ("releaseWithholding",)),
)
"""The pages of the registry: address, name in zh and en, the operations one of which opens it."""

STAFF = ("draftProposal", "dispatchProposalBatch", "createTag")


def registry_context() -> Values:
    """Return what the frame of every page of the registry is given."""
    return {
        "registry_parts": lambda: [
            (address, zh, en) for address, zh, en, needed in PARTS if may_call(*needed)
        ]
    }


blueprint.context_processor(registry_context)


@dataclass(frozen=True)
class Waiting:
    """A number of what waits: what it is called, where its list is, and how it is counted."""

    title: Sentence
    address: str
    operation: str
    count: Callable[[], int]


def total(operation: str, **query: object) -> int:
    """Return how many records *operation* lists."""
    return int(ask(operation, None, limit=1, with_total=True, **query)["total"])


def on_desk(*kinds: str) -> int:
    """Return how much of *kinds* lies on the desk of dispatchers."""
    counts: dict[str, int] = ask("getMyWorklist", desk="dispatchers", kind=kinds, limit=1)["counts"]
    return sum(counts.values())


def in_state(*states: str) -> Callable[[], int]:
    """Return what counts the proposals in one of *states*."""
    return lambda: total("listProposals", handling_state=states)


WAITING = (
    Waiting(
        ("草稿待补全", "drafts to complete"),
        "/registry/filing?state=draft&state=returned_for_edit",
        "moveProposal",
        in_state("draft", "returned_for_edit"),
    ),
    Waiting(
        ("已提交待审查", "submitted, to review"),
        "/registry/filing?state=submitted",
        "moveProposal",
        in_state("submitted"),
    ),
    Waiting(
        ("审查中待立案", "under review, to file"),
        "/registry/filing?state=under_review",
        "moveProposal",
        in_state("under_review"),
    ),
    Waiting(
        ("已立案待交办", "filed, to dispatch"),
        "/registry/dispatch",
        "dispatchProposalBatch",
        in_state("filed"),
    ),
    Waiting(
        ("异议待裁定", "objections to decide"),
        "/registry/decisions?kind=decide_objection",
        "decideExtension",
        lambda: on_desk("decide_objection"),
    ),
    Waiting(
        ("延期待审批", "extensions to decide"),
        "/registry/decisions?kind=decide_extension",
        "decideExtension",
        lambda: on_desk("decide_extension"),
    ),
    Waiting(
        ("退回待改办", "returned, to dispatch anew"),
        "/registry/decisions?kind=redispatch",
        "decideExtension",
        lambda: on_desk("redispatch"),
    ),
    Waiting(
        ("建议没有标签", "recommendations without a tag"),
        "/registry/tagging",
        "createTag",
        lambda: total("listRecommendations", tags_at_most=0),
    ),
)
"""What waits, in the order in which a case passes through it."""


@blueprint.get("/registry")
def registry_page() -> Response:
    """Show what waits for whoever looks, and find a proposal by its case number."""
    check_may_call(*STAFF)
    given = request.args.get("case_no", "").strip()
    found = found_by(given) if given else []
    if len(found) == 1:
        return redirect(f"/registry/proposals/{found[0]['reference']}", 303)  # type: ignore[return-value]
    numbers = [(one, one.count()) for one in WAITING if may_call(one.operation)]
    return page("registry/overview.html", numbers=numbers, given=given, found=found)


def found_by(given: str) -> list[Values]:
    """Return the proposals whose case number or reference *given* is, else those it names."""
    for query in ({"case_no": given}, {"reference": given}, {"q": given}):
        rows: list[Values] = ask("listProposals", None, limit=20, **query)["items"]
        if rows:
            return rows
    return []


def sentence(count: int, zh: str, en: str) -> str:
    """Return what was done, with how often."""
    return str(say(zh.format(count), en.format(count)))
