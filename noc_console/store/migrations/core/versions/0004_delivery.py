"""Who is told of alarms, by which way, and what came of it."""

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
