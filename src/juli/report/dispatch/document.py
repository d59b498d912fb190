"""The JSON object of ``juli dispatch --json``; its keys are a contract."""

from typing import Any

import numpy as np

from juli.power.chemistry import Limit
from juli.power.economics import Economics, Saving
from juli.power.problem import Dispatch
from juli.report.dispatch.outcome import DispatchOutcome, RollingOutcome


def as_json(outcome: DispatchOutcome) -> dict[str, Any]:
    """The dispatch's own keys, and one more for each thing that was asked beside it."""
    document = _dispatch(outcome.operation.dispatch)
    if outcome.asked.tariff is not None:
        document["tariff"] = _tariff(outcome)
    if outcome.asked.services is not None:
        document["services"] = _services(outcome)
    if outcome.worths:
        document["worth"] = {name: vars(worth) for name, worth in outcome.worths.items()}
    if outcome.operation.followed is not None:
        document["physics"] = _physics(outcome)
    if outcome.economics is not None:
        document["years"] = _years(outcome.economics)
    if outcome.rolling is not None:
        document["rolling"] = _rolling(outcome, outcome.rolling)
    if outcome.notes:
        document["notes"] = [str(note) for note in outcome.notes]
    return document


def _dispatch(answer: Dispatch) -> dict[str, Any]:
    return {
        key: value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        for key, value in vars(answer).items()
        if value is not None
    }


def _tariff(outcome: DispatchOutcome) -> dict[str, Any]:
    """The tariff, and its bills without and with the battery as ``juli bill`` writes them."""
    terms = outcome.asked.tariff
    assert terms is not None
    document: dict[str, Any] = {
        "name": terms.tariff.name,
        "currency": terms.tariff.currency,
        "demand_mode": None if terms.contract.mode is None else terms.contract.mode.value,
        "fixed_money": terms.fixed_money,
    }
    if outcome.bills is not None:
        without, with_battery = outcome.bills
        document["bill_without"] = None if without is None else without.as_json()
        document["bill"] = with_battery.as_json()
    return document


def _services(outcome: DispatchOutcome) -> dict[str, Any]:
    asked, operation = outcome.asked.services, outcome.operation
    assert asked is not None
    stacked = operation.stacked
    document: dict[str, Any] = {"cost": stacked.cost, "actual_cost": operation.actual_cost}
    document["cost_without"] = None if outcome.before is None else outcome.before.cost
    if asked.firming is not None:
        document["firming"] = {
            "deviation_cost": stacked.dispatch.deviation_cost,
            "ramp_cost": stacked.ramp_cost,
        }
    if asked.calls:
        document["calls"] = [
            {
                "first_slot": call.first_slot,
                "last_slot": call.last_slot,
                "committed_kw": call.committed_kw,
                "baseline_kw": np.broadcast_to(
                    call.baseline_kw, (call.last_slot - call.first_slot + 1,)
                ).tolist(),
                "took_part": took_part,
            }
            for call, took_part in zip(asked.calls, stacked.took_part, strict=True)
        ]
        document["call_income"] = stacked.call_income
    if asked.regulation is not None:
        document["regulation"] = _regulation(outcome)
    return document


def _regulation(outcome: DispatchOutcome) -> dict[str, Any]:
    asked, measured = outcome.asked.services, outcome.asked.measured
    assert asked is not None
    assert asked.regulation is not None
    document: dict[str, Any] = {
        "income": outcome.operation.stacked.regulation_income,
        "capacity_kw": outcome.operation.stacked.regulation_kw.tolist(),
        "score": asked.regulation.score,
        "up_share": asked.regulation.up_share,
        "down_share": asked.regulation.down_share,
    }
    if measured is not None:
        parts = ("correlation", "delay", "precision", "score")
        document["measured"] = {
            "signal": "recorded" if measured.recorded else "made up",
            "pjm": {
                part: float(np.mean([getattr(score, part) for score in measured.scores])) for part in parts
            },
            "k1_rate": measured.index.rate,
            "k2_precision": measured.index.precision,
            "k3_response_time": measured.index.response_time,
            "k1_k2": measured.index.of_two,
            "k1_k2_k3": measured.index.of_three,
        }
    return document


def _physics(outcome: DispatchOutcome) -> dict[str, Any]:
    """What the physical battery made of the plan."""
    operation, physical = outcome.operation, outcome.asked.physical
    followed = operation.followed
    assert followed is not None
    assert physical is not None
    trace, hours = followed.trace, operation.problem.step_hours
    limits = {limit.name.lower(): int((trace.limit == limit).sum()) for limit in Limit}
    return {
        "chemistry": physical.chemistry.name,
        "follows": followed.follows,
        "repairs": followed.repairs,
        "planned_cost": operation.stacked.cost,
        "actual_cost": operation.actual_cost,
        "money_difference": operation.money_difference,
        "auxiliary_cost": followed.auxiliary_cost,
        "auxiliary_kwh": float(trace.auxiliary_kw.sum() * hours),
        "stored_difference_kwh": followed.stored_difference_kwh,
        "missing_kwh": followed.missing_kwh,
        "refused_kwh": followed.refused_kwh,
        "spared_kwh": followed.spared_kwh,
        "lowest_celsius": float(trace.celsius.min()),
        "highest_celsius": float(trace.celsius.max()),
        "highest_bar": float(trace.hydrogen_bar.max()),
        "pressure_limit_bar": _finite(physical.chemistry.pressure_limit_bar),
        "capacity_left": float(trace.capacity_kwh[-1] / physical.chemistry.energy_kwh),
        "slots_limited": {name: count for name, count in limits.items() if count and name != "none"},
        "line": vars(followed.battery),
        "actual_battery_kw": trace.battery_kw.tolist(),
        "actual_stored_kwh": trace.stored_kwh.tolist(),
    }


def _years(economics: Economics) -> dict[str, Any]:
    """What the battery comes to over its years, and each year."""
    names = (
        "cash_flow_money", "discount_rate", "npv_money", "irr", "payback_years", "discounted_payback_years",
        "lcos_money_per_kwh", "lcos_without_charging_money_per_kwh",
    )  # fmt: skip
    return {name: getattr(economics, name) for name in names} | {
        "years": [
            {
                "year": year.year,
                "energy_kwh": year.battery.energy_kwh,
                "round_trip": year.battery.charge_efficiency * year.battery.discharge_efficiency,
                "saving_money": year.saving.total,
                "saving_by_source": saving_parts(year.saving),
                "outlay_money": year.outlay_money,
                "charged_kwh": year.charged_kwh,
                "discharged_kwh": year.discharged_kwh,
                "exact": year.exact,
            }
            for year in economics.years
        ],
    }


def saving_parts(saving: Saving) -> dict[str, float]:
    """A saving by source; what the site has nothing of is left out."""
    parts = {
        "energy_shifting": saving.energy_shifting,
        "solar_self_use": saving.solar_self_use,
        "demand": saving.demand,
        "deviation": saving.deviation,
        **saving.services,
    }
    return {name: money for name, money in parts.items() if abs(money) > 0.005 or name == "energy_shifting"}


def _rolling(outcome: DispatchOutcome, rolling: RollingOutcome) -> dict[str, Any]:
    """What rolling operation paid, beside perfect foresight and no battery."""
    rolled = rolling.rolled
    came = rolled.dispatch
    return {
        "every_hours": rolling.every_hours,
        "horizon_hours": rolling.horizon_hours,
        "forecasts": rolling.forecasts,
        "cost": rolled.cost,
        "perfect_foresight_cost": rolling.perfect_cost,
        "regret": rolling.regret,
        "cost_without": None if outcome.before is None else outcome.before.cost,
        "energy_cost": came.energy_cost,
        "demand_cost": came.demand_cost,
        "wear_cost": came.wear_cost,
        "deviation_cost": came.deviation_cost,
        "end_missing_kwh": rolled.end_missing_kwh,
        "end_missing_cost": rolled.end_missing_cost,
        "plans": rolled.plans,
        "softened": rolled.softened,
        "import_excess_kwh": rolled.import_excess_kwh,
        "highest_import_excess_kw": rolled.highest_import_excess_kw,
        "export_excess_kwh": rolled.export_excess_kwh,
        "forecast_error_kw": rolled.forecast_error_kw,
        "peak_kw": came.peak_kw.tolist(),
        "battery_kw": came.battery_kw.tolist(),
        "stored_kwh": came.stored_kwh.tolist(),
        "grid_kw": came.grid_kw.tolist(),
    }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
