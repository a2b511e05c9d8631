"""Contacts: to whom notices go by mail."""

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of contacts."""
