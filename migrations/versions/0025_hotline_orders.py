"""12345 work orders, and where a report came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def common():
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("county_id", sa.String(6), nullable=False),
    )


def upgrade():
    op.add_column("report", sa.Column("source", sa.String(8), nullable=False, server_default=sa.text("'product'")))
    op.create_table(
        "hotline_order",
        *common(),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("received_at", AT, nullable=False),
        sa.Column("due_at", AT),
        sa.Column("category", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(60)),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("estate_id", sa.BigInteger(), sa.ForeignKey("estate.id")),
        sa.Column("township_id", sa.BigInteger(), sa.ForeignKey("body.id")),
        sa.Column("report_id", sa.BigInteger(), sa.ForeignKey("report.id")),
        sa.Column("joined", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("maybe_id", sa.BigInteger(), sa.ForeignKey("report.id")),
        sa.Column("history", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("urged_at", AT),
        sa.Column("supervised_at", AT),
        sa.Column("exported_at", AT),
        sa.Column("created_at", AT, nullable=False),
        sa.UniqueConstraint("county_id", "number", name="uq_hotline_order_county_id_number"),
    )
    op.create_index("ix_hotline_order_received", "hotline_order", ["county_id", "received_at"])
    for short, column in (("report", "report_id"), ("maybe", "maybe_id")):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_hotline_order_{short}", "hotline_order", [column], postgresql_where=there)
    op.create_table(
        "hotline_column",
        *common(),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("heading", sa.String(200), nullable=False),
        sa.UniqueConstraint("county_id", "field", name="uq_hotline_column_county_id_field"),
    )
    op.create_table(
        "hotline_name",
        *common(),
        sa.Column("written", sa.String(120), nullable=False),
        sa.Column("estate_id", sa.BigInteger(), sa.ForeignKey("estate.id")),
        sa.Column("kind", sa.String(60)),
        sa.Column("by_person_id", sa.BigInteger()),
        sa.Column("at", AT, nullable=False),
    )
    for short, column in (("estate", "estate_id"), ("kind", "kind")):
        there = sa.text(f"{column} IS NOT NULL")
        name = f"uq_hotline_name_{short}"
        op.create_index(name, "hotline_name", ["county_id", "written"], unique=True, postgresql_where=there)
    op.create_table(
        "hotline_draft",
        *common(),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("table_sealed", sa.Text(), nullable=False),
        sa.Column("done", JSONB(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
    )
    op.create_index("ix_hotline_draft_person_id", "hotline_draft", ["person_id"])
    op.create_table(
        "hotline_month",
        *common(),
        sa.Column("township_id", sa.BigInteger(), sa.ForeignKey("body.id")),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("by_person_id", sa.BigInteger()),
        sa.Column("at", AT, nullable=False),
        sa.UniqueConstraint(
            "county_id",
            "township_id",
            "year",
            "month",
            name="uq_hotline_month_county_id_township_id_year_month",
            postgresql_nulls_not_distinct=True,
        ),
    )


def downgrade():
    for table in ("hotline_month", "hotline_draft", "hotline_name", "hotline_column", "hotline_order"):
        op.drop_table(table)
    op.drop_column("report", "source")
