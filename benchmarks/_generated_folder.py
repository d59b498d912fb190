"""A generated works as a plant's folder, for what is measured through the whole program.

The shop is that of ``benchmarks.generated_works``: 60 machines on three lines, a week of 5-minute slots,
about eight operations an order, and durations by which the week is equally full whatever the number of
orders. Here it is a catalogue of 48 sets that orders are drawn from, with wages by shift, bars to cut,
customers on the example's road map, and the example's contract, sun and battery behind the meter.
"""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
import yaml

from benchmarks.generated_works import COLOURS, KINDS, LINES

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "switchgear"
MONDAY = datetime(2023, 12, 18)  # noqa: DTZ001 - a plant's files tell local time
CATALOGUE = 48
CREW = ("assemble", "wire", "test")
#: People at a machine of each kind; the rest runs by itself.
OPERATORS = {"assemble": 2.0, "wire": 1.0, "test": 1.0, "coat": 1.0}
#: A truck for so many orders, and bars for one [mm].
ORDERS_A_TRUCK, BARS_MM = 170, (5990, 6000, 6010, 6025)


class _Plain(yaml.SafeDumper):
    """Writes YAML without aliases, which a plant file has none of."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def write_folder(folder: Path, orders: int, seed: int, *, days: int = 7) -> Path:
    """Draw a works with so many orders and write its files."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    plant = _plant(rng, min(1000 / orders, 3.0), days)
    trucks = plant["transport"]["trucks"]
    plant["transport"]["trucks"] = [
        trucks[at % 2] | {"id": f"truck-{at + 1}"} for at in range(max(2, round(orders / ORDERS_A_TRUCK)))
    ]
    text = yaml.dump(plant, Dumper=_Plain, allow_unicode=True, sort_keys=False)
    (folder / "plant.yaml").write_text(text, "utf-8")
    copyfile(EXAMPLE / "roads.geojson", folder / "roads.geojson")
    sites = [site["id"] for site in plant["transport"]["sites"]]
    rows = []
    for number in range(orders):
        hours = int(rng.integers(0, 72))
        rows.append(
            (
                f"SO-{number + 1:04d}",
                f"SET-{int(rng.integers(CATALOGUE)):02d}",
                1,
                (MONDAY + timedelta(hours=hours)).isoformat(timespec="minutes"),
                (MONDAY + timedelta(hours=hours + int(rng.integers(24, 96)))).isoformat(timespec="minutes"),
                "" if rng.random() < 0.05 else str(rng.choice(sites)),
                int(rng.integers(5, 40)),
            )
        )
    head = ("order", "product", "quantity", "release", "due", "site", "lateness_per_hour")
    _table(folder / "orders.csv", [head, *rows])
    _table(folder / "forecast.csv", [("time", "base_load_kw", "solar_kw"), *_forecast(rng, days)])
    bars = [(f"profile-{length}", "profile", length, 3 * orders) for length in BARS_MM]
    _table(folder / "stock.csv", [("bar", "material", "length_mm", "quantity"), *bars])
    return folder


def _table(path: Path, rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _plant(rng: np.random.Generator, scale: float, days: int) -> dict[str, Any]:
    example = yaml.safe_load((EXAMPLE / "plant.yaml").read_text(encoding="utf-8"))
    products = [product for number in range(CATALOGUE) for product in _set(rng, number, scale)]
    return {
        "name": "Generated works",
        "currency": "CNY",
        "time_zone": "Asia/Shanghai",
        "planning": {"start": MONDAY.isoformat(), "days": days, "step_minutes": 5, "settlement_minutes": 15},
        "calendars": {
            "automatic": {"shifts": _shifts([("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00")])},
            "crew": {"shifts": _shifts([("06:00", "14:00"), ("14:00", "22:00")])},
        },
        "machines": [
            _machine(kind, line, number)
            for line in range(LINES)
            for kind, (count, _, _) in KINDS.items()
            for number in range(count)
        ],
        "resources": [{"id": "wiremen", "amount": 8}],
        "transfers": {"between_lines_minutes": 15},
        "materials": [{"id": "profile", "kerf_mm": 2.5, "end_trim_mm": 20, "least_offcut_mm": 700}],
        "products": products,
        "grid": {key: one for key, one in example["grid"].items() if key != "import_limit_kw"},
        "solar": {"capacity_kw": 1500},
        "battery": example["battery"],
        "transport": example["transport"],
    }


def _shifts(hours: list[tuple[str, str]]) -> list[dict[str, Any]]:
    wages = (44, 45, 47)
    every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    shifts: list[dict[str, Any]] = [
        {"from": begin, "to": end, "days": every, "wage_per_hour": wage}
        for (begin, end), wage in zip(hours, wages, strict=False)
    ]
    if len(hours) == 2:
        shifts[0]["breaks"] = [{"from": "11:00", "to": "11:30"}]
    return shifts


def _machine(kind: str, line: int, number: int) -> dict[str, Any]:
    power: dict[str, float] = {"running_kw": KINDS[kind][1]}
    machine: dict[str, Any] = {
        "id": f"L{line + 1}-{kind}-{number + 1}",
        "line": f"L{line + 1}",
        "kind": kind,
        "calendar": "crew" if kind in CREW else "automatic",
        "operators": OPERATORS.get(kind, 0.3),
    }
    if kind == "coat":
        power["setup_kw"] = 6.0
        machine["setups"] = {"otherwise_minutes": 10}
    if kind == "cure":
        power |= {"idle_kw": 60.0, "off_kw": 2.0, "warm_up_minutes": 40, "warm_up_kw": 170.0}
        machine["batch"] = {"capacity": 8}
    return machine | {"power": power}


def _set(rng: np.random.Generator, number: int, scale: float) -> list[dict[str, Any]]:
    """A set and its parts: a frame, and for some panels that are cut and bent beside it."""
    home, colour = int(rng.integers(LINES)), int(rng.integers(COLOURS))
    frame = ["cut", "bend", "weld", "pretreat", "coat", "cure"]
    panels = rng.random() < 0.3
    steps = frame if panels else frame[: int(rng.choice([6, 6, 3]))]
    parts = [
        {"id": f"FRAME-{number:02d}", "routing": [_step(rng, one, home, colour, scale) for one in steps]}
    ]
    lengths = rng.integers(60, 440, 3) * 5
    parts[0]["routing"][0]["cuts"] = [
        {"material": "profile", "length_mm": int(length), "quantity": 4} for length in lengths
    ]
    if panels:
        routing = [_step(rng, one, home, colour, scale) for one in ("cut", "bend")]
        parts.append({"id": f"PANELS-{number:02d}", "routing": routing})
    made = {
        "id": f"SET-{number:02d}",
        "bill_of_materials": [{"product": part["id"]} for part in parts],
        "routing": [_step(rng, one, home, colour, scale) for one in CREW],
        "weight_kg": 400,
        "volume_m3": 2.3,
        "lead_price_per_hour": 1.2,
    }
    return [made, *parts]


def _step(rng: np.random.Generator, kind: str, home: int, colour: int, scale: float) -> dict[str, Any]:
    count, _, mean = KINDS[kind]
    lines = {home} if rng.random() < 0.7 else {home, int(rng.integers(LINES))}
    step: dict[str, Any] = {
        "operation": kind,
        "machines": [f"L{line + 1}-{kind}-{one + 1}" for line in sorted(lines) for one in range(count)],
        "minutes_per_unit": 5 * max(round(scale * mean * float(rng.uniform(0.5, 1.5))), 1),
    }
    if kind in ("coat", "cure"):
        step |= {"family": f"colour-{colour}", "most_wait_minutes": 240 if kind == "coat" else 90}
    if kind == "cure":
        step |= {"minutes_per_unit": 0, "batch_minutes": 35, "load_per_unit": float(rng.integers(1, 4)) / 2}
    if kind in ("assemble", "wire"):
        step["pausable"] = True
    if kind == "wire":
        step["needs"] = {"wiremen": 1}
    return step


def _forecast(rng: np.random.Generator, days: int) -> list[tuple[str, float, float]]:
    rows = []
    clouds = rng.uniform(0.3, 1.0, days)
    for slot in range(days * 96):
        hour = slot % 96 / 4
        sun_kw = 1500.0 * max(float(np.sin((hour - 6) / 12 * np.pi)), 0.0) * clouds[slot // 96]
        moment = MONDAY + timedelta(minutes=15 * slot)
        load_kw = 260.0 if 6 <= hour < 22 else 180.0
        rows.append((moment.isoformat(timespec="minutes"), load_kw, round(sun_kw, 1)))
    return rows
