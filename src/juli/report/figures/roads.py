"""The roads, what is closed on them, and where the trucks go."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from juli.plan.result import Leg, Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.plant.road_map import Closure, RoadMap, Segment
from juli.plant.site import Transport
from juli.report.figures.style import ACCENT, ALARM, INK, MUTED, TRUCK_COLOURS, blank_figure, go
from juli.report.formats import day
from juli.report.map_labels import Placed, Point, View, Wanted, place, view_around
from juli.report.names import Names
from juli.report.sections import closure_label
from juli.report.words import word

_WIDTH_PIXELS = 1150.0
_HEIGHT_PIXELS = 600.0
#: Keeps names readable on roads.
_HALO = ", ".join(["0 0 2px white"] * 4)


def map_figure(plant: Plant, demand: Demand, plan: Plan, language: Language) -> go.Figure | None:
    """Draw the road map with closures in red and each truck's trips in its colour.

    Buttons show one day's trips alone, and lead from the whole map to the surroundings of the closures.
    Gives None for a plant without transport or roads.
    """
    road_map, transport = demand.road_map, plant.transport
    if road_map is None or transport is None:
        return None
    names = Names(plant, language)
    figure = blank_figure(
        round(_HEIGHT_PIXELS) + 120, margin={"l": 12, "r": 12, "t": 76, "b": 44}, hovermode="closest"
    )
    figure.update_layout(legend={"y": -0.01, "yanchor": "top"})
    figure.add_trace(_roads(road_map))
    days = _trips(figure, demand, plan, road_map, language)
    for closure in demand.closures:
        figure.add_traces(_closure(road_map, closure, language))
    figure.add_traces(_places(transport, road_map, names))
    views = _views(transport, road_map, demand.closures)
    first_label = len(figure.data)
    for index, view in enumerate(views):
        figure.add_trace(_labels(_placed(transport, road_map, demand.closures, names, view), index == 0))
    _show(figure, views[0])
    menus = [menu for menu in (_day_menu(days, language), _view_menu(views, first_label, language)) if menu]
    figure.update_layout(updatemenus=menus)
    if road_map.schematic:
        _mark_schematic(figure, language)
    return figure


def _shape(road_map: RoadMap, segment: Segment) -> Sequence[Point]:
    return segment.shape or (
        road_map.junctions[segment.from_junction],
        road_map.junctions[segment.to_junction],
    )


def _joined(lines: Iterable[Sequence[Point]]) -> dict[str, list[float | None]]:
    """Put lines into one trace, a gap after each."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for line in lines:
        xs += [*(x for x, _ in line), None]
        ys += [*(y for _, y in line), None]
    return {"x": xs, "y": ys}


def _roads(road_map: RoadMap) -> go.Scatter:
    return go.Scatter(
        **_joined(_shape(road_map, segment) for segment in road_map.segments),
        mode="lines",
        line={"color": "#dbe1e8", "width": 5},
        hoverinfo="skip",
        showlegend=False,
    )


def _trips(
    figure: go.Figure, demand: Demand, plan: Plan, road_map: RoadMap, language: Language
) -> dict[str, list[int]]:
    """Add one trace for each truck and day; give the traces of each day.

    Later trucks are drawn thinner and on top, so that trucks on one road stay visible.
    """
    segments = {segment.id: segment for segment in road_map.segments}
    trucks = sorted({trip.truck for trip in plan.trips})
    lines_of = {truck: _truck_line(index) for index, truck in enumerate(trucks)}
    for truck in trucks:
        legend = {"mode": "lines", "line": lines_of[truck], "name": truck, "legendgroup": truck}
        figure.add_trace(go.Scatter(x=[None], y=[None], **legend))
    grouped: dict[tuple[str, str], list[Leg]] = {}
    for trip in sorted(plan.trips, key=lambda trip: trip.departure_seconds):
        on = day(demand.schedule.at_seconds(trip.departure_seconds), language)
        grouped.setdefault((on, trip.truck), []).extend(trip.legs)
    days: dict[str, list[int]] = {}
    for (on, truck), legs in sorted(grouped.items(), key=lambda item: trucks.index(item[0][1])):
        driven = [segments[name] for leg in legs for name in leg.segments if name in segments]
        days.setdefault(on, []).append(len(figure.data))
        figure.add_trace(
            go.Scatter(
                **_joined(_shape(road_map, segment) for segment in driven),
                mode="lines",
                name=truck,
                legendgroup=truck,
                showlegend=False,
                line=lines_of[truck],
                hovertemplate=f"{truck} · {on}<extra></extra>",
            )
        )
    return {on: days[on] for on in dict.fromkeys(on for on, _ in grouped)}


def _truck_line(index: int) -> dict[str, Any]:
    return {"color": TRUCK_COLOURS[index % len(TRUCK_COLOURS)], "width": max(6.5 - 1.5 * index, 2.0)}


def _closed_junctions(road_map: RoadMap, closure: Closure) -> list[Point]:
    """Where the turns that a closure bans are."""
    ends = {segment.id: segment.to_junction for segment in road_map.segments}
    junctions = sorted({ends[into] for into, _ in closure.movements if into in ends})
    return [road_map.junctions[junction] for junction in junctions]


def _closure(road_map: RoadMap, closure: Closure, language: Language) -> list[go.Scatter]:
    """Mark a closure: closed segments as red lines, closed turns as a cross at their junction."""
    label = closure_label(closure, language)
    style: dict[str, Any] = {"name": label, "hovertemplate": f"{label}<extra></extra>"}
    traces = []
    closed = [segment for segment in road_map.segments if segment.id in closure.segments]
    if closed:
        lines = _joined(_shape(road_map, segment) for segment in closed)
        line = {"color": ALARM, "width": 4, "dash": "dot"}
        traces.append(go.Scatter(**lines, **style, mode="lines", line=line))
    points = _closed_junctions(road_map, closure)
    if points:
        marker = {"symbol": "x", "size": 15, "color": ALARM, "line": {"color": "white", "width": 1.5}}
        xs, ys = [x for x, _ in points], [y for _, y in points]
        traces.append(go.Scatter(x=xs, y=ys, **style, mode="markers", marker=marker))
    return traces


def _places(transport: Transport, road_map: RoadMap, names: Names) -> list[go.Scatter]:
    """Mark the customers' sites and the plant."""
    sites = [site for site in transport.sites if site.junction in road_map.junctions]
    home = road_map.junctions[transport.home]
    return [
        go.Scatter(
            x=[road_map.junctions[site.junction][0] for site in sites],
            y=[road_map.junctions[site.junction][1] for site in sites],
            text=[names.sites[site.id] for site in sites],
            mode="markers",
            marker={"size": 9, "color": "white", "line": {"color": INK, "width": 2}},
            name=word("customers", names.language),
            hovertemplate="%{text}<extra></extra>",
        ),
        go.Scatter(
            x=[home[0]],
            y=[home[1]],
            mode="markers",
            marker={"symbol": "square", "size": 15, "color": ACCENT, "line": {"color": "white", "width": 2}},
            name=word("the_plant", names.language),
            hovertemplate=f"{names.plant.name.in_language(names.language)}<extra></extra>",
        ),
    ]


def _views(transport: Transport, road_map: RoadMap, closures: Iterable[Closure]) -> list[View]:
    """Give the whole map, and where there are closed junctions, their surroundings with the plant."""
    whole = view_around(list(road_map.junctions.values()), 0.04, _WIDTH_PIXELS, _HEIGHT_PIXELS)
    closed = [point for closure in closures for point in _closed_junctions(road_map, closure)]
    if not closed:
        return [whole]
    near = [*closed, road_map.junctions[transport.home]]
    reach = max(max(abs(x - closed[0][0]), abs(y - closed[0][1])) for x, y in near)
    corners = [(x + dx, y + dy) for x, y in closed for dx in (-reach, reach) for dy in (-reach, reach)]
    return [whole, view_around([*near, *corners], 0.25, _WIDTH_PIXELS, _HEIGHT_PIXELS)]


def _placed(
    transport: Transport, road_map: RoadMap, closures: Iterable[Closure], names: Names, view: View
) -> list[Placed]:
    """Write the plant, closed roads, customers and other roads, in this order of importance."""
    home = road_map.junctions[transport.home]
    wanted = [Wanted(word("the_plant", names.language), (home,), False, ACCENT)]
    places = {site.id: road_map.junctions[site.junction] for site in transport.sites}
    sites = [Wanted(names.sites[site], (point,), False, INK) for site, point in places.items()]
    segments = sorted(road_map.segments, key=lambda segment: -segment.length_km)
    middles: dict[str, list[Point]] = {}
    for segment in segments:
        if segment.road:
            middles.setdefault(segment.road, []).append(_middle(_shape(road_map, segment)))
    roads_of = {segment.id: segment.road for segment in road_map.segments}
    closed = {
        roads_of.get(segment, "")
        for closure in closures
        for segment in (*closure.segments, *(segment for turn in closure.movements for segment in turn))
    }
    roads = [
        Wanted(road, tuple(points), True, ALARM if road in closed else MUTED)
        for road, points in middles.items()
    ]
    wanted += [*(road for road in roads if road.colour == ALARM), *sites]
    wanted += [road for road in roads if road.colour != ALARM]
    crosses = [point for closure in closures for point in _closed_junctions(road_map, closure)]
    return place(wanted, [home, *places.values(), *crosses], view)


def _middle(line: Sequence[Point]) -> Point:
    first, second = line[(len(line) - 1) // 2], line[len(line) // 2]
    return ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)


def _labels(placed: list[Placed], visible: bool) -> go.Scatter:
    return go.Scatter(
        x=[name.point[0] for name in placed],
        y=[name.point[1] for name in placed],
        text=[name.text for name in placed],
        mode="markers+text",
        marker={"size": 12, "opacity": 0},
        textposition=[name.position for name in placed],
        textfont={"size": 11, "color": [name.colour for name in placed], "shadow": _HALO},
        hoverinfo="skip",
        showlegend=False,
        visible=visible,
    )


def _show(figure: go.Figure, view: View) -> None:
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    squeeze = math.cos(math.radians((view.south + view.north) / 2))
    figure.update_xaxes(**hidden, range=[view.west, view.east])
    figure.update_yaxes(
        **hidden, range=[view.south, view.north], scaleanchor="x", scaleratio=1 / max(squeeze, 1e-3)
    )


_MENU: dict[str, Any] = {
    "type": "buttons",
    "direction": "right",
    "y": 1.01,
    "yanchor": "bottom",
    "font": {"size": 11},
    "bgcolor": "white",
    "bordercolor": "#cbd5e1",
}


def _day_menu(days: dict[str, list[int]], language: Language) -> dict[str, Any] | None:
    """Buttons that show one day's trips alone."""
    if len(days) < 2:
        return None
    traces = [index for own in days.values() for index in own]
    buttons = [
        {
            "label": label,
            "method": "restyle",
            "args": [{"visible": [index in shown for index in traces]}, traces],
        }
        for label, shown in [(word("all_days", language), traces), *days.items()]
    ]
    return {**_MENU, "buttons": buttons, "x": 0, "xanchor": "left"}


def _view_menu(views: list[View], first_label: int, language: Language) -> dict[str, Any] | None:
    """Buttons between the whole map and the surroundings of the closures, each with its own names."""
    if len(views) < 2:
        return None
    traces = [first_label + index for index in range(len(views))]
    buttons = [
        {
            "label": word(label, language),
            "method": "update",
            "args": [
                {"visible": [index == own for index in range(len(views))]},
                {"xaxis.range": [view.west, view.east], "yaxis.range": [view.south, view.north]},
                traces,
            ],
        }
        for own, (label, view) in enumerate(zip(("whole_map", "near_closures"), views, strict=True))
    ]
    return {**_MENU, "buttons": buttons, "x": 1, "xanchor": "right"}


def _mark_schematic(figure: go.Figure, language: Language) -> None:
    figure.add_annotation(
        text=word("schematic", language),
        xref="paper",
        yref="paper",
        x=1,
        y=0,
        xanchor="right",
        yanchor="bottom",
        showarrow=False,
        font={"size": 12, "color": MUTED},
        bgcolor="rgba(255,255,255,0.85)",
        bordercolor="#cbd5e1",
        borderpad=4,
    )
