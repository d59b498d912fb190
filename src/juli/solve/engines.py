"""Compiling what a day is planned with, before a clock runs.

The engines are compiled when they are first used, which takes a minute or two on a machine where Juli has
never run, and a second or two where it has. None of that may come out of the time that a plan is given.
"""

from contextlib import suppress

from juli.core.errors import InfeasibleError
from juli.power import dispatch
from juli.roads.graph import MovementGraph
from juli.solve.consumption import ConsumptionModel
from juli.solve.day import Day
from juli.solve.electricity import dispatch_problem
from juli.solve.joint.solving import load_joint_engines
from juli.solve.joint.trips import load_trip_engine


def load_day_engines(day: Day) -> None:
    """Compile all that this day's plan needs, or read it from the cache, by using each engine once."""
    load_joint_engines()
    plant, demand = day.plant, day.demand
    standing_kw = ConsumptionModel(plant, demand).standing_kw
    with suppress(InfeasibleError):  # whoever plans will be told
        dispatch(dispatch_problem(plant, demand, standing_kw))
    if plant.transport is not None and demand.road_map is not None:
        load_trip_engine()
        import pyvrp  # noqa: F401 - so that the tours need not wait for it

        graph = MovementGraph(demand.road_map, demand.closures)
        home, moment = plant.transport.home, demand.schedule.start
        places = [home, *(site.junction for site in plant.transport.sites)]
        graph.matrix(places[:1], places, moment)
        graph.matrix(places, places, moment)  # by sweeps, where the tours' own table will be made by them
        for place in places[1:2]:
            graph.route(home, place, moment)
