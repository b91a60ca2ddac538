"""neighbours who join a report, and reports merged into another."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade():
    op.add_column("report", sa.Column("merged_into_id", sa.BigInteger(), sa.ForeignKey("report.id")))
    merged = sa.text("merged_into_id IS NOT NULL")
    op.create_index("ix_report_merged", "report", ["merged_into_id"], postgresql_where=merged)
    op.create_table(
        "report_join",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("county_id", sa.String(6), nullable=False),
        sa.Column("report_id", sa.BigInteger(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("merged_id", sa.BigInteger(), sa.ForeignKey("report.id")),
        sa.Column("resident_id", sa.BigInteger(), sa.ForeignKey("resident.id")),
        sa.Column("device_hash", sa.String(64)),
        sa.Column("owner_hash", sa.String(64)),
        sa.Column("building", sa.String(40)),
        sa.Column("unit", sa.String(20)),
        sa.Column("door_hash", sa.String(64)),
        sa.Column("household", sa.BigInteger()),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("joined_at", AT, nullable=False),
        sa.Column("withdrawn_at", AT),
        sa.Column("answer", sa.String(12)),
        sa.Column("answered_at", AT),
    )
    op.create_index("ix_report_join_report", "report_join", ["report_id", "id"])
    op.create_index("ix_report_join_county", "report_join", ["county_id", "id"])
    for column in ("device_hash", "resident_id", "owner_hash"):
        known = sa.text(f"{column} IS NOT NULL")
        name = f"uq_report_join_{column.partition('_')[0]}"
        op.create_index(name, "report_join", [column, "report_id"], unique=True, postgresql_where=known)
    standing = sa.text("merged_id IS NOT NULL AND withdrawn_at IS NULL")
    op.create_index(
        "uq_report_join_merged", "report_join", ["merged_id"], unique=True, postgresql_where=standing
    )


def downgrade():
    op.drop_table("report_join")
    op.drop_index("ix_report_merged", "report")
    op.drop_column("report", "merged_into_id")
