"""Blocks whose metrics are deflated one by one: programs that cannot read them refuse the store."""

from alembic import op

revision = "history_0003"
down_revision = "history_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table; have PostgreSQL keep bodies as they are: they do not shrink any further."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("journal", "block"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN body SET STORAGE EXTERNAL")
