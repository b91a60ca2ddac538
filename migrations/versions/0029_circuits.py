"""A channel's circuit beside its rest; what waits for a line, and what a channel has confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade():
    op.alter_column("channel_pause", "channel", type_=sa.String(40))
    op.add_column("channel_pause", sa.Column("opened_at", AT))
    op.add_column("channel_pause", sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    op.add_column("channel_pause", sa.Column("rounds", sa.Integer, nullable=False, server_default="0"))
    op.add_column("channel_pause", sa.Column("probe_at", AT))
    op.add_column("channel_pause", sa.Column("slot_at", AT))
    op.add_column("channel_pause", sa.Column("last_push_id", sa.BigInteger))
    op.add_column("push", sa.Column("parked_on", sa.String(40)))
    op.add_column("push", sa.Column("confirmed_at", AT))


def downgrade():
    for name in ("confirmed_at", "parked_on"):
        op.drop_column("push", name)
    for name in ("last_push_id", "slot_at", "probe_at", "rounds", "failures", "opened_at"):
        op.drop_column("channel_pause", name)
    op.execute("DELETE FROM channel_pause WHERE length(channel) > 16")
    op.alter_column("channel_pause", "channel", type_=sa.String(16))
