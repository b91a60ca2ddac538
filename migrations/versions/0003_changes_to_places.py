"""changes to places."""

import sqlalchemy as sa
from alembic import op
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('place_change',
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_person_id', sa.BigInteger(), nullable=True),
    sa.Column('act', sa.String(length=24), nullable=False),
    sa.Column('estate_id', sa.BigInteger(), nullable=True),
    sa.Column('detail', sa.String(length=400), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('county_id', sa.String(length=6), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place_change'))
    )
    op.create_index('ix_place_change_estate', 'place_change', ['estate_id', 'id'], unique=False)
    op.create_table('import_draft',
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('township', sa.String(length=80), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('county_id', sa.String(length=6), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_import_draft_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_draft'))
    )
    op.create_index(op.f('ix_import_draft_person_id'), 'import_draft', ['person_id'], unique=False)
    op.alter_column('body', 'name',
               existing_type=sa.VARCHAR(length=80),
               type_=sa.String(length=180),
               existing_nullable=False)
    op.alter_column('company', 'name',
               existing_type=sa.VARCHAR(length=80),
               type_=sa.String(length=100),
               existing_nullable=False)
    op.alter_column('estate', 'remark',
               existing_type=sa.VARCHAR(length=400),
               type_=sa.String(length=500),
               existing_nullable=True)
    op.alter_column('project', 'nature',
               existing_type=sa.VARCHAR(length=20),
               type_=sa.String(length=60),
               existing_nullable=True)
    op.alter_column('project', 'services',
               existing_type=sa.VARCHAR(length=400),
               type_=sa.String(length=500),
               existing_nullable=True)
    op.alter_column('project', 'manager_name',
               existing_type=sa.VARCHAR(length=40),
               type_=sa.String(length=60),
               existing_nullable=True)
    op.alter_column('project', 'manager_phone',
               existing_type=sa.VARCHAR(length=40),
               type_=sa.String(length=60),
               existing_nullable=True)
    op.alter_column('report_event', 'by_label',
               existing_type=sa.VARCHAR(length=120),
               type_=sa.String(length=240),
               existing_nullable=False)


def downgrade():
    op.alter_column('report_event', 'by_label',
               existing_type=sa.String(length=240),
               type_=sa.VARCHAR(length=120),
               existing_nullable=False)
    op.alter_column('project', 'manager_phone',
               existing_type=sa.String(length=60),
               type_=sa.VARCHAR(length=40),
               existing_nullable=True)
    op.alter_column('project', 'manager_name',
               existing_type=sa.String(length=60),
               type_=sa.VARCHAR(length=40),
               existing_nullable=True)
    op.alter_column('project', 'services',
               existing_type=sa.String(length=500),
               type_=sa.VARCHAR(length=400),
               existing_nullable=True)
    op.alter_column('project', 'nature',
               existing_type=sa.String(length=60),
               type_=sa.VARCHAR(length=20),
               existing_nullable=True)
    op.alter_column('estate', 'remark',
               existing_type=sa.String(length=500),
               type_=sa.VARCHAR(length=400),
               existing_nullable=True)
    op.alter_column('company', 'name',
               existing_type=sa.String(length=100),
               type_=sa.VARCHAR(length=80),
               existing_nullable=False)
    op.alter_column('body', 'name',
               existing_type=sa.String(length=180),
               type_=sa.VARCHAR(length=80),
               existing_nullable=False)
    op.drop_index(op.f('ix_import_draft_person_id'), table_name='import_draft')
    op.drop_table('import_draft')
    op.drop_index('ix_place_change_estate', table_name='place_change')
    op.drop_table('place_change')
