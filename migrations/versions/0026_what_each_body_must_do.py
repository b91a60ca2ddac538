"""Indexes by which a body finds what it must do beside its own turn."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_report_extend": ("county_id", "extend_until IS NOT NULL"),
    "ix_report_check": ("county_id", "check_due_at IS NOT NULL"),
    "ix_report_contact_due": ("community_id", "contact_due_at IS NOT NULL"),
    "ix_report_reinspect": ("county_id", "hazard_step = 'reinspect'"),
}


def upgrade():
    for name, (column, condition) in INDEXES.items():
        op.create_index(name, "report", [column], postgresql_where=sa.text(condition))


def downgrade():
    for name in INDEXES:
        op.drop_index(name, "report")
