"""Accounts and keys over HTTP."""

from types import SimpleNamespace
from typing import Any

from flask import g
from flask.views import MethodView

from app.api.approvals import approval_answer, asked
from app.api.blueprints import Answer, Blueprint, Call
from app.api.errors import Invalid
from app.api.guards import found_or_404
from app.api.paging import listing, number_after, page_answer, sliced
from app.database import utcnow
from app.models import AccessKey, Principal
from app.queries import principals as queries
from app.queries.paging import by_id
from app.rules.keys import reference_of
from app.rules.vocabularies import ActorKind, ApprovalKind, Role
from app.schemas import accounts as schemas
from app.schemas.approvals import ApprovalSchema, ErasureSchema
from app.schemas.fields import REQUIRED, say
from app.schemas.paging import PageFilterSchema
from app.schemas.recommendations import NoFilterSchema
from app.services import approvals, keys, principals

blueprint = Blueprint(
    "accounts", __name__, description="Who may come in, with which roles and which keys."
)


def shown(row: Any) -> SimpleNamespace:
    """Return an account as the API shows it."""
    roles = sorted(row.roles.split(",")) if row.roles else []
    return SimpleNamespace(**{**row._mapping, "roles": roles})


def principal_answer(call: Call, principal_id: int) -> Answer:
    """Return one account as it is now."""
    row = found_or_404(queries.one(call.session, principal_id))
    vocabulary = call.vocabulary(row.vocabulary_version)
    return Answer(shown(row), version=row.version, vocabulary=vocabulary)


def reason_in(values: dict[str, Any], name: str) -> str:
    """Return why something is asked; raise Invalid when it is not said."""
    if not values.get(name):
        raise Invalid({name: [REQUIRED]})
    reason: str = values[name]
    return reason


def about(principal: Principal) -> tuple[str, int, str]:
    """Return how a request for approval names *principal*."""
    return "principal", principal.id, principals.known(principal)


@blueprint.route("/principals")
class Principals(MethodView):
    """All accounts."""

    @blueprint.reads("listPrincipals", schemas.PrincipalPageSchema, schemas.PrincipalFilterSchema)
    def get(self, call: Call, filters: dict[str, Any]) -> Answer:
        """List the accounts with their roles."""
        statement = queries.listed(filters.get("role"))
        return listing(
            call,
            statement,
            filters,
            by_id(Principal.id),
            shown=lambda rows: [shown(row) for row in rows],
        )

    @blueprint.writes(
        "createPrincipal",
        schemas.PrincipalSchema,
        schemas.PrincipalInputSchema,
        status=201,
        versioned=False,
        asks=True,
    )
    def post(self, call: Call, values: dict[str, Any]) -> Any:
        """Add an account.

        With an administrator's role it begins as a reader, and the role is asked for.
        """
        roles = values["roles"]
        administers = principals.is_administrative(roles)
        principals.check_roles(roles, principals.find_office(call.session, values.get("office")))
        created = principals.create_principal(
            call.session,
            call.actor,
            kind=ActorKind(values["kind"]),
            name=values["name"],
            roles=[Role.READER] if administers else roles,
            office=values.get("office"),
            subject=subject_in(call, values),
        )
        if not administers:
            return principal_answer(call, created.id)
        return ask_for_roles(call, created, {"roles": roles}, reason_in(values, "reason"))


def subject_in(call: Call, values: dict[str, Any]) -> str | None:
    """Return the issuer and subject of a person; raise Invalid when one is given or lacking."""
    subject, person = values.get("subject"), values["kind"] == ActorKind.PERSON
    if person and subject is None:
        raise Invalid({"subject": [REQUIRED]})
    if not person and subject is not None:
        raise Invalid({"subject": [say("只用于登录人员", "is for a person only")]})
    return f"{call.settings.oidc_issuer}|{subject}" if person else None


def ask_for_roles(call: Call, principal: Principal, values: dict[str, Any], reason: str) -> Any:
    """Ask that *principal* be given what *values* say."""
    wanted = {**values, "roles": sorted(str(role) for role in values["roles"])}
    payload = {"version": principal.version, "values": wanted}
    return asked(
        call,
        approvals.ask(
            call.session, call.actor, ApprovalKind.GRANT_ADMIN, about(principal), payload, reason
        ),
    )


@blueprint.route("/principals/<id:principal_id>")
class PrincipalById(MethodView):
    """One account."""

    @blueprint.reads("getPrincipal", schemas.PrincipalSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: dict[str, Any], principal_id: int) -> Answer:
        """Show one account."""
        found_or_404(queries.visible_id(call.session, call.actor, principal_id))
        return principal_answer(call, principal_id)

    @blueprint.writes(
        "editPrincipal",
        schemas.PrincipalSchema,
        schemas.PrincipalPatchSchema,
        find=queries.record,
        method="PATCH",
        asks=True,
        errors=(409,),
    )
    def patch(self, call: Call, record: Principal, values: dict[str, Any]) -> Any:
        """Change the roles or the office of an account, or let it come in no more.

        An administrator's role is asked for, and another must approve it; so is letting an
        administrator in again, and whatever someone changes of the own account.
        """
        if principals.takes_two(call.actor, record, values):
            office = values.get("office") if "office" in values else None
            wanted = values.get("roles") or [row.role for row in record.roles]
            principals.check_roles(wanted, principals.find_office(call.session, office))
            asked_for = {**values, "roles": wanted}
            return ask_for_roles(call, record, asked_for, reason_in(values, "note"))
        principals.edit_principal(call.session, call.actor, record, values)
        return principal_answer(call, record.id)


@blueprint.route("/principals/<id:principal_id>/erasure")
class PrincipalErasure(MethodView):
    """Erasing one account's personal data."""

    @blueprint.writes(
        "erasePrincipal",
        ApprovalSchema,
        ErasureSchema,
        find=queries.record,
        status=202,
        versioned=False,
        errors=(412,),
    )
    def post(self, call: Call, record: Principal, values: dict[str, Any]) -> Any:
        """Ask that an account's name be erased everywhere, and its keys ended.

        Another must approve it.
        """
        kind, reason = ApprovalKind.ERASE_PRINCIPAL, values["reason"]
        seen = {"version": record.version}
        made = approvals.ask(call.session, call.actor, kind, about(record), seen, reason)
        return approval_answer(call, made.id)


@blueprint.route("/principals/<id:principal_id>/keys")
class PrincipalKeys(MethodView):
    """Keys of one account."""

    @blueprint.reads("listKeys", schemas.KeyPageSchema, PageFilterSchema, errors=(404,))
    def get(self, call: Call, filters: dict[str, Any], principal_id: int) -> Answer:
        """List the keys of an account, oldest first; their secrets are kept nowhere."""
        found_or_404(queries.visible_id(call.session, call.actor, principal_id))
        after, most = number_after(filters), filters["limit"] + 1
        found = queries.keys_of(call.session, principal_id, after, most)
        page = sliced(filters, found, lambda key: key.id)
        secrets = queries.secrets_of(call.session, [key.id for key in page.items])
        page.items = [shown_key(key, secrets[key.id]) for key in page.items]
        return page_answer(page)

    @blueprint.writes(
        "createKey",
        schemas.KeySchema,
        schemas.KeyInputSchema,
        find=queries.record,
        status=201,
        versioned=False,
        asks=True,
        errors=(412,),
    )
    def post(self, call: Call, record: Principal, values: dict[str, Any]) -> Any:
        """Add a key to an account, without a secret yet.

        One that can write is asked for, and another must approve it.
        """
        scopes, networks = values["scopes"], values["networks"]
        now = utcnow()
        expires_at = keys.expiry(values["days"], now)
        keys.check_key(scopes, networks, expires_at, now)
        if approvals.can_write(scopes):
            listed = sorted({str(scope) for scope in scopes})
            payload = {"scopes": listed, "networks": networks, "days": values["days"]}
            payload["version"] = record.version
            reason = reason_in(values, "reason")
            kind = ApprovalKind.WRITE_KEY
            made = approvals.ask(call.session, call.actor, kind, about(record), payload, reason)
            return asked(call, made)
        key = keys.create_key(
            call.session,
            call.actor,
            record,
            scopes=scopes,
            networks=networks,
            expires_at=expires_at,
            note=values.get("reason"),
        )
        return key_answer(call, key)


def shown_key(key: AccessKey, secrets: list[Any], **more: Any) -> SimpleNamespace:
    """Return a key as the API shows it."""
    names = ("id", "principal_id", "scopes", "networks", "expires_at", "revoked_at", "version")
    values = {name: getattr(key, name) for name in (*names, "created_at")}
    reference = reference_of(key.public_id)
    return SimpleNamespace(**values, reference=reference, secrets=secrets, **more)


def key_answer(call: Call, key: AccessKey, **more: Any) -> Answer:
    """Return one key as it is now."""
    secrets = queries.secrets_of(call.session, [key.id])[key.id]
    return Answer(shown_key(key, secrets, **more), version=key.version)


@blueprint.route("/keys/<id:key_id>/secrets")
class KeySecrets(MethodView):
    """Secrets of one key."""

    @blueprint.writes(
        "issueSecret",
        schemas.NewSecretSchema,
        schemas.KeyNoteSchema,
        find=queries.key_record,
        may=keys.require_holder,
        status=201,
        versioned=False,
        secret=True,
        errors=(412,),
    )
    def post(self, call: Call, record: AccessKey, values: dict[str, Any]) -> Answer:
        """Give a key a further secret, shown this once; a key has two live ones at most.

        The holder rotates a key so: take a second secret, change over, revoke the first.
        """
        secret = keys.issue_secret(call.session, call.actor, record, values.get("note"))
        return key_answer(call, record, secret=secret)


@blueprint.route("/keys/<id:key_id>/secrets/<id:secret_id>/revocation")
class SecretRevocation(MethodView):
    """Ending one secret of a key."""

    @blueprint.writes(
        "revokeSecret",
        schemas.KeySchema,
        schemas.KeyNoteSchema,
        find=queries.key_record,
        may=keys.require_holder,
        versioned=False,
        errors=(412,),
    )
    def post(self, call: Call, record: AccessKey, values: dict[str, Any]) -> Answer:
        """End one secret of a key, from the next request on."""
        number = g.path["secret_id"]
        secret = next(s for s in queries.secrets_of(call.session, [record.id])[record.id]
                      if s.id == number)  # fmt: skip
        keys.revoke_secret(call.session, call.actor, record, secret, values.get("note"))
        return key_answer(call, record)


@blueprint.route("/keys/<id:key_id>/revocation")
class KeyRevocation(MethodView):
    """Ending one key."""

    @blueprint.writes(
        "revokeKey",
        schemas.KeySchema,
        schemas.KeyNoteSchema,
        find=queries.key_record,
        may=keys.require_holder,
        versioned=False,
        errors=(412,),
    )
    def post(self, call: Call, record: AccessKey, values: dict[str, Any]) -> Answer:
        """End a key with all its secrets, from the next request on."""
        keys.revoke_key(call.session, call.actor, record, values.get("note"))
        return key_answer(call, record)
