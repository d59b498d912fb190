"""The tables, as SQLAlchemy sees them; ``migrations/`` brings a database to them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

#: Constraint names that do not depend on the database, so that a migration can name them.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Moment(TypeDecorator[datetime]):
    """A time-zone-aware moment; SQLite knows no zones, so all are kept in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write it in UTC."""
        del dialect
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read it as UTC where the database gives no zone."""
        del dialect
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """The root of the tables."""

    metadata = MetaData(naming_convention=NAMING)


class PlanRow(Base):
    """A plan with what it answers and how it was found."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(_Moment, index=True)
    plant: Mapped[str] = mapped_column(Text)
    folder: Mapped[str] = mapped_column(Text)
    inputs_fingerprint: Mapped[str] = mapped_column(Text, index=True)
    seed: Mapped[int]
    versions: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    cost_money: Mapped[float]
    bound_money: Mapped[float]
    document: Mapped[str] = mapped_column(Text)
    bill: Mapped[list["BillLineRow"]] = relationship(
        order_by="BillLineRow.line", cascade="all, delete-orphan", lazy="raise"
    )


class BillLineRow(Base):
    """One line of a plan's bill, kept as columns so that bills can be summed over plans."""

    __tablename__ = "bill_lines"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    item: Mapped[str] = mapped_column(Text)
    quantity: Mapped[float]
    unit: Mapped[str] = mapped_column(Text)
    amount_money: Mapped[float]
