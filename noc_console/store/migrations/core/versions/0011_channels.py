"""Channels: where notices are posted."""

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of channels."""
