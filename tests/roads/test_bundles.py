"""Orders that can share a stop are bundled: none is late for it, and every order is there once."""

from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.roads.test_tours import WEEK, shipment, town, transport, truck

from juli.plant.site import Site
from juli.roads.bundles import bundled
from juli.roads.driving import Driver, lateness_money
from juli.roads.graph import MovementGraph
from juli.roads.tours import plan_tours

MORNINGS = {
    "receives": {"from": time(8), "to": time(12)},
    "receiving_days": ["mon", "tue", "wed", "thu", "fri"],
}


def driver(*sites, **facts):
    return Driver(transport(*sites, **facts), WEEK, MovementGraph(town()))


def names(bundles):
    return [[one.order for one in bundle] for bundle in bundles]


def test_orders_for_one_morning_share_a_stop_and_the_next_mornings_another():
    there = driver(Site(id="S", junction="20", **MORNINGS))
    orders = [
        shipment("tuesday-1", "S", ready_h=20, due_h=36),
        shipment("wednesday", "S", ready_h=40, due_h=60),
        shipment("tuesday-2", "S", ready_h=24, due_h=36),
    ]
    assert names(bundled(there, orders)) == [["tuesday-1", "tuesday-2"], ["wednesday"]]


def test_an_order_that_is_ready_early_comes_along_before_its_own_last_day():
    there = driver(Site(id="S", junction="20", **MORNINGS))
    orders = [shipment("urgent", "S", ready_h=0, due_h=12), shipment("friday", "S", ready_h=0, due_h=108)]
    assert names(bundled(there, orders)) == [["urgent", "friday"]]


def test_half_a_truck_is_the_largest_bundle():
    there = driver(Site(id="S", junction="20"), trucks=(truck(capacity_kg=5000),))
    bundles = bundled(there, [shipment(f"order-{n}", "S", due_h=24) for n in range(7)])
    assert [len(bundle) for bundle in bundles] == [2, 2, 2, 1]


def test_other_sites_and_goods_to_fetch_stay_apart():
    there = driver(Site(id="S", junction="20"), Site(id="T", junction="10"))
    orders = [shipment("s", "S"), shipment("t", "T"), shipment("steel", "S", fetched=True)]
    assert sorted(map(len, bundled(there, orders))) == [1, 1, 1]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(1, 80), st.sampled_from("ST"), st.floats(100, 4000)),
        max_size=25,
    )
)
def test_every_order_is_in_one_bundle_and_no_bundle_waits_for_the_late(drawn):
    there = driver(Site(id="S", junction="20", **MORNINGS), Site(id="T", junction="44"))
    orders = [
        shipment(f"order-{number}", site, ready_h=ready, due_h=ready + slack, kg=kg)
        for number, (ready, slack, site, kg) in enumerate(drawn)
    ]
    bundles = bundled(there, orders)
    assert sorted(name for bundle in names(bundles) for name in bundle) == sorted(one.order for one in orders)
    for bundle in bundles:
        assert len({one.site for one in bundle}) == 1
        if len(bundle) > 1:
            assert sum(one.weight_kg for one in bundle) <= 2500
            loaded_s = max(one.ready_seconds for one in bundle) + there.loading_s
            alone_in_time = [
                one for one in bundle if in_time(there, one, one.ready_seconds + there.loading_s)
            ]
            assert all(in_time(there, one, loaded_s) for one in alone_in_time)


def in_time(there, one, loaded_s):
    return any(
        max(open_s, loaded_s) < min(close_s, one.due_seconds) for open_s, close_s in there.opening[one.site]
    )


def test_hundreds_of_orders_are_brought_in_time_where_the_trucks_have_room_for_all():
    sites = [Site(id=f"{x}{y}", junction=f"{x}{y}", unload_minutes=10) for x in (0, 4) for y in range(5)]
    orders = [
        shipment(
            f"{number:03d}",
            sites[number % 10].id,
            ready_h=8 + 12 * (number % 7),
            due_h=40 + 12 * (number % 7),
        )
        for number in range(300)
    ]
    plant_transport = transport(
        *sites, trucks=tuple(truck(f"truck-{n}", capacity_kg=20000, capacity_m3=90) for n in range(4))
    )
    tours = plan_tours(plant_transport, WEEK, MovementGraph(town()), orders, iterations=0)
    begun = {name: stop.begin_seconds for trip in tours.trips for stop in trip.stops for name in stop.orders}
    assert tours.left == {}
    assert sum(lateness_money(one, begun[one.order]) for one in orders) == 0
    assert len(tours.trips) < 40
