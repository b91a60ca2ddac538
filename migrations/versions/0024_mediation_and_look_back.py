"""referrals to mediation, and campaigns that look at closed reports again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
GOING = sa.text("ended_at IS NULL")


def row():
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("county_id", sa.String(6), nullable=False),
    )


def to(table, name, *, nullable=False):
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def upgrade():
    op.add_column("report", sa.Column("refer_state", sa.String(8)))
    op.add_column("report", sa.Column("refer_due_at", AT))
    op.create_table(
        "mediation",
        *row(),
        to("report", "report_id"),
        to("body", "body_id"),
        to("body", "from_body_id"),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("asked_by_label", sa.String(240), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("consented_at", AT),
        sa.Column("phone_ok", sa.Boolean(), nullable=False),
        sa.Column("taken_at", AT),
        sa.Column("due_at", AT),
        sa.Column("meet_at", AT),
        sa.Column("meet_words", sa.Text(), nullable=False),
        sa.Column("ended_at", AT),
        sa.Column("result", sa.String(12)),
        sa.Column("result_words", sa.Text(), nullable=False),
    )
    op.create_index("ix_mediation_body", "mediation", ["body_id", "id"])
    op.create_index("ix_mediation_county", "mediation", ["county_id", "id"])
    op.create_index("uq_mediation_going", "mediation", ["report_id"], unique=True, postgresql_where=GOING)
    op.create_table(
        "campaign",
        *row(),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("filters", JSONB(), nullable=False),
        sa.Column("share_percent", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("seed", sa.String(32), nullable=False),
        sa.Column("drawn_from", sa.Integer(), nullable=False),
        sa.Column("inspectors", JSONB(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("closed_at", AT),
        sa.Column("closed_by", sa.BigInteger()),
    )
    op.create_index("ix_campaign_county", "campaign", ["county_id", "id"])
    op.create_table(
        "campaign_item",
        *row(),
        to("campaign", "campaign_id"),
        to("report", "report_id"),
        to("post", "post_id"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(8)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("checked_at", AT),
        sa.Column("checked_by", sa.BigInteger()),
        sa.Column("by_label", sa.String(240), nullable=False),
        sa.Column("event_id", sa.BigInteger()),
        sa.UniqueConstraint("campaign_id", "report_id"),
    )
    op.create_index("ix_campaign_item_post", "campaign_item", ["post_id", "campaign_id"])


def downgrade():
    for table in ("campaign_item", "campaign", "mediation"):
        op.drop_table(table)
    op.drop_column("report", "refer_due_at")
    op.drop_column("report", "refer_state")
