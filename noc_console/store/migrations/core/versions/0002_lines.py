"""Lines that a person chose, and the verdicts' reasons by key with the nearest danger."""

import json

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give each reason a key and a verdict, and each state its danger."""
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
