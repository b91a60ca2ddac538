"""How the sender of a confidential report is reached, in a seal of its own that can be deleted before the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("sealed_report", sa.Column("contact", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("sealed_report", "contact")
