"""Who sits at the command line: a name, and why they do what they do; both go into the history."""

import os
from collections.abc import Callable
from typing import Any

import click

from app.errors import DomainError
from app.rules.permissions import Actor
from app.rules.vocabularies import ActorKind

LONGEST_NAME = 100


def operator(name: str | None = None) -> Actor:
    """Return the operator *name*, or whoever the system says sits there."""
    known = name or os.environ.get("SUDO_USER") or os.environ.get("USER") or "operator"
    return Actor(ActorKind.OPERATOR, known[:LONGEST_NAME])


def named(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the options ``--as`` and ``--reason``, which say who does it and why."""
    who = click.option("--as", "who", required=True, help="Your name; stands in the history.")
    why = click.option("--reason", required=True, help="Why; stands in the history.")
    return who(why(command))


def refusal(error: DomainError) -> click.ClickException:
    """Return what a refusal of the register is at the command line."""
    told = "; ".join(f"{field}: {en}" for field, (_, en) in error.fields.items())
    return click.ClickException(told or error.sentence("en"))
