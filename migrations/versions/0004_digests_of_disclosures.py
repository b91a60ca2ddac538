"""digests of disclosures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("disclosure", sa.Column("digest", sa.String(length=64), nullable=False))


def downgrade():
    op.drop_column("disclosure", "digest")
