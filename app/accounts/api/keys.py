"""Keys of accounts over HTTP: asked for, exchanged for their codes, rotated, ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import request
from flask.views import MethodView

from app.accounts.api.approvals import with_halves
from app.accounts.queries import principals as queries
from app.accounts.queries.exchanges import code_of, is_open
from app.accounts.rules.keys import reference_of, secret_hash
from app.accounts.schemas import accounts as schemas
from app.accounts.schemas.approvals import KeysAskedSchema
from app.accounts.services import accounts, exchanges, keys
from app.core.clock import utcnow
from app.core.errors import ExchangeRefused
from app.core.queries.rows import View
from app.core.schemas.paging import PageFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import number_after, page_answer, sliced
from app.http.requests import database
from app.http.security import security_log
from app.http.security.authentication import comes_from, limits
from app.http.security.rate_limits import network_of
from app.models import AccessKey, Principal

blueprint = Blueprint("keys", __name__)


@blueprint.route("/principals/<id:principal_id>/keys")
class PrincipalKeys(MethodView):
    """Keys of one account."""

    @blueprint.reads("listKeys", schemas.KeyPageSchema, PageFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, principal_id: int) -> Answer:
        """List the keys of an account, oldest first; their secrets are kept nowhere.

        Everybody may list their own, to see when they end and which secrets are live.
        """
        found_or_404(queries.listed_id(call.session, call.actor, principal_id))
        after, most = number_after(filters), filters["limit"] + 1
        found = queries.keys_of(call.session, principal_id, after, most)
        page = sliced(filters, found, lambda key: key.id)
        secrets = queries.secrets_of(call.session, [key.id for key in page.items])
        page.items = [shown_key(key, secrets[key.id]) for key in page.items]
        return page_answer(page)

    @blueprint.writes(
        "createKey",
        KeysAskedSchema,
        schemas.KeyInputSchema,
        find=queries.record,
        status=202,
        versioned=False,
    )
    def post(self, call: Call, record: Principal, values: Values) -> Answer:
        """Ask for a key of an account; another must approve it, whatever it is good for.

        The answer shows the asker's half of its exchange code, this once; whoever approves it is
        shown the other. Both go to the holder, who exchanges them: see `exchangeKey`.
        """
        reason = values.get("reason")
        made, halves = accounts.ask_for_key(call.session, call.actor, record, values, reason)
        return with_halves(call, made, halves)


def shown_key(key: AccessKey, secrets: list[Any], **more: Any) -> View:
    """Return a key as the API shows it."""
    names = ("id", "principal_id", "scopes", "networks", "expires_at", "revoked_at", "version")
    values = {name: getattr(key, name) for name in (*names, "created_at")}
    reference = reference_of(key.public_id)
    return View(**values, reference=reference, secrets=secrets, **more)


def key_answer(call: Call, key: AccessKey) -> Answer:
    """Return one key as it is now."""
    secrets = queries.secrets_of(call.session, [key.id])[key.id]
    return Answer(shown_key(key, secrets), version=key.version)


def secret_answer(call: Call, key: AccessKey, secret: str) -> Answer:
    """Return one key with a new *secret*, which is kept nowhere."""
    secrets = queries.secrets_of(call.session, [key.id])[key.id]
    return Answer(shown_key(key, secrets, secret=secret), version=key.version, secret=True)


@contextmanager
def checked_code(values: Values, body: object) -> Iterator[None]:
    """Refuse, before the block, halves that give no key to whoever sends them, and count it.

    Raises ExchangeRefused; SignInsExhausted when that happens too often in one network.
    """
    marks = [secret_hash(half) for half in values["halves"]]
    found = database().read(lambda session: code_of(session, marks))
    near = found is not None and (not found.networks or comes_from(found.networks))
    if found is not None and near and is_open(found, utcnow()):
        yield
        return
    what = "an exchange code of nothing" if found is None else "an exchange code that is not good"
    security_log.note(what, key=found.public_id if found is not None else "")
    limits().failed([network_of(request.remote_addr)])
    raise ExchangeRefused


@blueprint.route("/keys/exchange")
class KeyExchange(MethodView):
    """Exchanging the two halves of a code for a key."""

    @blueprint.writes(
        "exchangeKey",
        schemas.NewSecretSchema,
        schemas.ExchangeInputSchema,
        made="/principals/{record.principal_id}/keys",
        versioned=False,
        holding=checked_code,
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Exchange the two halves of a code for a new key, which is shown this once.

        One half was shown to whoever asked for the key, the other to whoever approved it. They
        are good once, within 72 hours of the approval, from the networks of the key. A code that
        is wrong, late or used is answered alike; a holder who finds it used tells the security
        administrators, who revoke the key.
        """
        key, secret = exchanges.exchange(call.session, values["halves"], call.request.request_id)
        return secret_answer(call, key, secret)


@blueprint.route("/keys/<id:key_id>/secrets")
class KeySecrets(MethodView):
    """Secrets of one key."""

    @blueprint.writes(
        "issueSecret",
        schemas.NewSecretSchema,
        schemas.KeyNoteInputSchema,
        find=queries.key_record,
        may=keys.require_own,
        made="/principals/{record.principal_id}/keys",
        versioned=False,
    )
    def post(self, call: Call, record: AccessKey, values: Values) -> Answer:
        """Give a key a further secret, shown this once; a key has two live ones at most.

        Its holder alone rotates a key so: take a second secret, change over, revoke the first.
        """
        secret = keys.issue_secret(call.session, call.actor, record, values.get("note"))
        return secret_answer(call, record, secret)


@blueprint.route("/keys/<id:key_id>/secrets/<id:secret_id>/revocation")
class SecretRevocation(MethodView):
    """Ending one secret of a key."""

    @blueprint.writes(
        "revokeSecret",
        schemas.KeySchema,
        schemas.KeyNoteInputSchema,
        find=queries.key_record,
        may=keys.require_holder,
        versioned=False,
    )
    def post(self, call: Call, record: AccessKey, values: Values) -> Answer:
        """End one secret of a key, from the next request on.

        The key's other secret goes on. Ending one that was ended already changes nothing.
        """
        number = call.path["secret_id"]
        secret = next(
            s for s in queries.secrets_of(call.session, [record.id])[record.id] if s.id == number
        )
        keys.revoke_secret(call.session, call.actor, record, secret, values.get("note"))
        return key_answer(call, record)


@blueprint.route("/keys/<id:key_id>/revocation")
class KeyRevocation(MethodView):
    """Ending one key."""

    @blueprint.writes(
        "revokeKey",
        schemas.KeySchema,
        schemas.KeyNoteInputSchema,
        find=queries.key_record,
        may=keys.require_holder,
        versioned=False,
    )
    def post(self, call: Call, record: AccessKey, values: Values) -> Answer:
        """End a key with all its secrets, from the next request on.

        It cannot be undone: a new key is asked for instead. What was done with it stays in
        the history.
        """
        keys.revoke_key(call.session, call.actor, record, values.get("note"))
        return key_answer(call, record)
