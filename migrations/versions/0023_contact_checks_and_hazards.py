"""the contact step, checks by a second body, dangers, and who stands in for a company."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
REPORT = (
    sa.Column("contact_due_at", AT),
    sa.Column("check_due_at", AT),
    sa.Column("checked_at", AT),
    sa.Column("hazard_step", sa.String(12)),
    sa.Column("hazard_due_at", AT),
    sa.Column("called_first", sa.Boolean(), server_default=sa.text("false"), nullable=False),
)
ESTATE = (
    sa.Column("stand_kind", sa.String(20)),
    sa.Column("stand_name", sa.String(80)),
    sa.Column("stand_phone", sa.String(40)),
)


def upgrade():
    for column in REPORT:
        op.add_column("report", column._copy())
    for column in ESTATE:
        op.add_column("estate", column._copy())
    op.create_table(
        "hazard",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("county_id", sa.String(6), nullable=False),
        sa.Column("report_id", sa.BigInteger(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("event_id", sa.BigInteger(), sa.ForeignKey("report_event.id"), nullable=False),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("until_at", AT),
        sa.Column("result", sa.String(12), nullable=False),
        sa.Column("by_label", sa.String(240), nullable=False),
    )
    op.create_index("ix_hazard_report", "hazard", ["report_id", "id"])


def downgrade():
    op.drop_table("hazard")
    for table, columns in (("estate", ESTATE), ("report", REPORT)):
        for column in columns:
            op.drop_column(table, column.name)
