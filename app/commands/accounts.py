"""Accounts and keys from the command line: the first administrator, and keys for a script."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import keys as rules
from app.accounts.services import approvals, keys, principals
from app.commands.operators import operator, run, with_operator
from app.core.clock import utcnow
from app.core.codes import ActorKind, ApprovalKind, Role
from app.core.errors import InvalidChange
from app.core.rules.permissions import Actor
from app.http.security.oidc import Tokens
from app.models import AccessKey, KeySecret, Principal, PrincipalRole

key = AppGroup("key", help="Keys for offices and integrators.")
admin = AppGroup("admin", help="The first administrator.")


@admin.command("create")
@click.option("--name", required=True, help="Whose account it is; stands in the history.")
@with_operator
def create_admin(name: str, who: str, reason: str) -> None:
    """Make the first security administrator and print the key once.

    Only while none can sign in: every further one is asked for and approved by another.
    """
    actor = operator(who)

    def make(session: Session) -> Made:
        if can_sign_in(session, Role.SECURITY_ADMIN):
            message = ("已有安全管理员，请由其申请", "there is one already; they ask for another")
            raise InvalidChange(fields={"role": message})
        account = principals.AccountInput(
            kind=ActorKind.INTEGRATOR, name=name, roles=[Role.SECURITY_ADMIN]
        )
        principal = principals.create_principal(session, actor, account, reason)
        made = keys.create_key(session, actor, principal, keys.ANY_KEY, reason)
        return Made(principal.id, keys.issue_secret(session, actor, made, reason))

    show(run(make))


class Made(NamedTuple):
    """An account, and its key or what is to be done to have one."""

    account: int
    summary: str


def show(made: Made) -> None:
    """Print the key by itself, so that a script can take it, and the account's number beside it."""
    click.echo(made.summary)
    click.echo(f"account {made.account}", err=True)


def can_sign_in(session: Session, role: Role) -> bool:
    """Return whether an account with *role* can come in: with a key that is valid, or by a token.

    One whose key was revoked or has expired cannot, and nobody would be left to give it another.
    """
    tokens: Tokens = current_app.extensions["tokens"]
    key = and_(
        AccessKey.principal_id == Principal.id,
        AccessKey.revoked_at.is_(None),
        AccessKey.expires_at > utcnow(),
    )
    secret = and_(KeySecret.key_id == AccessKey.id, KeySecret.revoked_at.is_(None))
    way: ColumnElement[bool] = exists().where(key, secret)
    if tokens.known:
        issuer = f"{tokens.settings.oidc_issuer}|"
        way = or_(way, Principal.subject.startswith(issuer, autoescape=True))
    has = and_(PrincipalRole.principal_id == Principal.id, PrincipalRole.role == role)
    able = select(Principal.id).where(Principal.disabled_at.is_(None), exists().where(has))
    return session.scalar(able.where(way).limit(1)) is not None


@key.command("add")
@click.option("--name", required=True, help="Whose key it is; stands in the history.")
@click.option("--role", "roles", required=True, multiple=True, help="May be given several times.")
@click.option("--office", help="The slug of the holder's office.")
@click.option("--scope", "scopes", multiple=True, default=["read"], help="read, write, administer.")
@click.option("--network", "networks", multiple=True, help="Such as 10.1.0.0/16; else anywhere.")
@click.option("--days", default=rules.USUAL_LIFE, type=click.IntRange(1, rules.LONGEST_LIFE))
@with_operator
def add(who: str, reason: str, **given: Any) -> None:
    """Make an account with a key, and print the key once; only its hash is kept.

    A key that can write is only asked for: another person approves it, then `key secret` prints
    it. An administrator's role is asked for over the API.
    """
    wanted = Wanted(**given)
    show(run(lambda session: added(session, operator(who), wanted, reason)))


@dataclass
class Wanted:
    """The account and the key that someone asks for; *days* says how long the key is good."""

    name: str
    roles: tuple[str, ...]
    office: str | None
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    days: int


def added(session: Session, actor: Actor, wanted: Wanted, reason: str) -> Made:
    """Make the account that is *wanted*, and its key or the request for one.

    Raises InvalidChange naming the field.
    """
    expires_at = keys.expiry(wanted.days, utcnow())
    check_wanted(session, wanted, expires_at)
    account = principals.AccountInput(
        kind=ActorKind.INTEGRATOR, name=wanted.name, roles=wanted.roles, office=wanted.office
    )
    principal = principals.create_principal(session, actor, account, reason)
    if keys.can_write(wanted.scopes):
        return Made(principal.id, ask_for_key(session, actor, principal, wanted, reason))
    asked = keys.KeyInput(scopes=wanted.scopes, networks=wanted.networks, expires_at=expires_at)
    made = keys.create_key(session, actor, principal, asked, reason)
    return Made(principal.id, keys.issue_secret(session, actor, made, reason))


def check_wanted(session: Session, wanted: Wanted, expires_at: datetime) -> None:
    """Raise InvalidChange for an account or a key that cannot be as it is *wanted*."""
    principals.check_roles(wanted.roles, principals.find_office(session, wanted.office))
    if principals.is_administrative(wanted.roles):
        message = ("管理角色须另行申请", "an administrator's role is asked for over the API")
        raise InvalidChange(fields={"roles": message})
    keys.check_key(wanted.scopes, wanted.networks, expires_at, utcnow())


def ask_for_key(
    session: Session, actor: Actor, principal: Principal, wanted: Wanted, reason: str
) -> str:
    """Ask for a key that can write, and return what to do next."""
    about = principals.about(principal)
    payload = {
        "scopes": sorted(wanted.scopes),
        "networks": list(wanted.networks),
        "days": wanted.days,
        "version": principal.version,
    }
    made = approvals.ask(session, actor, ApprovalKind.WRITE_KEY, about, payload, reason)
    return (
        f"approval {made.id} is asked for: a security administrator approves it over the API,"
        f" or another operator with `flask approval decide {made.id}`;"
        f" then `flask key secret {principal.id}` prints the key"
    )


@key.command("secret")
@click.argument("principal", type=int)
@with_operator
def secret(principal: int, who: str, reason: str) -> None:
    """Give the newest key of account PRINCIPAL a further secret and print the key once."""

    def make(session: Session) -> str:
        own = select(AccessKey).where(AccessKey.principal_id == principal)
        found = session.scalar(own.order_by(AccessKey.id.desc()).limit(1))
        if found is None:
            raise click.ClickException(f"account {principal} has no key; was it approved?")
        return keys.issue_secret(session, operator(who), found, reason)

    click.echo(run(make))


@key.command("revoke")
@click.argument("reference")
@with_operator
def revoke(reference: str, who: str, reason: str) -> None:
    """Revoke the key REFERENCE, as it begins (prk_ and ten characters), from the next request."""
    public_id = reference.removeprefix(f"{rules.LABEL}_").partition("_")[0]

    def make(session: Session) -> str:
        found = session.scalar(select(AccessKey).where(AccessKey.public_id == public_id))
        if found is None or found.revoked_at is not None:
            raise click.ClickException(f"no valid key begins with {reference}")
        keys.revoke_key(session, operator(who), found, reason)
        return f"revoked {found.called}"

    click.echo(run(make))
