"""notes on the feed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("feed_entry", sa.Column("note", sa.String(length=200), server_default=sa.text("''"), nullable=False))


def downgrade():
    op.drop_column("feed_entry", "note")
