"""The published bill of EPRI DER-VET's bill-reduction case, before battery and solar."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from juli.core.grid import TimeGrid
from juli.plant.tariffs import LineKind, bill, load_tariff


def tariff_of(rows: list[dict[str, str]]) -> dict[str, Any]:
    """Their table: energy prices by months, hours ending and weekday (1 weekday, 0 weekend)."""
    energy = [row for row in rows if row["Charge"] == "Energy"]
    (demand,) = (row for row in rows if row["Charge"] == "Demand")
    return {
        "name": "dervet",
        "currency": "USD",
        "time_zone": "Etc/GMT+8",
        "periods": {row["Billing Period"]: float(row["Value"]) for row in energy},
        "schedule": {
            row["Billing Period"]: {
                "period": row["Billing Period"],
                "months": list(range(int(row["Start Month"]), int(row["End Month"]) + 1)),
                "days": "weekdays" if row["Weekday?"] == "1" else "weekends",
                "hours": f"{int(row['Start Time']) - 1:02}:00-{int(row['End Time']):02}:00",
            }
            for row in energy
        },
        "demand_charges": [{"name": "demand", "price": float(demand["Value"])}],
        "demand_interval_minutes": 60,
    }


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_months_energy_and_demand_charge_is_the_published_one(shared_data: Path) -> None:
    case = shared_data / "dervet_bill"
    load_kw = np.asarray([float(row["Site Load (kW)"]) for row in read(case / "timeseries.csv")])
    start = datetime(2017, 1, 1, tzinfo=ZoneInfo("Etc/GMT+8"))
    grid = TimeGrid(start, timedelta(hours=1), load_kw.size)
    billed = bill(load_kw, grid, load_tariff(tariff_of(read(case / "tariff.csv"))))
    published = read(case / "simple_monthly_bill.csv")
    assert [month.month for month in billed.months] == [row["Month-Year"] for row in published]
    for month, row in zip(billed.months, published, strict=True):
        # Each of a month's few lines is rounded to the cent on its own.
        assert month.money_of(LineKind.ENERGY) == pytest.approx(
            float(row["Original Energy Charge ($)"]), abs=0.025
        )
        assert month.money_of(LineKind.DEMAND) == float(row["Original Demand Charge ($)"])
