"""What a load costs when one of several forecasts may come: the mean, or the mean of the dearest share.

Each scenario's least cost V_s is convex in the load. So is their weighted mean, and so is the mean of the
dearest share, which is the largest mean over all ways to weigh the scenarios that give none more than its
probability over the share (Rockafellar and Uryasev, Journal of Risk 2 (3), 2000, doi:10.21314/JOR.2000.038).
The weights that reach it at a load, times the scenarios' marginal prices, are a subgradient. To the search a
site with several forecasts is therefore a meter like any other: it gives a cost and a price.

A candidate is valued scenario by scenario. Before each dispatch the tangents of those that are still to come
bound them from below, and as soon as known costs and bounds together are too dear, the rest is left.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from juli.power import dispatch
from juli.power.problem import Floats
from juli.power.slot_cost import Site
from juli.solve.joint import valuation
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.valuation import Desk, Meter, Planes, meter_of
from juli.workshop.compiling import compiled


class Meters(NamedTuple):
    """A site under several forecasts, as the compiled search takes it."""

    site: Site  # what all scenarios share; its sun and prices are those of the problem's own site
    period: int  # as in Meter
    free_kw: Floats  # (periods,)
    weights: Floats  # (scenarios,) probabilities
    tail: float  # the dearest share that counts; 1: all, the mean
    more_kw: Floats  # (scenarios, slots) load beyond that of the problem's own site
    solar_kw: Floats  # (scenarios, slots)
    buy: Floats  # (scenarios, slots)
    sell: Floats  # (scenarios, slots)
    tiny_kw: Floats  # (scenarios,)


class ScenarioPlanes(NamedTuple):
    """The tangent planes of every scenario's cost at one load, and what they say together."""

    load_kw: Floats  # (slots,) of the problem's own site
    price: Floats  # (slots,) a subgradient of the criterion
    money: Floats  # (scenarios,) each one's least cost
    counted: Floats  # (scenarios,) the weights that the criterion gives them here
    exact: NDArray[np.bool_]  # (scenarios,) whether its cost is known, and not only bounded
    own_load_kw: Floats  # (scenarios, slots)
    line: Floats  # (scenarios, 2, 3) as in Planes
    prices: Floats  # (scenarios, 2, slots)
    own_price: Floats  # (scenarios, slots)
    cap_kw: Floats  # (scenarios, periods)


AnyMeter = Meter | Meters
AnyPlanes = Planes | ScenarioPlanes


def joint_meter(problem: JointProblem) -> AnyMeter:
    """Prepare a problem's site for the search, under its one forecast or under several.

    Raises
    ------
    ValueError
        If its cost is not convex in the load.
    """
    usual = meter_of(problem.site)
    outlook = problem.outlook
    if outlook is None:
        return usual
    each = [meter_of(site).site for site in outlook.sites]

    def stacked(name: str) -> Floats:
        rows = np.ascontiguousarray([getattr(site, name) for site in each], dtype=np.float64)
        rows.flags.writeable = bool(getattr(usual.site, name).flags.writeable)
        return rows

    return Meters(
        site=usual.site,
        period=usual.period,
        free_kw=usual.free_kw,
        weights=np.array(outlook.weights, dtype=np.float64),
        tail=float(outlook.tail),
        more_kw=np.array([site.consumption_kw - problem.site.consumption_kw for site in outlook.sites]),
        solar_kw=stacked("solar_kw"),
        buy=stacked("buy"),
        sell=stacked("sell"),
        tiny_kw=np.array([site.tiny_kw for site in each]),
    )


def new_planes(meter: AnyMeter) -> AnyPlanes:
    """Room for the planes of one load."""
    if isinstance(meter, Meter):
        return valuation.new_planes(meter)
    (count, slots), periods = meter.buy.shape, len(meter.site.demand_price)
    return ScenarioPlanes(
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(count),
        np.zeros(count),
        np.zeros(count, dtype=np.bool_),
        np.zeros((count, slots)),
        np.zeros((count, 2, 3)),
        np.zeros((count, 2, slots)),
        np.zeros((count, slots)),
        np.full((count, periods), np.inf),
    )


def value_anew(meter: AnyMeter, load_kw: Floats, desk: Desk, found: AnyPlanes) -> float:
    """Criterion of a load of which nothing is known; infinite where a scenario can't be served."""
    if isinstance(meter, Meter) and isinstance(found, Planes):
        return float(valuation.value_anew(meter, load_kw, desk, found))
    assert isinstance(meter, Meters)
    assert isinstance(found, ScenarioPlanes)
    return float(_scenarios_anew(meter, load_kw, desk, found))


def set_caps(problem: JointProblem, meter: AnyMeter, found: AnyPlanes) -> None:
    """With several demand charges: set the caps that are best at the planes' load."""
    load = found.load_kw.copy()
    if isinstance(meter, Meter):
        found.cap_kw[:] = dispatch(replace(problem.site, consumption_kw=load)).peak_kw
        return
    assert problem.outlook is not None
    for scenario, site in enumerate(problem.outlook.sites):
        own = load + meter.more_kw[scenario]
        found.cap_kw[scenario] = dispatch(replace(site, consumption_kw=own)).peak_kw


def value_near(meter: Any, load_kw: Any, known: Any, desk: Any, found: Any, threshold: Any) -> float:
    """Criterion of a load near one whose planes are known; infinite where that is above a threshold.

    For compiled code, which takes the program for one forecast or for several by the meter's type.
    """
    raise NotImplementedError


def copy_planes(source: Any, target: Any) -> None:
    """Keep planes where others are kept; for compiled code, as :func:`value_near`."""
    raise NotImplementedError


@overload(value_near)
def _value_near(
    meter: Any, load_kw: Any, known: Any, desk: Any, found: Any, threshold: Any
) -> Callable[..., float]:
    program = _scenarios_near if meter.instance_class is Meters else valuation.value_near

    def chosen(meter: Any, load_kw: Any, known: Any, desk: Any, found: Any, threshold: Any) -> float:
        return program(meter, load_kw, known, desk, found, threshold)

    return chosen


@overload(copy_planes)
def _copy_planes(source: Any, target: Any) -> Callable[..., None]:
    program = _copy_scenarios if source.instance_class is ScenarioPlanes else valuation.copy_planes

    def chosen(source: Any, target: Any) -> None:
        program(source, target)

    return chosen


@compiled
def _scenarios_anew(meters: Meters, load_kw: Floats, desk: Desk, found: ScenarioPlanes) -> float:
    for scenario in range(len(meters.weights)):
        own = _planes_of(found, scenario)
        for slot in range(len(load_kw)):
            found.load_kw[slot] = load_kw[slot]
            found.own_load_kw[scenario, slot] = load_kw[slot] + meters.more_kw[scenario, slot]
        money = valuation.value_anew(_meter_of(meters, scenario), own.load_kw, desk, own)
        if money == np.inf:
            return np.inf
        found.money[scenario] = money
    return _weigh_prices(meters, found)


@compiled
def _scenarios_near(
    meters: Meters,
    load_kw: Floats,
    known: ScenarioPlanes,
    desk: Desk,
    found: ScenarioPlanes,
    threshold: float,
) -> float:
    hours, count = meters.site.step_hours, len(meters.weights)
    for scenario in range(count):
        change = 0.0
        for slot in range(len(load_kw)):
            change += known.own_price[scenario, slot] * (load_kw[slot] - known.load_kw[slot])
            found.load_kw[slot] = load_kw[slot]
            found.own_load_kw[scenario, slot] = load_kw[slot] + meters.more_kw[scenario, slot]
        found.money[scenario] = known.money[scenario] + hours * change
        found.exact[scenario] = False
    for _ in range(count):
        if weigh(meters.weights, meters.tail, found.money, found.counted) > threshold:
            return np.inf
        # The one that counts most may end it soonest.
        scenario, most = -1, np.inf
        for other in range(count):
            fresh = not found.exact[other]
            if fresh and (scenario < 0 or found.counted[other] > found.counted[scenario]):
                scenario = other
        if found.counted[scenario] > 0.0:
            others = 0.0
            for other in range(count):
                if other != scenario:
                    others += found.counted[other] * found.money[other]
            most = (threshold - others) / found.counted[scenario]
        own = _planes_of(found, scenario)
        money = valuation.value_near(
            _meter_of(meters, scenario), own.load_kw, _planes_of(known, scenario), desk, own, most
        )
        if money == np.inf:
            return np.inf
        found.money[scenario] = money
        found.exact[scenario] = True
    return _weigh_prices(meters, found)


@compiled
def _weigh_prices(meters: Meters, found: ScenarioPlanes) -> float:
    total = weigh(meters.weights, meters.tail, found.money, found.counted)
    for slot in range(len(found.price)):
        found.price[slot] = 0.0
        for scenario in range(len(meters.weights)):
            found.price[slot] += found.counted[scenario] * found.own_price[scenario, slot]
    return float(total)


@compiled
def weigh(weights: Floats, tail: float, money: Floats, counted: Floats) -> float:
    """Mean cost over the dearest share ``tail``; writes the weights that this gives each [money].

    Parameters
    ----------
    weights, money, counted
        Probabilities, costs, and the weights found; shape ``(scenarios,)`` each.
    """
    count = len(weights)
    if tail >= 1.0:
        for scenario in range(count):
            counted[scenario] = weights[scenario]
    else:
        for scenario in range(count):
            counted[scenario] = -1.0
        left = tail
        for _ in range(count):
            dearest = -1
            for scenario in range(count):
                if counted[scenario] < 0.0 and (dearest < 0 or money[scenario] > money[dearest]):
                    dearest = scenario
            taken = max(min(weights[dearest], left), 0.0)
            counted[dearest] = taken / tail
            left -= taken
    total = 0.0
    for scenario in range(count):
        total += counted[scenario] * money[scenario]
    return total


@compiled
def _copy_scenarios(source: ScenarioPlanes, target: ScenarioPlanes) -> None:
    for slot in range(len(source.load_kw)):
        target.load_kw[slot] = source.load_kw[slot]
        target.price[slot] = source.price[slot]
    for scenario in range(len(source.money)):
        target.money[scenario] = source.money[scenario]
        target.counted[scenario] = source.counted[scenario]
        valuation.copy_planes(_planes_of(source, scenario), _planes_of(target, scenario))


@compiled
def _planes_of(planes: ScenarioPlanes, scenario: int) -> Planes:
    return Planes(
        planes.own_load_kw[scenario],
        planes.line[scenario],
        planes.prices[scenario],
        planes.own_price[scenario],
        planes.cap_kw[scenario],
    )


@compiled
def _meter_of(meters: Meters, scenario: int) -> Meter:
    site = meters.site
    return Meter(
        Site(
            site.step_hours,
            meters.solar_kw[scenario],
            meters.buy[scenario],
            meters.sell[scenario],
            site.import_limit_kw,
            site.export_limit_kw,
            site.low_kw,
            site.high_kw,
            site.stored_low,
            site.stored_high,
            site.band_low_kw,
            site.band_high_kw,
            site.over_price,
            site.under_price,
            site.period,
            site.demand_price,
            site.kept,
            site.loss_kwh,
            site.charge_efficiency,
            site.discharge_efficiency,
            site.wear,
            site.end_value,
            site.tiny_kwh,
            meters.tiny_kw[scenario],
        ),
        meters.period,
        meters.free_kw,
    )
