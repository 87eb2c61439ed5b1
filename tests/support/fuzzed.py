"""What was done on a register before requests are made up: the same for every operation."""

import hashlib
import io
import re
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.core.codes import HandlingState, WithheldKind
from app.handling.assignments.services import extensions
from app.handling.withholding import services as withholding
from app.handling.withholding import targets as targets_of_withholding
from app.models import Proposal, Recommendation
from app.register.files import services as files
from app.register.files.rules.files import format_of
from app.register.recommendations.services import reports
from app.register.recommendations.services.holders import end_alone
from tests.support import answering
from tests.support.factories import (
    INDUSTRY,
    OPERATOR,
    Caller,
    make_actor,
    make_caller,
    make_key,
)
from tests.support.papers import GOOD

V1 = "/api/v1"
EXTENDED_TO = answering.in_days(150).isoformat()
"""A day to which a limit may be extended."""

ALL_ROUND = ("office_editor", "office_head", "supervisor", "registrar")
HOLDERS = {
    f"{V1}/recommendations/{{recommendation_id}}/look-backs": ("supervisor",),
    f"{V1}/assignments/{{assignment_id}}/replies/{{number}}/evaluations": ("registrar",),
    f"{V1}/principals": ("security_admin",),
    f"{V1}/keys": ("security_admin",),
    f"{V1}/audit": ("auditor",),
}
"""Beginning of a path → the roles of whoever asks there; everywhere else it is ALL_ROUND."""


def roles_at(path: str) -> tuple[str, ...]:
    """Return the roles of whoever asks at *path*."""
    return next((roles for place, roles in HOLDERS.items() if path.startswith(place)), ALL_ROUND)


def make_keys(database):
    """Return a key for each set of roles."""
    keys = {roles: make_key(database, *roles) for roles in HOLDERS.values()}
    return keys | {ALL_ROUND: make_key(database, *ALL_ROUND, office=INDUSTRY)}


# ---- what was done ----

TAKEN_ON = ("offices", {"office": INDUSTRY})
EVIDENCE = [{"title": "竣工验收报告", "url": "https://example.org/evidence"}]


def moved(to: str, **grounds: Any) -> tuple[str, dict[str, Any]]:
    """Return the step of a story that moves a recommendation to *to*."""
    return "transitions", {"axis": "progress", "to": to, **grounds}


STORIES = (
    (TAKEN_ON,),
    (TAKEN_ON, moved("in_progress"), ("reports", {"text": "选址已完成", "percent": 40})),
    (TAKEN_ON, moved("in_progress"), moved("implemented", evidence=EVIDENCE)),
    (TAKEN_ON, moved("not_pursued", reason="条件不具备")),
    (TAKEN_ON, moved("in_progress"), moved("implemented", evidence=EVIDENCE), moved("verified")),
)
"""What is done to the first recommendations before they are fuzzed, so that states differ."""


def tell_stories(callers, other):
    """Bring records into further states; *other* asks what the callers may decide on.

    Return which recommendations were verified, as a list of numbers.
    """
    caller, verified = callers[ALL_ROUND], []
    for one, story in zip(items(caller, f"{V1}/recommendations"), STORIES, strict=False):
        for version, (place, body) in enumerate(story, one["version"]):
            judged = body.get("to") == "verified"
            who = callers[("supervisor",)] if judged else caller
            told(who.post(f"{V1}/recommendations/{one['id']}/{place}", body, version))
            verified += [one["id"]] if judged else []
    for person in islice(items(caller, f"{V1}/persons"), 4):
        told(other.post(f"{V1}/persons/{person['slug']}/erasure", {"reason": "本人要求"}))
    return verified


def told(answer):
    """Stop when a story is not told as it was meant."""
    assert answer.status_code in (200, 201, 202), answer.text


def items(caller, address):
    """Yield everything in the list at *address*, page after page; nothing where it is closed."""
    while address:
        answer = caller.get(address)
        page = answer.get_json(silent=True) if answer.status_code == 200 else {}
        yield from page.get("items", [])
        link = re.match("<(.*)>", answer.headers.get("Link", ""))
        address = link and link[1]


def bring(session, store):
    """Add a file of each kind to the first proposal; return their references."""
    proposal = session.scalars(sa.select(Proposal).order_by(Proposal.id)).first()
    editor = make_actor(session, "registrar")
    made = []
    for name, content in GOOD.items():
        sha256 = hashlib.sha256(content).hexdigest()
        store.keep(sha256, io.BytesIO(content))
        told = files.Content(name, format_of(name).media_type, len(content), sha256)
        made.append(files.add(session, editor, proposal, told).reference)
    return made


def taken_back(session, proposal):
    """Return the last recommendation of *proposal*."""
    rows = sa.select(Recommendation).where(Recommendation.proposal_id == proposal.id)
    return session.scalars(rows.order_by(Recommendation.id.desc())).first()


def withheld(session, editor, record):
    """Withhold a report of the office of *editor* on *record*; return the number of a further."""
    made, further = (
        reports.report(session, editor, record, text=text, on=answering.today())
        for text in ("误写", "选址已完成")
    )
    target = targets_of_withholding.found(session, editor, WithheldKind.REPORT, made.id)
    withholding.withhold(session, editor, target, "误写了个人信息")
    return further.id


def give(session):
    """Give proposals to offices, each so far that there is something to do about it.

    Return words for bodies, and which records wait for what, by the end of its path.
    """
    rows = sa.select(Proposal).where(
        Proposal.handling_state == "filed",
        sa.exists().where(Recommendation.proposal_id == Proposal.id),
    )
    proposals = session.scalars(rows.order_by(Proposal.id)).all()
    waiting, asking, first, second, *others = proposals
    unanswered = answering.given(session, waiting, INDUSTRY, "lead", None)
    more = answering.given(session, asking, INDUSTRY, "lead", None)
    editor = make_actor(session, "office_editor", office=INDUSTRY)
    until = date.fromisoformat(EXTENDED_TO)
    work = answering.work_of(session)
    asked = extensions.ExtensionInput(until, "涉及面广", work.today)
    extensions.ask_extension(editor, more, asked, work)
    joint = [answering.joint(session, proposal) for proposal in (first, second)]
    replied = {
        far: answering.replied(session, proposal, far)
        for far, proposal in zip(answering.FAR, others, strict=False)
    }
    draft, signer = answering.draft(session)
    end_alone(session, OPERATOR, taken_back(session, others[-1]), HandlingState.WITHDRAWN, "误登")
    public = withheld(session, editor, answering.first_of(session, waiting))
    words = {
        "reply": [name for _, name in joint],
        "proposer": [slug for _, slug in replied.values()],
        "signer": [signer],
        "target_id": [public],
        "asked": [taken_back(session, session.get_one(Proposal, draft)).reference],
    }
    ready = {
        "/cosignatures": [draft],
        "/editions": [session.get_one(Proposal, draft).document_id],
        "{proposal_id}/recommendations": [draft],
        "/presses": [unanswered.id],
        "/withdrawal": [
            answering.first_of(session, one).id for one in others[len(answering.FAR) : -1]
        ],
        "/restoration": [taken_back(session, others[-1]).id],
        "/extensions/decision": [more.id],
        "/countersignatures": [own.id for own, _ in joint],
        "/replies": [own.id for own, _ in joint],
        "/evaluations": [replied["sent"][0].id],
        "/assessment": [replied["rated"][0].id],
        "/completion": [answering.promised(session, replied["sent"][0])],
    }
    return words, ready


def fuzzed(client, database, store):
    """Make keys, tell the stories and give offices work; return what requests are made of."""
    keys = make_keys(database)
    callers = {roles: Caller(client, key) for roles, key in keys.items()}
    other = make_caller(client, database, *ALL_ROUND, office=INDUSTRY)
    verified = tell_stories(callers, other)
    words, ready = database.write(give)
    brought = database.write(lambda session: bring(session, store))
    return {
        "keys": keys,
        "words": words | {"file": brought, "supersedes": brought},
        "ready": ready | {"/look-backs": verified},
    }
