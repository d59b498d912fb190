"""Plans and their bills."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plant", sa.Text, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("inputs_fingerprint", sa.Text, nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("cost_money", sa.Float, nullable=False),
        sa.Column("bound_money", sa.Float, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_made_at", "plans", ["made_at"])
    op.create_index("ix_plans_inputs_fingerprint", "plans", ["inputs_fingerprint"])
    op.create_table(
        "bill_lines",
        sa.Column("plan_id", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("quantity", sa.Float, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("amount_money", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "line", name="pk_bill_lines"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name="fk_bill_lines_plan_id_plans", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Take the two tables away."""
    op.drop_table("bill_lines")
    op.drop_table("plans")
