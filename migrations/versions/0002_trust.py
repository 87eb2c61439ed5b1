"""Trust: keys with two secrets, sealed names, checkpoints, approvals, repeats and limits.

Every key that was made before goes on working; its holder's name stays readable in the events
of that time, which are never rewritten.
"""

import hashlib
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def columns():
    """Return the columns that tables get, by table."""
    return {
        "heads": (
            sa.Column("checkpoint_sequence", sa.BigInteger(), nullable=False, server_default="0"),
            sa.Column("checkpoint_at", MOMENT, nullable=True),
        ),
        "events": (
            sa.Column("scheme", sa.Integer(), nullable=True),
            sa.Column("actor_seal", sa.String(length=64), nullable=True),
            sa.Column("approval_id", sa.BigInteger(), nullable=True),
            sa.Column("record_hash", sa.String(length=64), nullable=True),
        ),
        "principals": (
            sa.Column("subject", sa.String(length=400), nullable=True),
            sa.Column("name_seal", sa.String(length=64), nullable=False, server_default=""),
            sa.Column("disabled_at", MOMENT, nullable=True),
        ),
        "persons": (
            sa.Column("contact_seal", sa.String(length=64), nullable=True),
            sa.Column("erased_at", MOMENT, nullable=True),
        ),
    }


def upgrade():
    for table, added in columns().items():
        for column in added:
            op.add_column(table, column)
    op.create_index("ix_events_principal", "events", ["principal_id", "sequence"])
    op.create_index("ix_events_at", "events", ["at", "sequence"])
    op.create_index("ix_principals_subject", "principals", ["subject"], unique=True)
    create_keys()
    create_sealed_values()
    create_checkpoints()
    create_approvals()
    create_replays()
    create_limits()
    move_keys()
    seal_names()
    op.drop_index("ix_api_keys_principal_id", table_name="api_keys")
    op.drop_table("api_keys")


def create_keys():
    op.create_table(
        "access_keys",
        sa.Column("principal_id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name="fk_access_keys_principal_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_keys"),
        sa.UniqueConstraint("public_id", name="uq_access_keys_public_id"),
    )
    op.create_index("ix_access_keys_principal_id", "access_keys", ["principal_id"])
    op.create_table(
        "key_secrets",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key_id", KEY, nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["access_keys.id"], name="fk_key_secrets_key_id"),
        sa.PrimaryKeyConstraint("id", name="pk_key_secrets"),
        sa.UniqueConstraint("secret_sha256", name="uq_key_secrets_secret_sha256"),
    )
    op.create_index("ix_key_secrets_key_id", "key_secrets", ["key_id"])


def create_sealed_values():
    op.create_table(
        "sealed_values",
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("subject_type", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("seal", name="pk_sealed_values"),
    )
    op.create_index("ix_sealed_values_subject", "sealed_values", ["subject_type", "subject_id"])


def create_checkpoints():
    op.create_table(
        "checkpoints",
        sa.Column("sequence", KEY, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_checkpoints"),
    )


def create_approvals():
    op.create_table(
        "approvals",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("record_type", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("record_reference", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("asked_by", sa.String(length=100), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["principals.id"], name="fk_approvals_asked_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["principals.id"], name="fk_approvals_decided_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_state", "approvals", ["state", "id"])


def create_replays():
    op.create_table(
        "replays",
        sa.Column("id", KEY, nullable=False),
        sa.Column("principal_id", KEY, nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name="fk_replays_principal_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_replays"),
        sa.UniqueConstraint(
            "principal_id", "method", "path", "key", name="uq_replays_principal_id_method_path_key"
        ),
    )
    op.create_index("ix_replays_created", "replays", ["created_at"])


def create_limits():
    op.create_table(
        "buckets",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("filled_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_buckets"),
    )
    op.create_table(
        "failed_sign_ins",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_failed_sign_ins"),
    )


def move_keys():
    """Give each key that was made before its row and its one secret."""
    op.execute(
        "INSERT INTO access_keys (id, version, created_at, updated_at, principal_id, public_id,"
        " scopes, networks, expires_at, revoked_at)"
        " SELECT id, 1, created_at, created_at, principal_id, 'old' || CAST(id AS VARCHAR(12)),"
        " '[\"read\",\"write\"]', '[]', coalesce(expires_at, '2199-12-31 00:00:00'), revoked_at"
        " FROM api_keys"
    )
    op.execute(
        "INSERT INTO key_secrets (id, key_id, secret_sha256, created_at, revoked_at)"
        " SELECT id, id, secret_sha256, created_at, NULL FROM api_keys"
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("access_keys", "key_secrets"):
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f" coalesce((SELECT max(id) FROM {table}), 0) + 1, false)"
            )


def seal_names():
    """Give each principal that was made before the seal of its name."""
    connection = op.get_bind()
    for number, name in connection.execute(sa.text("SELECT id, name FROM principals")).all():
        salt = secrets.token_hex(32)
        seal = hashlib.sha256(f"{salt}\n{name}".encode()).hexdigest()
        connection.execute(
            sa.text(
                "INSERT INTO sealed_values (seal, salt, value, subject_type, subject_id)"
                " VALUES (:seal, :salt, :name, 'principal', :number)"
            ),
            {"seal": seal, "salt": salt, "name": name, "number": number},
        )
        connection.execute(
            sa.text("UPDATE principals SET name_seal = :seal WHERE id = :number"),
            {"seal": seal, "number": number},
        )


def downgrade():
    """Go back; what only this revision can hold is lost, two secrets of a key become one."""
    op.create_table(
        "api_keys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("principal_id", KEY, nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name="fk_api_keys_principal_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("secret_sha256", name="uq_api_keys_secret_sha256"),
    )
    op.create_index("ix_api_keys_principal_id", "api_keys", ["principal_id"], unique=False)
    op.execute(
        "INSERT INTO api_keys (id, principal_id, prefix, secret_sha256, created_at, expires_at,"
        " revoked_at) SELECT k.id, k.principal_id, 'prk_' || k.public_id, s.secret_sha256,"
        " k.created_at, k.expires_at, k.revoked_at FROM access_keys k JOIN key_secrets s"
        " ON s.id = (SELECT max(n.id) FROM key_secrets n WHERE n.key_id = k.id)"
    )
    for table in ("failed_sign_ins", "buckets", "replays", "approvals", "checkpoints"):
        op.drop_table(table)
    op.drop_table("sealed_values")
    op.drop_table("key_secrets")
    op.drop_table("access_keys")
    op.drop_index("ix_principals_subject", table_name="principals")
    op.drop_index("ix_events_at", table_name="events")
    op.drop_index("ix_events_principal", table_name="events")
    for table, added in columns().items():
        for column in added:
            op.drop_column(table, column.name)
