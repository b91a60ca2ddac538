"""The confidential reports that still lead to their senders, by when they closed."""

from server.core.migrating import add_index, remove_index

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade():
    add_index(
        "ix_sealed_report_held",
        "sealed_report",
        ["closed_at"],
        where="contact IS NOT NULL OR device_index IS NOT NULL",
    )


def downgrade():
    remove_index("ix_sealed_report_held", "sealed_report")
