"""Small random plants that can be planned, for properties that hold for all of them."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import strategies as st

from juli.core.grid import TimeGrid
from juli.plant.demand import Demand, Forecast, Order
from juli.plant.demand_charge import DemandTerms
from juli.plant.factory import Plant
from juli.solve.day import Day

START = datetime(2023, 12, 18, tzinfo=UTC)


def _hours(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(int(low * 4), int(high * 4)).map(lambda quarter: quarter / 4)


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A day of one to four orders on two or three machines, with or without battery and solar."""
    machines = [
        {
            "id": f"M{number}",
            "line": draw(st.sampled_from(["A", "B"])),
            "calendar": draw(st.sampled_from(["always", "shifts"])),
            "power": {"running_kw": draw(st.integers(1, 90)), "idle_kw": draw(st.integers(0, 1))},
            "operators": draw(st.sampled_from([0, 0.5, 2])),
            "speed": draw(st.sampled_from([0.8, 1.0])),
        }
        for number in range(draw(st.integers(2, 3)))
    ]
    ids = [machine["id"] for machine in machines]
    steps = st.fixed_dictionaries(
        {
            "machines": st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True),
            "minutes_per_unit": st.integers(5, 50),
            "pausable": st.booleans(),
        }
    )

    def routing() -> list[dict[str, object]]:
        found = draw(st.lists(steps, min_size=1, max_size=2))
        return [{"operation": f"s{number}", **step} for number, step in enumerate(found)]

    plant = Plant.model_validate(
        {
            "name": "random works",
            "time_zone": "UTC",
            "planning": {"start": START, "days": 3, "step_minutes": 5, "settlement_minutes": 15},
            "calendars": {
                "always": {
                    "shifts": [{"days": list(_WEEK), "from": "00:00", "to": "00:00", "wage_per_hour": 30}]
                },
                "shifts": {
                    "shifts": [
                        {"days": list(_WEEK), "from": "06:00", "to": "14:00", "wage_per_hour": 40},
                        {
                            "days": list(_WEEK),
                            "from": "14:00",
                            "to": "22:00",
                            "wage_per_hour": 44,
                            "breaks": [{"from": "18:00", "to": "18:30"}],
                        },
                    ]
                },
            },
            "machines": machines,
            "products": [
                {
                    "id": "SET",
                    "bill_of_materials": [{"product": "PART"}],
                    "routing": routing(),
                    "lot_size": 2,
                },
                {"id": "PART", "routing": routing()},
            ],
            "grid": {"tariff": "flat", "import_limit_kw": draw(st.sampled_from([None, 2000]))},
            "solar": draw(st.sampled_from([None, {"capacity_kw": 50}])),
            "battery": draw(st.none() | _batteries()),
        }
    )
    return Day(plant, _demand(draw, plant), "random")


_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _batteries() -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries(
        {
            "charge_kw": st.sampled_from([0, 20, 40]),
            "discharge_kw": st.sampled_from([20, 40]),
            "energy_kwh": st.sampled_from([30, 120]),
            "charge_efficiency": st.sampled_from([1.0, 0.95]),
            "discharge_efficiency": st.sampled_from([1.0, 0.9]),
            "self_discharge_per_hour": st.sampled_from([0.0, 0.002]),
            "wear_per_kwh": st.sampled_from([0.0, 0.03]),
            "start_kwh": st.sampled_from([0, 15]),
        }
    )


def _demand(draw: st.DrawFn, plant: Plant) -> Demand:
    settlement = TimeGrid(START, timedelta(minutes=15), 3 * 96)
    hour = np.arange(settlement.slots) / 4 % 24
    solar = np.maximum(np.sin((hour - 6) / 12 * np.pi), 0) * 50 if plant.solar else np.zeros(settlement.slots)
    buy = np.where(hour < 8, 0.3, np.where(hour < 17, 0.65, 1.1))
    orders = tuple(
        Order(
            id=f"O{number}",
            product=draw(st.sampled_from(["SET", "PART"])),
            quantity=draw(st.integers(1, 3)),
            release=START + timedelta(hours=draw(_hours(0, 12))),
            due=START + timedelta(hours=draw(_hours(13, 70))),
            lateness_per_hour=draw(st.sampled_from([0.0, 7.5, 100.0])),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    return Demand(
        schedule=plant.schedule_grid(settlement),
        settlement=settlement,
        orders=orders,
        forecast=Forecast(
            base_load_kw=np.full(settlement.slots, float(draw(st.integers(0, 60)))),
            solar_kw=solar,
            buy=buy,
            sell=np.full(settlement.slots, draw(st.sampled_from([0.0, 0.2]))),
            period=np.where(hour < 8, "valley", np.where(hour < 17, "flat", "peak")),
        ),
        demand_month=np.zeros(settlement.slots, dtype=np.int64),
        demand_terms=(
            DemandTerms("2023-12", draw(st.sampled_from([0.0, 40.0])), draw(st.sampled_from([0.0, 60.0]))),
        ),
    )
