"""an index of reports that still lead to their reporters after their end."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

HELD = "closed_at IS NOT NULL AND (phone_sealed IS NOT NULL OR device_hash IS NOT NULL OR resident_id IS NOT NULL)"


def upgrade():
    op.create_index("ix_report_contact", "report", ["county_id", "closed_at"], postgresql_where=sa.text(HELD))


def downgrade():
    op.drop_index("ix_report_contact", table_name="report")
