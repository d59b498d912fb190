"""Plans go into the archive whole, and come out as they went in."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from juli.core.errors import InputError, JuliError
from juli.core.grid import TimeGrid
from juli.plan import Bill, BillLine, Category, Dispatch, Leg, Plan, Run, Status, Stop, Trip
from juli.plan.document import to_document
from juli.store import PlanArchive, PlanRecord, default_url

MADE_AT = datetime(2023, 12, 17, 12, tzinfo=UTC)


def a_plan(seed: int = 7) -> Plan:
    schedule = TimeGrid(datetime(2023, 12, 18, tzinfo=UTC), timedelta(minutes=5), 24)
    settlement = TimeGrid(schedule.start, timedelta(minutes=15), 8)
    power = np.linspace(0.1, 99.7, 8)
    legs = (Leg("P", "A", 600.0, 900.5, ("s1",), (600.0,)), Leg("A", "P", 2100.5, 2500.0, ("s2",), (2100.5,)))
    return Plan(
        schedule=schedule,
        settlement=settlement,
        runs=(Run("O-1#1/SET/cut", "SAW", 0, 3), Run("O-1#1/SET/weld", "ROBOT", 3, 9)),
        dispatch=Dispatch(power, power * 0, power * 0, np.zeros(9)),
        trips=(Trip("T1", (Stop("A", 900.5, 2100.5, ("O-1",)),), legs),),
        bill=Bill((BillLine(Category.ENERGY, "peak", 12.5, "kWh", 13.37),)),
        status=Status.FEASIBLE,
        bound_money=10.0,
        seed=seed,
    )


def keep(archive: PlanArchive, plan: Plan) -> int:
    return archive.keep(
        plan,
        made_at=MADE_AT,
        plant="江南 works",
        folder="examples/tiny",
        inputs_fingerprint="f" * 64,
        versions={"juli": "0.1.0"},
        currency="CNY",
    )


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'deep' / 'plans.sqlite'}"


def test_a_plan_comes_out_as_it_went_in(url: str) -> None:
    plan = a_plan()
    with PlanArchive(url) as archive:
        number = keep(archive, plan)
    with PlanArchive(url) as archive:
        record, found = archive.find(number)
    assert to_document(found) == to_document(plan)
    assert record == PlanRecord(
        id=number,
        made_at=MADE_AT,
        plant="江南 works",
        folder="examples/tiny",
        inputs_fingerprint="f" * 64,
        seed=7,
        versions={"juli": "0.1.0"},
        status="feasible",
        currency="CNY",
        cost_money=13.37,
        bound_money=10.0,
    )


def test_the_newest_plans_come_first(url: str) -> None:
    with PlanArchive(url) as archive:
        numbers = [keep(archive, a_plan(seed)) for seed in (1, 2, 3)]
        newest = archive.records(limit=2)
    assert [record.id for record in newest] == numbers[:0:-1]
    assert [record.seed for record in newest] == [3, 2]


def test_a_missing_plan_is_named_with_the_newest(url: str) -> None:
    with PlanArchive(url) as archive:
        keep(archive, a_plan())
        with pytest.raises(InputError, match=r"no plan 999999; the newest is \d+"):
            archive.find(999999)


def test_the_sqlite_store_keeps_a_write_ahead_log(tmp_path: Path) -> None:
    file = tmp_path / "plans.sqlite"
    with PlanArchive(f"sqlite:///{file}") as archive:
        keep(archive, a_plan())
    assert sqlite3.connect(file).execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_store_of_a_newer_juli_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plans.sqlite"
    PlanArchive(f"sqlite:///{file}").close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(JuliError, match="newer Juli"):
        PlanArchive(f"sqlite:///{file}")


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "plans.sqlite"
    file.write_text("my notes, not a database at all; " * 100)
    with pytest.raises(InputError, match="can't be opened"):
        PlanArchive(f"sqlite:///{file}")
    assert file.read_text().startswith("my notes")


def test_a_text_that_is_no_url_is_refused() -> None:
    with pytest.raises(InputError, match="no database URL"):
        PlanArchive("plans.sqlite")


def test_the_store_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JULI_STORE", "sqlite:////somewhere/plans.sqlite")
    assert default_url() == "sqlite:////somewhere/plans.sqlite"
    monkeypatch.delenv("JULI_STORE")
    assert default_url().endswith(".juli/plans.sqlite")
