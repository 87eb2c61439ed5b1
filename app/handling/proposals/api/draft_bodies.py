"""The body of a draft, with what its slugs and quotes stand for."""

from functools import partial

from sqlalchemy.orm import Session

from app.core.codes import ProposerRole
from app.core.schemas.messages import say
from app.core.types import Values
from app.handling.proposals.services import case_corrections, draft_checks
from app.http.call import Call
from app.http.problems import Invalid, unknown
from app.models import Organization, Person, Proposal
from app.register.people.queries import organizations, persons, sittings
from app.register.proposals.queries import proposals as queries
from app.register.recommendations.api.resolving import meant, named_record


def draft_of(call: Call, values: Values) -> draft_checks.DraftInput:
    """Return what a body asks to enter; raise Invalid for names that stand for nothing."""
    session: Session = call.session
    wrong: dict[str, list[str]] = {}
    proposers = proposers_of(call, values["proposers"], wrong)
    asked = recommendations_of(call, values["recommendations"], wrong)
    if wrong:
        raise Invalid(wrong)
    more = {name: values.get(name) for name in ("cosign_until", "note")}
    return draft_checks.DraftInput(
        kind=values["kind"],
        title=values["title"],
        text=values["text"],
        sitting=named_record(values, "session", partial(sittings.sitting, session), call),
        proposers=proposers,
        confirmed=confirmed_in(values["proposers"]),
        recommendations=asked,
        categories=values["categories"],
        replaces=named_record(
            values, "replaces", partial(queries.by_reference, session, call.actor)
        ),
        **more,
    )


CORRECTED = frozenset({"kind", "session", "proposers"})
"""What of a case is corrected with all that follows from it."""


def correction_of(
    call: Call, proposal: Proposal, values: Values
) -> case_corrections.CaseCorrection:
    """Return what a body corrects of *proposal*; raise Invalid for names that stand for nothing."""
    wrong: dict[str, list[str]] = {}
    given = values.get("proposers")
    proposers = None if given is None else proposers_of(call, given, wrong)
    if wrong:
        raise Invalid(wrong)
    return case_corrections.CaseCorrection(
        note=values.get("note"),
        kind=values.get("kind"),
        sitting=named_record(values, "session", partial(sittings.sitting, call.session), call),
        proposers=proposers,
        confirmed=confirmed_in(given or []),
        case_no=values.get("case_no", proposal.case_no),
    )


def confirmed_in(given: list[Values]) -> frozenset[str]:
    """Return the slugs of the proposers who are said to propose it whatever is known of them."""
    return frozenset(one["proposer"] for one in given if one["capacity_confirmed"])


def proposers_of(
    call: Call, given: list[Values], wrong: dict[str, list[str]]
) -> list[tuple[Person | Organization, ProposerRole]]:
    """Return the proposers that a body names; who is not there is noted in *wrong*."""
    session, found = call.session, []
    for number, one in enumerate(given):
        slug = one["proposer"]
        known = persons.person_named(session, slug) or organizations.organization(session, slug)
        if known is None:
            wrong[f"proposers.{number}.proposer"] = [unknown(slug, meant(call, "proposer", slug))]
        elif isinstance(known, Person) and known.merged_into_id is not None:
            other = persons.stands_for(session, known).slug
            message = say(f"{slug} 已并入 {other}", f"{slug} was merged into {other}")
            wrong[f"proposers.{number}.proposer"] = [message]
        else:
            found.append((known, one["role"]))
    return found


def recommendations_of(
    call: Call, given: list[Values], wrong: dict[str, list[str]]
) -> list[draft_checks.RecommendationInput]:
    """Return what a body asks for; an office that is not there is noted in *wrong*."""
    asked = []
    for number, one in enumerate(given):
        slug = one.get("suggested_office")
        suggested = organizations.organization(call.session, slug) if slug else None
        if slug and suggested is None:
            hint = meant(call, "suggested_office", slug)
            wrong[f"recommendations.{number}.suggested_office"] = [unknown(slug, hint)]
        quotes = [draft_checks.Quote(**quote) for quote in one["quotes"]]
        content = one | {"quotes": quotes, "suggested_office": suggested}
        asked.append(draft_checks.RecommendationInput(**content))
    return asked
