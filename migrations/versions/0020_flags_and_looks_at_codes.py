"""flags on reports, staff's own browsers, looks at hung codes."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def row():
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("county_id", sa.String(6), nullable=False),
    )


def upgrade():
    op.create_table(
        "report_flag",
        *row(),
        sa.Column("report_id", sa.BigInteger(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("flag", sa.String(16), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("dismisses", sa.BigInteger(), sa.ForeignKey("report_flag.id"), unique=True),
        sa.Column("by_person_id", sa.BigInteger()),
    )
    unless = sa.text("dismisses IS NULL")
    op.create_index("uq_report_flag", "report_flag", ["report_id", "flag"], unique=True, postgresql_where=unless)
    op.create_index("ix_report_flag_county", "report_flag", ["county_id", "id"])
    op.create_table(
        "flag_mark",
        sa.Column("name", sa.String(24), primary_key=True),
        sa.Column("until_at", AT, nullable=False),
    )
    op.create_table(
        "staff_device",
        *row(),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("device_hash", sa.String(64), nullable=False),
        sa.Column("at", AT, nullable=False),
    )
    op.create_index("uq_staff_device", "staff_device", ["device_hash", "person_id"], unique=True)
    op.create_table(
        "code_check",
        *row(),
        sa.Column("at", AT, nullable=False),
        sa.Column("by_person_id", sa.BigInteger(), nullable=False),
        sa.Column("code_id", sa.BigInteger(), sa.ForeignKey("scan_code.id")),
        sa.Column("text", sa.String(80), nullable=False),
        sa.Column("estate_id", sa.BigInteger(), sa.ForeignKey("estate.id"), nullable=False),
        sa.Column("found", sa.String(12), nullable=False),
        sa.Column("where_text", sa.String(80), nullable=False),
        sa.Column("photo_id", sa.String(32)),
    )
    op.create_index("ix_code_check_county", "code_check", ["county_id", "id"])
    op.create_index("ix_code_check_code", "code_check", ["code_id", "id"])
    op.create_index("ix_code_check_estate", "code_check", ["estate_id", "id"])


def downgrade():
    for table in ("code_check", "staff_device", "flag_mark", "report_flag"):
        op.drop_table(table)
