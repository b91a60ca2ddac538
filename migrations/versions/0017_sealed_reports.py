"""Sealed reports: what one body alone may know, in tables of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sealed_key",
        sa.Column("body_id", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("county_id", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_sealed_key_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_key")),
    )
    op.create_index(
        "uq_sealed_key_body",
        "sealed_key",
        ["body_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "sealed_report",
        sa.Column("no", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("body_id", sa.BigInteger(), nullable=False),
        sa.Column("book_version", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=True),
        sa.Column("owner_hash", sa.String(length=64), nullable=False),
        sa.Column("device_index", sa.String(length=64), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_hash", sa.String(length=64), nullable=False),
        sa.Column("again_hash", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sweep_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("county_id", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_sealed_report_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_report")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_sealed_report_key_hash")),
        sa.UniqueConstraint("no", name=op.f("uq_sealed_report_no")),
        sa.UniqueConstraint("owner_hash", name=op.f("uq_sealed_report_owner_hash")),
    )
    op.create_index("ix_sealed_report_body", "sealed_report", ["body_id", "due_at", "id"], unique=False)
    op.create_index(
        "ix_sealed_report_device",
        "sealed_report",
        ["device_index"],
        unique=False,
        postgresql_where=sa.text("device_index IS NOT NULL"),
    )
    op.create_index(
        "ix_sealed_report_sweep",
        "sealed_report",
        ["sweep_at", "id"],
        unique=False,
        postgresql_where=sa.text("sweep_at IS NOT NULL"),
    )
    op.create_table(
        "sealed_event",
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("by_kind", sa.String(length=12), nullable=False),
        sa.Column("by_person_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("county_id", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["sealed_report.id"], name=op.f("fk_sealed_event_report_id_sealed_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_event")),
    )
    op.create_index("ix_sealed_event_report", "sealed_event", ["report_id", "id"], unique=False)
    op.create_table(
        "sealed_photo",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("county_id", sa.String(length=6), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["sealed_event.id"], name=op.f("fk_sealed_photo_event_id_sealed_event")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["sealed_report.id"], name=op.f("fk_sealed_photo_report_id_sealed_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_photo")),
    )
    op.create_index("ix_sealed_photo_report", "sealed_photo", ["report_id"], unique=False)


def downgrade():
    op.drop_table("sealed_photo")
    op.drop_table("sealed_event")
    op.drop_table("sealed_report")
    op.drop_table("sealed_key")
