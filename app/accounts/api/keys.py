"""Keys of accounts over HTTP: asked for, exchanged for their codes, rotated, ended."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import request
from flask.views import MethodView

from app.accounts.api.approvals import with_halves
from app.accounts.queries import principals as queries
from app.accounts.queries.exchanges import code_of, is_open
from app.accounts.rules.keys import secret_hash
from app.accounts.schemas import accounts as schemas
from app.accounts.schemas.approvals import KeysAskedSchema
from app.accounts.services import accounts, exchanges, keys
from app.core.clock import utcnow
from app.core.errors import ExchangeRefused
from app.core.queries.rows import View
from app.core.schemas.paging import OrderedFilterSchema
from app.core.types import Row, Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.contract.operations import EntityTag
from app.http.paging import listing
from app.http.requests import database
from app.http.security import security_log
from app.http.security.authentication import comes_from, limits
from app.http.security.rate_limits import network_of
from app.models import AccessKey, Principal

blueprint = Blueprint("keys", __name__)


@blueprint.route("/keys")
class Keys(MethodView):
    """Keys of all accounts."""

    @blueprint.reads(
        "findKeys",
        schemas.KeyPageSchema,
        schemas.KeyFilterSchema,
        tag=EntityTag.NOTHING,  # a key ends though nobody writes
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List the keys of all accounts, the next to end first, for whoever looks after them.

        With `ends_before` those that soon let nobody in; their holders ask for others in time.
        """
        return listing(
            call,
            queries.keys(filters, call.now()),
            filters,
            queries.KEY_ORDERS_BY_END,
            shown=lambda rows: shown_keys(call, rows),
        )


@blueprint.route("/principals/<id:principal_id>/keys")
class PrincipalKeys(MethodView):
    """Keys of one account."""

    @blueprint.reads("listKeys", schemas.KeyPageSchema, OrderedFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, principal_id: int) -> Answer:
        """List the keys of an account, oldest first; their secrets are kept nowhere.

        Everybody may list their own, to see when they end and which secrets are live; those of
        others need `principal:see`.
        """
        found_or_404(queries.listed_id(call.session, call.actor, principal_id))
        return listing(
            call,
            queries.keys_of(principal_id),
            filters,
            queries.KEY_ORDERS,
            shown=lambda rows: shown_keys(call, rows),
        )

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


def shown_keys(call: Call, rows: Sequence[Row]) -> list[View]:
    """Return keys as the API shows them, each with its secrets."""
    secrets = queries.secrets_of(call.session, [row.id for row in rows])
    return [queries.shown_key(row, secrets[row.id]) for row in rows]


def key_answer(call: Call, key: AccessKey) -> Answer:
    """Return one key as it is now."""
    secrets = queries.secrets_of(call.session, [key.id])[key.id]
    return Answer(queries.shown_key(key, secrets), version=key.version)


def secret_answer(call: Call, key: AccessKey, secret: str) -> Answer:
    """Return one key with a new *secret*, which is kept nowhere."""
    secrets = queries.secrets_of(call.session, [key.id])[key.id]
    return Answer(queries.shown_key(key, secrets, secret=secret), version=key.version, secret=True)


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

        For its holder, and whoever manages keys. The key's other secret goes on. Ending one that
        was ended already changes nothing.
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

        For its holder, and whoever manages keys. It cannot be undone: a new key is asked for
        instead. What was done with it stays in the history.
        """
        keys.revoke_key(call.session, call.actor, record, values.get("note"))
        return key_answer(call, record)
