"""the job queue."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    # The queue's own tables and functions, as the pinned release of procrastinate brings them.
    op.get_bind().connection.driver_connection.execute(SchemaManager.get_schema())


def downgrade():
    bind = op.get_bind()
    for kind, sql in (
        ("FUNCTION", "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.proname LIKE 'procrastinate_%%'"),
        ("TABLE", "SELECT tablename FROM pg_tables WHERE tablename LIKE 'procrastinate_%%'"),
        ("TYPE", "SELECT typname FROM pg_type WHERE typname LIKE 'procrastinate_%%' AND typtype IN ('e', 'c')"),
    ):
        for (name,) in bind.exec_driver_sql(sql).all():
            bind.exec_driver_sql(f"DROP {kind} IF EXISTS {name} CASCADE")
