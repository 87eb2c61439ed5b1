"""The register: every table of the first version, and the one row that writers lock."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "heads",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("vocabulary_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heads"),
    )
    op.create_table(
        "organizations",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("is_office", sa.Boolean(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organizations.id"], name="fk_organizations_parent_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organizations"),
        sa.UniqueConstraint("slug", name="uq_organizations_slug"),
    )
    op.create_index("ix_organizations_parent_id", "organizations", ["parent_id"], unique=False)
    op.create_table(
        "seed_records",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "reference", name="pk_seed_records"),
    )
    op.create_table(
        "tags",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=50), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("synonyms", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("broader_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["broader_id"], ["tags.id"], name="fk_tags_broader_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("slug", name="uq_tags_slug"),
    )
    op.create_index("ix_tags_broader_id", "tags", ["broader_id"], unique=False)
    op.create_table(
        "persons",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("body_id", KEY, nullable=False),
        sa.Column("capacity", sa.String(length=32), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["organizations.id"], name="fk_persons_body_id"),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sa.UniqueConstraint("slug", name="uq_persons_slug"),
    )
    op.create_index("ix_persons_body_id", "persons", ["body_id"], unique=False)
    op.create_table(
        "principals",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("office_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organizations.id"], name="fk_principals_office_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_principals"),
    )
    op.create_table(
        "sessions",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("body_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("term", sa.Integer(), nullable=True),
        sa.Column("meeting", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["organizations.id"], name="fk_sessions_body_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("slug", name="uq_sessions_slug"),
    )
    op.create_table(
        "tag_counts",
        sa.Column("tag_id", KEY, nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("publication", sa.String(length=16), nullable=False),
        sa.Column("progress", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tag_counts_tag_id"),
        sa.PrimaryKeyConstraint(
            "tag_id", "scope", "scope_id", "publication", "progress", name="pk_tag_counts"
        ),
    )
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
    op.create_table(
        "documents",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("subtitle", sa.String(length=300), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("publisher", sa.String(length=100), nullable=True),
        sa.Column("session_id", KEY, nullable=True),
        sa.Column("date_as_printed", sa.String(length=100), nullable=True),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("latest_on", sa.Date(), nullable=True),
        sa.Column("date_reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_documents_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("reference", name="uq_documents_reference"),
        sa.UniqueConstraint("sha256", name="uq_documents_sha256"),
    )
    op.create_index("ix_documents_session_id", "documents", ["session_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("sequence", KEY, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("record_type", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("record_reference", sa.String(length=64), nullable=False),
        sa.Column("record_version", sa.BigInteger(), nullable=False),
        sa.Column("publication", sa.String(length=16), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("principal_id", KEY, nullable=True),
        sa.Column("office_id", KEY, nullable=True),
        sa.Column("office_name", sa.String(length=100), nullable=True),
        sa.Column("key_prefix", sa.String(length=16), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["organizations.id"], name="fk_events_office_id"),
        sa.ForeignKeyConstraint(["principal_id"], ["principals.id"], name="fk_events_principal_id"),
        sa.PrimaryKeyConstraint("sequence", name="pk_events"),
    )
    op.create_index(
        "ix_events_record", "events", ["record_type", "record_id", "sequence"], unique=False
    )
    op.create_table(
        "principal_roles",
        sa.Column("principal_id", KEY, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name="fk_principal_roles_principal_id"
        ),
        sa.PrimaryKeyConstraint("principal_id", "role", name="pk_principal_roles"),
    )
    op.create_table(
        "corrections",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("as_printed", sa.Text(), nullable=False),
        sa.Column("as_meant", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=16), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_corrections_document_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
    )
    op.create_index("ix_corrections_document_id", "corrections", ["document_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("case_no", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source_kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_is_printed", sa.Boolean(), nullable=False),
        sa.Column("document_id", KEY, nullable=True),
        sa.Column("session_id", KEY, nullable=True),
        sa.Column("handling_state", sa.String(length=32), nullable=False),
        sa.Column("publication", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_proposals_document_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_proposals_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.UniqueConstraint("reference", name="uq_proposals_reference"),
    )
    op.create_index("ix_proposals_document_id", "proposals", ["document_id"], unique=False)
    op.create_index("ix_proposals_session_id", "proposals", ["session_id"], unique=False)
    op.create_table(
        "stretches",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_stretches_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stretches"),
    )
    op.create_index("ix_stretches_document_id", "stretches", ["document_id"], unique=False)
    op.create_table(
        "proposers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("organization_id", KEY, nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("as_printed", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (organization_id IS NULL)", name="ck_proposers_one_of_both"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_proposers_organization_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_proposers_person_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_proposers_proposal_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proposers"),
    )
    op.create_index("ix_proposers_organization_id", "proposers", ["organization_id"], unique=False)
    op.create_index("ix_proposers_person_id", "proposers", ["person_id"], unique=False)
    op.create_index("ix_proposers_proposal_id", "proposers", ["proposal_id"], unique=False)
    op.create_table(
        "recommendations",
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("summary_zh", sa.String(length=500), nullable=False),
        sa.Column("summary_en", sa.String(length=1000), nullable=True),
        sa.Column("stance", sa.String(length=16), nullable=False),
        sa.Column("publication", sa.String(length=16), nullable=False),
        sa.Column("acceptance", sa.String(length=32), nullable=False),
        sa.Column("progress", sa.String(length=32), nullable=False),
        sa.Column("last_move", sa.BigInteger(), nullable=False),
        sa.Column("claimed_by_office_id", KEY, nullable=True),
        sa.Column("lead_office_id", KEY, nullable=True),
        sa.Column("lead_status", sa.String(length=16), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["claimed_by_office_id"],
            ["organizations.id"],
            name="fk_recommendations_claimed_by_office_id",
        ),
        sa.ForeignKeyConstraint(
            ["lead_office_id"], ["organizations.id"], name="fk_recommendations_lead_office_id"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name="fk_recommendations_proposal_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recommendations"),
        sa.UniqueConstraint(
            "id",
            "progress",
            "last_move",
            "publication",
            name="uq_recommendations_id_progress_last_move_publication",
        ),
        sa.UniqueConstraint("proposal_id", "number", name="uq_recommendations_proposal_id_number"),
        sa.UniqueConstraint("reference", name="uq_recommendations_reference"),
    )
    op.create_index(
        "ix_recommendations_lead", "recommendations", ["lead_office_id", "id"], unique=False
    )
    op.create_index(
        "ix_recommendations_updated", "recommendations", ["updated_at", "id"], unique=False
    )
    op.create_table(
        "joint_offices",
        sa.Column("recommendation_id", KEY, nullable=False),
        sa.Column("office_id", KEY, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organizations.id"], name="fk_joint_offices_office_id"
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name="fk_joint_offices_recommendation_id"
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "office_id", name="pk_joint_offices"),
    )
    op.create_index("ix_joint_offices_office_id", "joint_offices", ["office_id"], unique=False)
    op.create_table(
        "lineage",
        sa.Column("recommendation_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("other_id", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_sequence", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["other_id"], ["recommendations.id"], name="fk_lineage_other_id"),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name="fk_lineage_recommendation_id"
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "kind", "other_id", name="pk_lineage"),
    )
    op.create_index("ix_lineage_other_id", "lineage", ["other_id"], unique=False)
    op.create_table(
        "passages",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("proposal_id", KEY, nullable=True),
        sa.Column("recommendation_id", KEY, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(proposal_id IS NULL) <> (recommendation_id IS NULL)", name="ck_passages_one_of_both"
        ),
        sa.CheckConstraint("start_at >= 0 AND start_at < end_at", name="ck_passages_not_empty"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_passages_document_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_passages_proposal_id"),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name="fk_passages_recommendation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
    )
    op.create_index("ix_passages_document_id", "passages", ["document_id"], unique=False)
    op.create_index("ix_passages_proposal_id", "passages", ["proposal_id"], unique=False)
    op.create_index(
        "ix_passages_recommendation_id", "passages", ["recommendation_id"], unique=False
    )
    op.create_table(
        "progress_reports",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recommendation_id", KEY, nullable=False),
        sa.Column("sequence", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("office_id", KEY, nullable=True),
        sa.Column("reported_by", sa.String(length=100), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organizations.id"], name="fk_progress_reports_office_id"
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name="fk_progress_reports_recommendation_id",
        ),
        sa.ForeignKeyConstraint(
            ["sequence"], ["events.sequence"], name="fk_progress_reports_sequence"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_progress_reports"),
    )
    op.create_index(
        "ix_progress_reports_recommendation_id",
        "progress_reports",
        ["recommendation_id"],
        unique=False,
    )
    op.create_table(
        "recommendation_tags",
        sa.Column("recommendation_id", KEY, nullable=False),
        sa.Column("tag_id", KEY, nullable=False),
        sa.Column("is_direct", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.String(length=32), nullable=False),
        sa.Column("last_move", sa.BigInteger(), nullable=False),
        sa.Column("publication", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id", "progress", "last_move", "publication"],
            [
                "recommendations.id",
                "recommendations.progress",
                "recommendations.last_move",
                "recommendations.publication",
            ],
            name="fk_recommendation_tags_recommendation",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_recommendation_tags_tag_id"),
        sa.PrimaryKeyConstraint("recommendation_id", "tag_id", name="pk_recommendation_tags"),
    )
    op.create_index(
        "ix_recommendation_tags_direct",
        "recommendation_tags",
        ["tag_id", "progress", "recommendation_id"],
        unique=False,
        sqlite_where=sa.text("is_direct"),
        postgresql_where=sa.text("is_direct"),
    )
    op.create_index(
        "ix_recommendation_tags_moves", "recommendation_tags", ["tag_id", "last_move"], unique=False
    )
    op.create_index(
        "ix_recommendation_tags_order",
        "recommendation_tags",
        ["tag_id", "recommendation_id"],
        unique=False,
    )
    op.create_index(
        "ix_recommendation_tags_progress",
        "recommendation_tags",
        ["tag_id", "progress", "recommendation_id"],
        unique=False,
    )

    op.create_index(
        "ix_recommendations_due",
        "recommendations",
        [sa.text("coalesce(due_on, '9999-12-31')"), "id"],
    )
    op.execute(
        "INSERT INTO heads (id, sequence, hash, vocabulary_version)"
        " VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0)"
    )


def downgrade():
    op.drop_index("ix_recommendation_tags_progress", table_name="recommendation_tags")
    op.drop_index("ix_recommendation_tags_order", table_name="recommendation_tags")
    op.drop_index("ix_recommendation_tags_moves", table_name="recommendation_tags")
    op.drop_index(
        "ix_recommendation_tags_direct",
        table_name="recommendation_tags",
        sqlite_where=sa.text("is_direct"),
        postgresql_where=sa.text("is_direct"),
    )
    op.drop_table("recommendation_tags")
    op.drop_index("ix_progress_reports_recommendation_id", table_name="progress_reports")
    op.drop_table("progress_reports")
    op.drop_index("ix_passages_recommendation_id", table_name="passages")
    op.drop_index("ix_passages_proposal_id", table_name="passages")
    op.drop_index("ix_passages_document_id", table_name="passages")
    op.drop_table("passages")
    op.drop_index("ix_lineage_other_id", table_name="lineage")
    op.drop_table("lineage")
    op.drop_index("ix_joint_offices_office_id", table_name="joint_offices")
    op.drop_table("joint_offices")
    op.drop_index("ix_recommendations_updated", table_name="recommendations")
    op.drop_index("ix_recommendations_lead", table_name="recommendations")
    op.drop_table("recommendations")
    op.drop_index("ix_proposers_proposal_id", table_name="proposers")
    op.drop_index("ix_proposers_person_id", table_name="proposers")
    op.drop_index("ix_proposers_organization_id", table_name="proposers")
    op.drop_table("proposers")
    op.drop_index("ix_stretches_document_id", table_name="stretches")
    op.drop_table("stretches")
    op.drop_index("ix_proposals_session_id", table_name="proposals")
    op.drop_index("ix_proposals_document_id", table_name="proposals")
    op.drop_table("proposals")
    op.drop_index("ix_corrections_document_id", table_name="corrections")
    op.drop_table("corrections")
    op.drop_table("principal_roles")
    op.drop_index("ix_events_record", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_documents_session_id", table_name="documents")
    op.drop_table("documents")
    op.drop_index("ix_api_keys_principal_id", table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_table("tag_counts")
    op.drop_table("sessions")
    op.drop_table("principals")
    op.drop_index("ix_persons_body_id", table_name="persons")
    op.drop_table("persons")
    op.drop_index("ix_tags_broader_id", table_name="tags")
    op.drop_table("tags")
    op.drop_table("seed_records")
    op.drop_index("ix_organizations_parent_id", table_name="organizations")
    op.drop_table("organizations")
    op.drop_table("heads")
