"""an index of trial pushes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    where = sa.text("purpose = 'test'")
    op.create_index("ix_push_trial", "push", ["person_id", "id"], unique=False, postgresql_where=where)


def downgrade():
    op.drop_index("ix_push_trial", table_name="push")
