"""Windows of maintenance, and the spans that availability is made of."""

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
