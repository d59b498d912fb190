"""The archive: plans go in whole or not at all, and come out as they went in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import alembic.command
import alembic.config
import alembic.runtime.migration
import alembic.script
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from juli.core.errors import InputError, JuliError, MissingExtraError
from juli.plan.document import PlanDocument, from_document, to_document
from juli.plan.result import Plan
from juli.store.schema import BillLineRow, PlanRow

#: Names the database of this user, where the command does not.
URL_VARIABLE = "JULI_STORE"


def default_url() -> str:
    """The database that is used when none is named: ``$JULI_STORE``, else a file in the home folder."""
    return os.environ.get(URL_VARIABLE) or f"sqlite:///{Path.home() / '.juli' / 'plans.sqlite'}"


@dataclass(frozen=True)
class PlanRecord:
    """What the archive knows of a plan without opening it.

    Parameters
    ----------
    id
        The number to find it by.
    made_at
        When it was kept, time-zone aware.
    plant, folder
        Whose plan, and where its files stood.
    inputs_fingerprint
        The same for plans of the same question.
    seed, versions
        What the solvers drew on, and which they were.
    status, currency, cost_money, bound_money
        What came out.
    """

    id: int
    made_at: datetime
    plant: str
    folder: str
    inputs_fingerprint: str
    seed: int
    versions: Mapping[str, Any]
    status: str
    currency: str
    cost_money: float
    bound_money: float


class PlanArchive:
    """Plans in a database, which is brought to today's tables when it is opened.

    Parameters
    ----------
    url
        An SQLAlchemy URL: ``sqlite:///plans.sqlite`` or ``postgresql+psycopg://user@host/name``.

    Raises
    ------
    InputError
        If the URL can't be read or the database not be opened.
    MissingExtraError
        If the database's driver is not installed.
    """

    def __init__(self, url: str):
        self._engine = _engine(url)
        try:
            with self._engine.begin() as connection:
                _upgrade(connection)
        except sa.exc.SQLAlchemyError as error:
            self._engine.dispose()
            raise InputError(
                f"the plan store {_shown(url)} can't be opened: {error.__cause__ or error}"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def keep(
        self,
        plan: Plan,
        *,
        made_at: datetime,
        plant: str,
        folder: str,
        inputs_fingerprint: str,
        versions: Mapping[str, str],
        currency: str,
    ) -> int:
        """Keep a plan in one transaction, and give the number to find it by."""
        row = PlanRow(
            made_at=made_at,
            plant=plant,
            folder=folder,
            inputs_fingerprint=inputs_fingerprint,
            seed=plan.seed,
            versions=dict(versions),
            status=plan.status.value,
            currency=currency,
            cost_money=plan.bill.total_money,
            bound_money=plan.bound_money,
            document=to_document(plan).model_dump_json(),
            bill=[
                BillLineRow(
                    line=number,
                    category=line.category.value,
                    item=line.item,
                    quantity=line.quantity,
                    unit=line.unit,
                    amount_money=line.amount_money,
                )
                for number, line in enumerate(plan.bill.lines, start=1)
            ],
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)
            session.flush()
            return row.id

    def records(self, limit: int = 50) -> list[PlanRecord]:
        """The newest plans, newest first, unopened."""
        columns = [getattr(PlanRow, name) for name in PlanRecord.__dataclass_fields__]
        query = sa.select(*columns).order_by(PlanRow.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [PlanRecord(**row) for row in connection.execute(query).mappings()]

    def find(self, plan_id: int) -> tuple[PlanRecord, Plan]:
        """Find a plan by its number.

        Raises
        ------
        InputError
            If there is none of that number.
        """
        with Session(self._engine) as session:
            row = session.get(PlanRow, plan_id)
            if row is None:
                newest = session.scalar(sa.select(sa.func.max(PlanRow.id)))
                there = f"the newest is {newest}" if newest else "it is empty"
                raise InputError(f"the plan store has no plan {plan_id}; {there}")
            record = PlanRecord(**{name: getattr(row, name) for name in PlanRecord.__dataclass_fields__})
            return record, from_document(PlanDocument.model_validate_json(row.document))


def _engine(url: str) -> Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(parsed)
    except sa.exc.ArgumentError as error:
        raise InputError(f"{url!r} is no database URL; an example is sqlite:///plans.sqlite") from error
    except ModuleNotFoundError as error:
        raise MissingExtraError("postgres", f"the plan store {_shown(url)}") from error
    except OSError as error:
        raise InputError(f"the plan store's folder can't be made: {error}") from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _shown(url: str) -> str:
    return sa.make_url(url).render_as_string(hide_password=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Keep a write-ahead log: readers don't wait, and a killed writer loses nothing that was kept."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _upgrade(connection: sa.Connection) -> None:
    """Bring the database to today's tables; refuse one that a newer Juli made."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    scripts = alembic.script.ScriptDirectory.from_config(config)
    current = alembic.runtime.migration.MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise JuliError(f"the plan store was made by a newer Juli (its tables are {current}); update Juli")
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")
