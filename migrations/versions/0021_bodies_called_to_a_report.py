"""bodies called to a report, and the links of those without an account."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")


def row():
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("county_id", sa.String(6), nullable=False),
    )


def to(table, name, *, nullable=False):
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def upgrade():
    op.add_column("report", sa.Column("called_at", AT))
    op.add_column("report", sa.Column("report_in_due_at", AT))
    op.create_table(
        "report_part",
        *row(),
        to("report", "report_id"),
        to("body", "body_id"),
        sa.Column("lead", sa.Boolean(), nullable=False),
        to("body", "from_body_id", nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("whistled", sa.Boolean(), nullable=False),
        sa.Column("time_class", sa.String(16), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("report_in_due_at", AT),
        sa.Column("reported_in_at", AT),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("answered_at", AT),
        sa.Column("ended_at", AT),
        sa.Column("ended_as", sa.String(16)),
        sa.Column("sweep_at", AT),
    )
    op.create_index("ix_report_part_report", "report_part", ["report_id", "id"])
    op.create_index("ix_report_part_county", "report_part", ["county_id", "asked_at"])
    op.create_index(
        "uq_report_part_body", "report_part", ["report_id", "body_id"], unique=True, postgresql_where=OPEN
    )
    lead = sa.text("lead AND ended_at IS NULL")
    op.create_index("uq_report_part_lead", "report_part", ["report_id"], unique=True, postgresql_where=lead)
    op.create_index("ix_report_part_body", "report_part", ["body_id", "due_at", "id"], postgresql_where=OPEN)
    swept = sa.text("sweep_at IS NOT NULL")
    op.create_index("ix_report_part_sweep", "report_part", ["sweep_at", "id"], postgresql_where=swept)
    op.create_table(
        "report_link",
        *row(),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        to("report", "report_id"),
        to("report_part", "part_id"),
        to("body", "body_id"),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        to("body", "made_for_body_id"),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("opened_at", AT),
        sa.Column("spent_at", AT),
        sa.Column("revoked_at", AT),
    )
    op.create_index("ix_report_link_report", "report_link", ["report_id", "id"])
    op.create_table(
        "report_link_use",
        *row(),
        to("report_link", "link_id"),
        sa.Column("at", AT, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
    )
    op.create_index("ix_report_link_use_link", "report_link_use", ["link_id", "id"])


def downgrade():
    for table in ("report_link_use", "report_link", "report_part"):
        op.drop_table(table)
    op.drop_column("report", "report_in_due_at")
    op.drop_column("report", "called_at")
