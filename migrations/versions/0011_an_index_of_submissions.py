"""an index of submissions."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_report_submitted", "report", ["county_id", "submitted_at"])


def downgrade():
    op.drop_index("ix_report_submitted", table_name="report")
