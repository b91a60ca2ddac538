"""what retries, the feed and shared tokens remember."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
UNNOTICED = sa.text("state = 'dead' AND noticed_at IS NULL AND resident_id IS NULL")


def upgrade():
    op.add_column("push", sa.Column("failing_at", AT, nullable=True))
    op.add_column("push", sa.Column("noticed_at", AT, nullable=True))
    op.create_index("ix_push_unnoticed", "push", ["id"], postgresql_where=UNNOTICED)
    op.add_column("feed_entry", sa.Column("kind", sa.String(length=60), nullable=True))
    op.add_column("feed_entry", sa.Column("person_id", sa.BigInteger(), nullable=True))
    op.alter_column("feed_entry", "detail", type_=sa.String(length=400), existing_type=sa.String(length=200))
    op.create_index("ix_feed_entry_reason", "feed_entry", ["county_id", "reason", "id"])
    op.create_index("ix_feed_entry_kind", "feed_entry", ["county_id", "kind", "id"])
    op.create_table(
        "wechat_token",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("value_sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wechat_token")),
    )


def downgrade():
    op.drop_table("wechat_token")
    op.drop_index("ix_feed_entry_kind", "feed_entry")
    op.drop_index("ix_feed_entry_reason", "feed_entry")
    op.alter_column("feed_entry", "detail", type_=sa.String(length=200), existing_type=sa.String(length=400))
    op.drop_column("feed_entry", "person_id")
    op.drop_column("feed_entry", "kind")
    op.drop_index("ix_push_unnoticed", "push")
    op.drop_column("push", "noticed_at")
    op.drop_column("push", "failing_at")
