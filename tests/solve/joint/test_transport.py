"""No plan's deliveries cost less than their bound."""

from dataclasses import replace
from pathlib import Path

import pytest

from juli.plan.result import Category
from juli.plant.demand import Order
from juli.solve.day import load
from juli.solve.joint.transport import least_transport
from juli.solve.week import Effort, solve_day


def test_the_deliveries_of_a_plan_cost_at_least_their_bound(project: Path) -> None:
    day = load(project / "examples" / "tiny")
    plan = solve_day(day, Effort(iterations=50)).plan
    assert plan is not None
    parts = plan.bill.parts()
    least = least_transport(day.plant, day.demand)
    assert 0.0 < least.money <= parts[Category.TRANSPORT] + parts[Category.LATENESS]
    assert all(0.0 <= share <= 1.0 for share in least.late_price_share.values())


def test_orders_that_fit_on_one_truck_pay_one_trip_and_others_a_trip_each(project: Path) -> None:
    day = load(project / "examples" / "tiny")
    assert day.plant.transport is not None
    order = next(order for order in day.demand.orders if order.site is not None)
    product = day.plant.product_by_id[order.product]
    pair = tuple(replace(order, id=name, lateness_per_hour=1e6) for name in ("one", "other"))

    def least(orders: tuple[Order, ...], trucks_load: float, complete: dict[str, float]) -> float:
        assert day.plant.transport is not None
        truck = day.plant.transport.trucks[0].model_copy(
            update={"capacity_kg": trucks_load * order.quantity * product.weight_kg, "capacity_m3": 1e9}
        )
        transport = day.plant.transport.model_copy(update={"trucks": (truck,)})
        plant = day.plant.model_copy(update={"transport": transport})
        return least_transport(plant, replace(day.demand, orders=orders), complete).money

    alone = least(pair[:1], 1.0, {})
    site = next(site for site in day.plant.transport.sites if site.id == order.site)
    assert alone > site.unload_minutes / 60 * day.plant.transport.trucks[0].wage_per_hour
    assert least(pair, 2.0, {}) == pytest.approx(alone)
    assert least(pair, 1.5, {}) == pytest.approx(2 * alone)


def test_an_order_that_may_stay_for_nothing_pays_no_transport(project: Path) -> None:
    day = load(project / "examples" / "tiny")
    free = tuple(replace(order, lateness_per_hour=0.0) for order in day.demand.orders)
    assert least_transport(day.plant, replace(day.demand, orders=free)).money == 0.0
