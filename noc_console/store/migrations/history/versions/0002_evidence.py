"""Evidence: what the flight recorder kept."""

revision = "history_0002"
down_revision = "history_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
