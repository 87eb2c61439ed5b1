"""Who sits at the command line: a name, and why they do what they do; both go into the history."""

import os
from collections.abc import Callable
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from app.core.codes import ActorKind
from app.core.errors import DomainError
from app.core.rules.permissions import Actor
from app.core.types import Function, Values
from app.http.requests import database

LONGEST_NAME = 100
Result = TypeVar("Result")


def operator(name: str | None = None) -> Actor:
    """Return the operator *name*, or whoever the system says sits there."""
    known = name or os.environ.get("SUDO_USER") or os.environ.get("USER") or "operator"
    return Actor(ActorKind.OPERATOR, known[:LONGEST_NAME])


def not_blank(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Return *value* without blanks around it; refuse one that says nothing."""
    if value is None:
        return None
    if not value.strip():
        raise click.BadParameter("不能为空 / must not be empty")
    return value.strip()


def with_operator(command: Function) -> Function:
    """Give *command* the options ``--as`` and ``--reason``, which say who does it and why."""
    needed: Values = {"required": True, "callback": not_blank}
    who = click.option("--as", "who", help="Your name; stands in the history.", **needed)
    why = click.option("--reason", help="Why; stands in the history.", **needed)
    return who(why(command))


def run(work: Callable[[Session], Result]) -> Result:
    """Run *work* in a transaction and return what it returns; show what is refused."""
    try:
        return database().write(work)
    except DomainError as error:
        raise refusal(error) from None


def refusal(error: DomainError) -> click.ClickException:
    """Return what a refusal of the register is at the command line."""
    message = "; ".join(f"{field}: {zh} / {en}" for field, (zh, en) in error.fields.items())
    return click.ClickException(message) if message else stop(*map(error.sentence, ("zh", "en")))


def stop(zh: str, en: str) -> click.ClickException:
    """Return the end of a command, with one sentence in both languages."""
    return click.ClickException(f"{zh} / {en}")
