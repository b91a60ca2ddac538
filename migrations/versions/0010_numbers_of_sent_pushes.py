"""numbers of sent pushes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("push", sa.Column("reference", sa.String(length=80), nullable=True))
    where = sa.text("reference IS NOT NULL")
    op.create_index("ix_push_reference", "push", ["reference"], postgresql_where=where)


def downgrade():
    op.drop_index("ix_push_reference", "push")
    op.drop_column("push", "reference")
