"""Who proposes a case: typed by name, told apart by slug, corrected."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response

from app.console.calls import ask
from app.console.choices import code_choices
from app.console.forms import NO_FORM, Form, submitted
from app.console.labels import label, office_name
from app.console.pages import Pages, done, page, say
from app.console.paging import every
from app.console.registry.access import check_may_call
from app.console.registry.acts import attempt, send_form
from app.console.registry.cases import case_address, case_named
from app.console.registry.entering.marking import with_rows
from app.console.registry.overview import registry_context
from app.core.types import Values

blueprint = Pages("registry_proposers", __name__)
blueprint.context_processor(registry_context)

LEAST = 3
"""How many rows for proposers an empty form has."""


@dataclass(frozen=True)
class TypedProposer:
    """Who proposes, as typed: a name or a slug, the part, and that it was confirmed."""

    proposer: str
    role: str
    is_confirmed: bool = False

    def written(self, start: str) -> Iterator[tuple[str, str]]:
        """Yield its inputs, whose names begin with *start*."""
        yield f"{start}.proposer", self.proposer
        yield f"{start}.role", self.role
        if self.is_confirmed:
            yield f"{start}.capacity_confirmed", "1"

    def body(self) -> Values:
        """Return it as the contract has it."""
        found: Values = {"proposer": proposer_slug(self.proposer), "role": self.role}
        return {**found, "capacity_confirmed": True} if self.is_confirmed else found


def typed_proposers(form: Form) -> list[TypedProposer]:
    """Return who was typed; several names in one row are several proposers."""
    found: list[TypedProposer] = []
    for row in form.rows("proposers"):
        typed = (row.text("proposer") or "").replace("，", "、").replace("\n", "、").split("、")
        for name in (one.strip() for one in typed if one.strip()):
            role = row.text("role") or ("cosigner" if found else "lead")
            if role == "lead" and any(one.role == "lead" for one in found) and len(typed) > 1:
                role = "cosigner"
            found.append(TypedProposer(name, role, row.is_chosen("capacity_confirmed")))
    return found


def with_proposers(form: Form, proposers: list[TypedProposer]) -> Form:
    """Return *form* with *proposers* in its rows."""
    written = (one.written(f"proposers.{number}") for number, one in enumerate(proposers))
    return with_rows(form, "proposers", written)


def proposer_slug(typed: str) -> str:
    """Return the slug of the one person or organization called as *typed*; else what was typed."""
    people = namesakes(typed)
    if len(people) == 1:
        return str(people[0]["slug"])
    names = {one["name_zh"]: str(one["slug"]) for one in every("listOrganizations", q=typed)}
    return typed if people else names.get(typed, typed)


def namesakes(typed: str) -> list[Values]:
    """Return the persons called exactly as *typed*."""
    rows = ask("listPersons", q=typed[:200], limit=50)["items"]
    return [one for one in rows if one["name"] == typed and one["merged_into"] is None]


def candidates_of(form: Form) -> dict[int, list[str]]:
    """Return, for each row whose proposer was refused, whom the register knows by that name."""
    found = {}
    for number, row in enumerate(form.rows("proposers")):
        if f"proposers.{number}.proposer" in form.errors:
            people = namesakes((row.text("proposer") or "").strip())
            found[number] = [
                f"{one['slug']}（{office_name(one['body'])}，{label('capacity', one['capacity'])}）"
                for one in people
            ]
    return found


# -- proposers -----------------------------------------------------------------------------------


@blueprint.get("/registry/proposals/<reference>/proposers")
def proposers_page(reference: str) -> Response:
    """Show the form for correcting who proposed a case."""
    return proposing(reference, NO_FORM)


@blueprint.post("/registry/proposals/<reference>/proposers")
def correct_proposers(reference: str) -> Response:
    """Correct who proposed a case."""
    form = submitted()
    check_may_call("editProposal")
    path = {"proposal_id": case_named(reference)["id"]}
    people = typed_proposers(form)
    form = with_proposers(form, people)
    if form.values.get("do") == "more":
        return proposing(reference, form)
    body: Values = {"proposers": [one.body() for one in people], "note": form.text("note")}
    return attempt(
        form,
        lambda: send_form(form, "editProposal", path, body),
        lambda made: done(
            case_address(reference), str(say("已更正提案人。", "The proposers are corrected."))
        ),
        lambda refused: proposing(reference, refused),
    )


def proposing(reference: str, form: Form) -> Response:
    """Return the page with who proposed a case, as *form* has it or as it is."""
    check_may_call("editProposal")
    case = case_named(reference)
    if not form.values:
        form = with_proposers(
            form, [TypedProposer(one["slug"], one["role"]) for one in case["proposers"]]
        )
    count = len(list(form.rows("proposers")))
    return page(
        "registry/proposers.html",
        status=form.refusal.status if form.refusal else 200,
        form=form,
        case=case,
        action=f"{case_address(reference)}/proposers",
        back=case_address(reference),
        roles=code_choices("proposer_role")(),
        proposer_count=max(LEAST, count + 1),
        candidates=candidates_of(form),
    )
