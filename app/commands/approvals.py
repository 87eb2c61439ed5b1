"""Deciding from the command line on what others asked."""

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.accounts.queries.approvals import listed
from app.accounts.schemas.approvals import DECISIONS
from app.accounts.services import approvals as services
from app.commands.operators import operator, run, with_operator
from app.core.clock import utcnow
from app.core.codes import ActorKind, ApprovalState, Role
from app.core.rules.permissions import Actor
from app.http.requests import database
from app.models import Approval

approval = AppGroup("approval", help="What one person asks and another must approve.")


@approval.command("list")
def show() -> None:
    """List what waits for a decision."""
    everyone = Actor(ActorKind.OPERATOR, "", roles=frozenset({Role.AUDITOR}))
    now = utcnow()

    def read(session: Session) -> list[str]:
        rows = session.execute(
            listed(everyone, {"state": [ApprovalState.PENDING]}, now).order_by(Approval.id)
        )
        return [
            f"{row.id}  {row.kind}  {row.record_reference}  asked by {row.asked_by},"
            f" until {row.expires_at:%Y-%m-%d %H:%M} UTC: {row.reason}"
            for row in rows
        ]

    for line in database().read(read) or ["nothing waits"]:
        click.echo(line)


@approval.command("decide")
@click.argument("number", type=int)
@click.option("--reject", "decision", flag_value="reject", help="Do not let it happen.")
@click.option("--withdraw", "decision", flag_value="withdraw", help="Take back your own request.")
@click.option("--approve", "decision", flag_value="approve", default=True, help="Carry it out.")
@with_operator
def decide(number: int, decision: str, who: str, reason: str) -> None:
    """Approve request NUMBER, reject it, or withdraw your own; never approve your own."""

    def work(session: Session) -> str:
        found = session.get(Approval, number)
        if found is None:
            raise click.ClickException(f"there is no request {number}")
        done = services.decide(session, operator(who), found, DECISIONS[decision], reason)
        return "\n".join([f"request {number} is {found.state}", *outcome_lines(done)])

    click.echo(run(work))


def outcome_lines(done: services.CarriedOut) -> list[str]:
    """Return lines for what came of a decision: new accounts, and halves of codes to hand over."""
    return [
        *(f"account {number} was made" for number in done.made),
        *(f"your half for account {half.account}, only now: {half.half}" for half in done.halves),
    ]
