"""The first schema of the core."""

import sqlalchemy as sa
from alembic import op

revision = "core_0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TRUTH = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "engine",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", BIG, nullable=False),
        sa.Column("heartbeat_at", BIG, nullable=False),
        sa.Column("stopped_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine")),
        sqlite_strict=True,
    )
    op.create_table(
        "host_key",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", BIG, nullable=False),
        sa.Column("replaced_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_host_key_address"), "host_key", ["address"], unique=False)
    op.create_index(op.f("ix_host_key_fingerprint"), "host_key", ["fingerprint"], unique=False)
    op.create_table(
        "orders",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("server_id", BIG, nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("engine_id", BIG, nullable=True),
        sa.Column("claimed_at", BIG, nullable=True),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_orders_state"), "orders", ["state"], unique=False)
    op.create_table(
        "revision",
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.PrimaryKeyConstraint("noun", name=op.f("pk_revision")),
        sqlite_strict=True,
    )
    op.create_table(
        "server",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("authentication", sa.Text(), nullable=False),
        sa.Column("key_file", sa.Text(), nullable=False),
        sa.Column("certificate_file", sa.Text(), nullable=False),
        sa.Column("jumps", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("expected_services", sa.Text(), nullable=False),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("tick_s", sa.Integer(), nullable=False),
        sa.Column("allow_weak_algorithms", TRUTH, nullable=False),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("added_at", BIG, nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.Column("deleted_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_server_live_name",
        "server",
        ["name"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
        sqlite_strict=True,
    )
    op.create_table(
        "attention",
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"], ["server.id"], name=op.f("fk_attention_server_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("desk", "server_id", name=op.f("pk_attention")),
        sqlite_strict=True,
    )
    op.create_table(
        "server_reading",
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"],
            ["server.id"],
            name=op.f("fk_server_reading_server_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("server_id", "kind", name=op.f("pk_server_reading")),
        sqlite_strict=True,
    )
    op.create_table(
        "server_state",
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("link_since", BIG, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("verdict_since", BIG, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("last_sample_at", BIG, nullable=True),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"], ["server.id"], name=op.f("fk_server_state_server_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server_id", name=op.f("pk_server_state")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_server_state_revision"), "server_state", ["revision"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"], ["server.id"], name=op.f("fk_site_server_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_site_customer"), "site", ["customer"], unique=False)
    op.create_index(op.f("ix_site_domain"), "site", ["domain"], unique=False)
    op.create_index(op.f("ix_site_server_id"), "site", ["server_id"], unique=False)
    op.create_table(
        "watch_span",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("engine_id", BIG, nullable=False),
        sa.Column("started_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["engine_id"], ["engine.id"], name=op.f("fk_watch_span_engine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_span")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_watch_span_ended_at"), "watch_span", ["ended_at"], unique=False)
    op.create_index(op.f("ix_watch_span_engine_id"), "watch_span", ["engine_id"], unique=False)
    op.create_index(op.f("ix_watch_span_started_at"), "watch_span", ["started_at"], unique=False)
