"""Lines that a person chose, and the verdicts' reasons by key with the nearest danger."""

import json

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; give each reason a key and a verdict, and each state its danger."""
    op.create_table(
        "line",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("chosen_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("scope", "owner", "key", name=op.f("pk_line")),
        sqlite_strict=True,
    )
    op.create_table(
        "profile_choice",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("chosen_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("scope", "owner", name=op.f("pk_profile_choice")),
        sqlite_strict=True,
    )
    op.add_column("server_state", sa.Column("danger", sa.Text(), nullable=True))
    _key_reasons()


def _key_reasons() -> None:
    """Words of an older program get the row's verdict; an engine that runs judges anew at once."""
    connection = op.get_bind()
    state = sa.table(
        "server_state",
        sa.column("server_id", sa.BigInteger),
        sa.column("verdict", sa.Text),
        sa.column("reasons", sa.Text),
    )
    for row in connection.execute(sa.select(state)).all():
        reasons = [
            {"key": "earlier", "verdict": row.verdict, "words": words}
            for words in json.loads(row.reasons)
        ]
        connection.execute(
            sa.update(state)
            .where(state.c.server_id == row.server_id)
            .values(reasons=json.dumps(reasons, separators=(",", ":")))
        )
