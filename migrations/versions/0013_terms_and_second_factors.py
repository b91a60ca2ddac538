"""terms that run out, second factors, links that bind a WeChat."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WECHAT = "ended_at IS NULL AND person_id IS NOT NULL AND channel = 'mp_template'"


def upgrade():
    op.add_column("person", sa.Column("totp_sealed", sa.String(length=400), nullable=True))
    op.add_column("person", sa.Column("totp_since_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("code_index", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("county_id", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_index", name=op.f("uq_recovery_code_code_index")),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])
    op.add_column("holding", sa.Column("until_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("holding", sa.Column("stands_in_for", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_holding_stands_in_for_person"), "holding", "person", ["stands_in_for"], ["id"]
    )
    op.create_index(
        "ix_holding_running_out",
        "holding",
        ["until_at"],
        postgresql_where=sa.text("ended_at IS NULL AND until_at IS NOT NULL"),
    )
    op.add_column(
        "invitation",
        sa.Column("purpose", sa.String(length=8), server_default=sa.text("'password'"), nullable=False),
    )
    op.create_index(
        "uq_address_staff_wechat",
        "address",
        ["county_id", "channel", "target_index"],
        unique=True,
        postgresql_where=sa.text(WECHAT),
    )


def downgrade():
    op.drop_index("uq_address_staff_wechat", table_name="address")
    op.drop_column("invitation", "purpose")
    op.drop_index("ix_holding_running_out", table_name="holding")
    op.drop_constraint(op.f("fk_holding_stands_in_for_person"), "holding", type_="foreignkey")
    op.drop_column("holding", "stands_in_for")
    op.drop_column("holding", "until_at")
    op.drop_table("recovery_code")
    for name in ("totp_step", "totp_since_at", "totp_sealed"):
        op.drop_column("person", name)
