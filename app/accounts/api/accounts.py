"""Accounts over HTTP; their keys are in keys.py."""

from typing import Any

from flask.views import MethodView

from app.accounts.api.approvals import approval_answer, asked, with_halves
from app.accounts.queries import principals as queries
from app.accounts.schemas import accounts as schemas
from app.accounts.schemas.approvals import ApprovalSchema, ErasureInputSchema, KeysAskedSchema
from app.accounts.services import accounts, approvals, principals
from app.core.codes import ApprovalKind
from app.core.queries.rows import View
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Row, Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.models import Principal

blueprint = Blueprint("accounts", __name__)


def account_view(row: Row) -> View:
    """Return an account as the API shows it."""
    roles = sorted(row.roles.split(",")) if row.roles else []
    return View.of(row, roles=roles)


def principal_answer(call: Call, principal_id: int) -> Answer:
    """Return one account as it is now."""
    row = found_or_404(queries.one(call.session, principal_id))
    vocabulary = call.vocabulary(row.vocabulary_version)
    return Answer(account_view(row), version=row.version, vocabulary=vocabulary)


def wanted(call: Call, values: Values) -> Values:
    """Return an account that is asked for, its subject with the issuer who knows it."""
    subject = values.get("subject")
    known = None if subject is None else f"{call.settings.oidc_issuer}|{subject}"
    return {**values, "subject": known}


@blueprint.route("/principals")
class Principals(MethodView):
    """All accounts."""

    @blueprint.reads("listPrincipals", schemas.PrincipalPageSchema, schemas.PrincipalFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List the accounts with their roles.

        People, programs and the accounts of offices; one that lets nobody in stays in the
        list.
        """
        statement = queries.listed(filters)
        return listing(
            call,
            statement,
            filters,
            queries.ORDERS,
            shown=lambda rows: [account_view(row) for row in rows],
        )

    @blueprint.writes(
        "createPrincipal",
        KeysAskedSchema,
        schemas.PrincipalInputSchema,
        status=202,
        versioned=False,
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Ask for an account, and for a key of it; another must approve it.

        With a key the answer shows the asker's half of its exchange code, this once: see
        `exchangeKey`.
        """
        reason, account = values.get("reason"), wanted(call, values)
        made, halves = accounts.ask_for_account(call.session, call.actor, account, reason)
        return with_halves(call, made, halves)


@blueprint.route("/principals/batch")
class PrincipalBatch(MethodView):
    """Many accounts at once."""

    @blueprint.writes(
        "createPrincipals",
        KeysAskedSchema,
        schemas.PrincipalBatchInputSchema,
        status=202,
        versioned=False,
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Ask for up to 500 accounts with their keys; one approval makes them all, or none.

        What is wrong is named by its place in the list, from 0, and its field. Of each new key
        the answer shows the asker's half of the exchange code, this once.
        """
        listed = [wanted(call, account) for account in values["accounts"]]
        reason = values.get("reason")
        made, halves = accounts.ask_for_accounts(call.session, call.actor, listed, reason)
        return with_halves(call, made, halves)


@blueprint.route("/principals/<id:principal_id>")
class PrincipalById(MethodView):
    """One account."""

    @blueprint.reads("getPrincipal", schemas.PrincipalSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, principal_id: int) -> Answer:
        """Show one account.

        For whoever may see accounts; your own is in `getMe`. Its keys are a list of their own:
        see `listKeys`.
        """
        found_or_404(queries.visible_id(call.session, call.actor, principal_id))
        return principal_answer(call, principal_id)

    @blueprint.writes(
        "editPrincipal",
        schemas.PrincipalSchema,
        schemas.PrincipalEditInputSchema,
        find=queries.record,
        method="PATCH",
        asks=True,
        errors=(409,),
    )
    def patch(self, call: Call, record: Principal, values: Values) -> Any:
        """Change the roles or the office of an account, or let it come in no more.

        Roles are taken away, and an account shut out, at once. What it may gain by is asked for,
        and another must approve it: a further role, another office or none, being let in again;
        and whatever someone changes of their own account.
        """
        if principals.takes_two(call.session, call.actor, record, values):
            made = accounts.ask_for_change(call.session, call.actor, record, values)
            return asked(call, made)
        principals.edit_principal(call.session, call.actor, record, values)
        return principal_answer(call, record.id)


@blueprint.route("/principals/<id:principal_id>/erasure")
class PrincipalErasure(MethodView):
    """Erasing one account's personal data."""

    @blueprint.writes(
        "erasePrincipal",
        ApprovalSchema,
        ErasureInputSchema,
        find=queries.record,
        status=202,
        versioned=False,
    )
    def post(self, call: Call, record: Principal, values: Values) -> Any:
        """Ask that an account's name be erased everywhere, and its keys ended.

        Another must approve it.
        """
        kind, reason = ApprovalKind.ERASE_PRINCIPAL, values["reason"]
        about, seen = principals.about(record), {"version": record.version}
        made = approvals.ask(call.session, call.actor, kind, about, seen, reason)
        return approval_answer(call, made.id)
