"""Lines that a person chose, and the verdicts' nearest danger."""

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
