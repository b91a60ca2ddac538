"""The pushes that a channel took and has not confirmed, found at once."""

from server.core.migrating import add_index, remove_index

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade():
    add_index(
        "ix_push_unconfirmed",
        "push",
        ["channel", "done_at"],
        where="state = 'sent' AND reference IS NOT NULL AND confirmed_at IS NULL",
    )


def downgrade():
    remove_index("ix_push_unconfirmed", "push")
