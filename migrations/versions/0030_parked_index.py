"""The pushes that wait for a line, found at once."""

from server.core.migrating import add_index, remove_index

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    add_index("ix_push_parked", "push", ["parked_on", "id"], where="parked_on IS NOT NULL")


def downgrade():
    remove_index("ix_push_parked", "push")
