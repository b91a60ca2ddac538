"""Alarms about the system itself: what is wrong, since when, and what the operators' group was told."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "alarm",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("seen_at", AT, nullable=False),
        sa.Column("closed_at", AT),
        sa.Column("said", sa.String(5), nullable=False, server_default=""),
        sa.Column("said_at", AT),
        sa.Column("tried_at", AT),
    )


def downgrade():
    op.drop_table("alarm")
