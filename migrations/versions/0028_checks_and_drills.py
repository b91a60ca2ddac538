"""What the checker of "nothing lost" found, and how long each day's drill took."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
NUMBERS = ("report_id", "event_id", "repaired", "lost")


def upgrade():
    op.create_table(
        "check_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in NUMBERS),
        sa.Column("found", JSONB(), nullable=False),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_check_run_at", "check_run", ["at"])
    op.create_table(
        "drill_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("county_id", sa.String(6), nullable=False),
        sa.Column("drill_on", sa.Date(), nullable=False),
        sa.Column("report_id", sa.BigInteger()),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("started_at", AT, nullable=False),
        sa.Column("committed_at", AT),
        sa.Column("ended_at", AT),
        sa.Column("took", JSONB(), nullable=False),
        sa.UniqueConstraint("county_id", "drill_on", name="uq_drill_run_county_id_drill_on"),
    )


def downgrade():
    op.drop_table("drill_run")
    op.drop_table("check_run")
