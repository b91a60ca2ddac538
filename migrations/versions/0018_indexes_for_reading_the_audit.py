"""indexes for reading the audit."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_audit_act", "audit", ["county_id", "act", "seq"])
    op.create_index("ix_audit_person", "audit", ["county_id", "person_id", "seq"])


def downgrade():
    op.drop_index("ix_audit_person", table_name="audit")
    op.drop_index("ix_audit_act", table_name="audit")
