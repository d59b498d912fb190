"""``plan.json``: a plan as a document with a published schema, and back again.

Moments are written in ISO 8601 with their offset, so that the document can be read without the plant.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from juli.core.files import write_text
from juli.core.grid import TimeGrid
from juli.plan.bars import BarCut, BarPiece
from juli.plan.result import Bill, BillLine, Category, Dispatch, Leg, Plan, Run, Status, Stop, Trip


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RunPart(_Part):
    """One operation on one machine, from ``start`` to ``end``."""

    operation: str
    machine: str
    start: datetime
    end: datetime


class DispatchPart(_Part):
    """Mean power by settlement slot [kW]; ``stored_kwh`` at the slots' boundaries, one value more."""

    grid_kw: list[float]
    solar_kw: list[float]
    battery_kw: list[float]
    stored_kwh: list[float]


class LegPart(_Part):
    """A drive between two junctions; times in seconds after the plan's start."""

    from_junction: str
    to_junction: str
    departure_seconds: float
    arrival_seconds: float
    segments: list[str]
    entered_seconds: list[float]


class StopPart(_Part):
    """A visit to a site; times in seconds after the plan's start."""

    site: str
    begin_seconds: float
    end_seconds: float
    orders: list[str]
    fetched: list[str] = Field(default=[], description="pick-ups that are taken along")


class TripPart(_Part):
    """A truck's round from the plant's gate and back."""

    truck: str
    departure: datetime
    back: datetime
    stops: list[StopPart]
    legs: list[LegPart]


class BarPiecePart(_Part):
    """One piece and the operation that it is for."""

    operation: str
    length_mm: float


class BarCutPart(_Part):
    """One bar, the operation in whose run it is cut, and what it is cut into; lengths in millimetres."""

    bar: str
    material: str
    length_mm: float
    operation: str
    machine: str
    pieces: list[BarPiecePart] = Field(description="in the order of the cuts")
    offcut_mm: float = Field(description="what returns to stock; 0 where the rest is scrap")
    offcut: str = Field(description="the id under which it returns; empty where nothing does")


class BillLinePart(_Part):
    """One line of the bill."""

    category: Category
    item: str
    quantity: float
    unit: str
    amount_money: float


class PlanDocument(_Part):
    """A plan of Juli's; signs: import, discharge, solar and consumption are positive."""

    format_version: Literal[1] = 1
    time_zone: str
    start: datetime
    end: datetime
    step_minutes: float = Field(description="runs begin and end on this grid")
    settlement_minutes: float = Field(description="length of a dispatch slot")
    status: Status
    seed: int
    cost_money: float
    bound_money: float
    gap: float
    bill: list[BillLinePart]
    runs: list[RunPart]
    dispatch: DispatchPart
    trips: list[TripPart]
    cutting: list[BarCutPart] = Field(default=[], description="the bars that the cutting operations cut")


def to_document(plan: Plan) -> PlanDocument:
    """Write a plan as a document."""
    grid = plan.schedule
    return PlanDocument(
        time_zone=str(grid.start.tzinfo),
        start=grid.start,
        end=grid.end,
        step_minutes=grid.step_hours * 60,
        settlement_minutes=plan.settlement.step_hours * 60,
        status=plan.status,
        seed=plan.seed,
        cost_money=plan.bill.total_money,
        bound_money=plan.bound_money,
        gap=plan.gap,
        bill=[BillLinePart(**vars(line)) for line in plan.bill.lines],
        runs=[
            RunPart(
                operation=run.operation,
                machine=run.machine,
                start=grid.time_of(run.start),
                end=grid.time_of(run.end),
            )
            for run in plan.runs
        ],
        dispatch=DispatchPart(**{name: array.tolist() for name, array in vars(plan.dispatch).items()}),
        trips=[
            TripPart(
                truck=trip.truck,
                departure=grid.at_seconds(trip.departure_seconds),
                back=grid.at_seconds(trip.return_seconds),
                stops=[StopPart.model_validate(_listed(vars(stop))) for stop in trip.stops],
                legs=[LegPart.model_validate(_listed(vars(leg))) for leg in trip.legs],
            )
            for trip in plan.trips
        ],
        cutting=[
            BarCutPart(**vars(cut) | {"pieces": [BarPiecePart(**vars(piece)) for piece in cut.pieces]})
            for cut in plan.cutting
        ],
    )


def from_document(document: PlanDocument) -> Plan:
    """Read a plan back from its document."""
    start = document.start.astimezone(ZoneInfo(document.time_zone))
    length = document.end - document.start
    step = timedelta(minutes=document.step_minutes)
    slot = timedelta(minutes=document.settlement_minutes)
    schedule = TimeGrid(start, step, round(length / step))
    return Plan(
        schedule=schedule,
        settlement=TimeGrid(start, slot, round(length / slot)),
        runs=tuple(
            Run(run.operation, run.machine, schedule.slot_of(run.start), schedule.slot_of(run.end))
            for run in document.runs
        ),
        dispatch=Dispatch(**{name: np.asarray(values) for name, values in document.dispatch}),
        trips=tuple(
            Trip(
                trip.truck,
                tuple(Stop(**_tupled(dict(stop))) for stop in trip.stops),
                tuple(Leg(**_tupled(dict(leg))) for leg in trip.legs),
            )
            for trip in document.trips
        ),
        bill=Bill(tuple(BillLine(**dict(line)) for line in document.bill)),
        status=document.status,
        bound_money=document.bound_money,
        seed=document.seed,
        cutting=tuple(
            BarCut(**dict(cut) | {"pieces": tuple(BarPiece(**dict(piece)) for piece in cut.pieces)})
            for cut in document.cutting
        ),
    )


def write_plan(plan: Plan, path: Path) -> None:
    """Write ``plan.json``; the file appears whole or not at all."""
    write_text(path, to_document(plan).model_dump_json(indent=1) + "\n")


def read_plan(path: Path) -> Plan:
    """Read ``plan.json``."""
    return from_document(PlanDocument.model_validate_json(path.read_text(encoding="utf-8")))


def _listed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _tupled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
