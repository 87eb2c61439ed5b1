"""Accounts and their keys."""

from marshmallow import fields

from app.accounts.rules import keys
from app.accounts.rules.accounts import MOST_AT_ONCE
from app.core import codes as words
from app.core.schemas.date_fields import Instant
from app.core.schemas.fields import (
    Choice,
    Code,
    Flag,
    Input,
    Items,
    Line,
    Number,
    Output,
    Switch,
    Text,
)
from app.core.schemas.filters import BY_ID, Named, Several, sort_by
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.paging import ChangedFilterSchema, PageFilterSchema, PageSchema
from app.core.schemas.references import OrganizationRefSchema

KINDS = ("person", "integrator")
ACTS_FOR = {"description": "The office that the account acts for; null where there is none."}


class PrincipalSchema(Output):
    """Someone or something that acts under a name, perhaps for an office."""

    id = fields.Integer(required=True)
    kind = Code(words.ActorKind, required=True)
    name = fields.String(required=True)
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="office_id",
        required=True,
        allow_none=True,
        metadata=ACTS_FOR,
    )
    roles = fields.List(Code(words.Role), required=True)
    subject = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The issuer and the name by which it knows a person; null for a"
            " program, and once it was erased."
        },
    )
    disabled_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class PrincipalPageSchema(PageSchema):
    """One page of accounts."""

    items = fields.List(fields.Nested(PrincipalSchema), required=True)


class KeyWantedInputSchema(Input):
    """What a new key is to be good for at most, from where, and for how long."""

    scopes = Items(Code(words.Scope), 3, least=1, required=True)
    networks = Items(
        Line(43),
        50,
        load_default=list,
        metadata={
            "description": "Networks from which it is taken, such as 10.1.0.0/16; empty: from"
            " anywhere."
        },
    )
    days = Number(1, keys.LONGEST_LIFE, load_default=keys.USUAL_LIFE)
    rate_multiple = Number(
        2,
        keys.LARGEST_BUDGET,
        metadata={
            "description": "For mass entry: how many times the usual number of requests it may"
            " send. Left out: once."
        },
    )


class AccountInputSchema(Input):
    """An account to add; that of an integrator may come with its key."""

    kind = Choice(
        KINDS,
        load_default="integrator",
        metadata={"description": "Whether a person signs in, or a program comes with a key."},
    )
    name = Line(100, required=True)
    roles = Items(Code(words.Role), 9, least=1, required=True)
    office = Named(metadata={"description": "Slug of the office."})
    subject = Line(
        200, metadata={"description": "For a person: the `sub` of the identity provider."}
    )
    key = Object(KeyWantedInputSchema)


FOR_ADMINISTRATORS = "Why; needed for an administrator's or an auditor's role."


class PrincipalInputSchema(AccountInputSchema):
    """An account to add, which another must approve."""

    reason = Text(2000, metadata={"description": FOR_ADMINISTRATORS})


class PrincipalBatchInputSchema(Input):
    """Accounts to add, all of which one approval makes."""

    accounts = Items(Object(AccountInputSchema), MOST_AT_ONCE, least=1, required=True)
    reason = Text(2000, metadata={"description": FOR_ADMINISTRATORS})


class PrincipalEditInputSchema(Input):
    """What may be changed of an account; what is left out stays."""

    roles = Items(Code(words.Role), 9, least=1)
    office = Named(
        allow_none=True, metadata={"description": "Slug of the office; null takes it away."}
    )
    disabled = Switch(
        metadata={
            "description": "True: the account can no longer come in, from the next request on."
        }
    )
    note = Text(
        2000,
        metadata={
            "description": "Why; needed for any change of your own account, and where an"
            " administrator or an auditor is to gain by it."
        },
    )


class SecretStateSchema(Output):
    """One secret of a key; the secret itself is kept nowhere."""

    id = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)


class KeySchema(Output):
    """A key: what it may be used for at most, from where, and until when."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True, metadata={"description": "How the key begins."})
    principal_id = fields.Integer(required=True)
    scopes = fields.List(Code(words.Scope), required=True)
    networks = fields.List(
        fields.String(), required=True, metadata={"description": "Empty: from anywhere."}
    )
    rate_multiple = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "How many times the usual number of requests it may send; null: once."
        },
    )
    expires_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    secrets = fields.List(fields.Nested(SecretStateSchema), required=True)
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)


class KeyPageSchema(PageSchema):
    """One page of keys."""

    items = fields.List(fields.Nested(KeySchema), required=True)


class KeyFilterSchema(PageFilterSchema):
    """Which keys to list, and in which order."""

    principal = Several(Number(1, query=True), metadata={"description": "An account's number."})
    live = Flag(
        metadata={"description": "True: those that let someone in now; false: those that do not."}
    )
    ends_before = Instant(metadata={"description": "They end before this moment."})
    ends_after = Instant(metadata={"description": "They end after this moment."})
    sort = sort_by(("expires_at", *BY_ID))


class KeyInputSchema(KeyWantedInputSchema):
    """A key to add, which another must approve."""

    reason = Text(
        2000, metadata={"description": "Why; needed for a key that can do more than read."}
    )


class ExchangeInputSchema(Input):
    """The two halves of a code, in either order."""

    halves = Items(Line(keys.LONGEST_HALF), 2, least=2, required=True)


class NewSecretSchema(KeySchema):
    """A key with a new secret, which is shown this once."""

    secret = fields.String(required=True)


class KeyNoteInputSchema(Input):
    """Why; kept in the history."""

    note = Text(2000)


class PrincipalFilterSchema(ChangedFilterSchema):
    """Which accounts to list."""

    role = Several(Code(words.Role))
    kind = Several(Code(words.ActorKind))
