"""Incidents, their timelines, and handovers."""

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of incidents and of handovers."""
    op.create_table(
        "incident",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("began_at", BIG, nullable=False),
        sa.Column("opened_at", BIG, nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("resolved_at", BIG, nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=False),
        sa.Column("closed_at", BIG, nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("communicator", sa.Text(), nullable=False),
        sa.Column("scribe", sa.Text(), nullable=False),
        sa.Column("next_update_at", BIG, nullable=True),
        sa.Column("update_every_s", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_incident_opened_at"), "incident", ["opened_at"], unique=False)
    op.create_index(op.f("ix_incident_state"), "incident", ["state"], unique=False)
    op.create_table(
        "incident_server",
        sa.Column("incident_id", BIG, nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sites", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_server_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", "server_id", name=op.f("pk_incident_server")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_incident_server_server_id"), "incident_server", ["server_id"], unique=False
    )
    op.create_table(
        "incident_alarm",
        sa.Column("incident_id", BIG, nullable=False),
        sa.Column("alarm_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_alarm_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", "alarm_id", name=op.f("pk_incident_alarm")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_incident_alarm_alarm_id"), "incident_alarm", ["alarm_id"], unique=False
    )
    op.create_table(
        "incident_entry",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("incident_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("written_at", BIG, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_entry_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_entry")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_incident_entry_incident_id"), "incident_entry", ["incident_id"], unique=False
    )
    op.create_table(
        "handover",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("given_at", BIG, nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("taken_at", BIG, nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_handover_given_at"), "handover", ["given_at"], unique=False)
