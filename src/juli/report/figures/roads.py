"""The roads, what is closed on them, and where the trucks go."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from juli.plan.result import Leg, Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.plant.road_map import Closure, RoadMap, Segment
from juli.report.figures.style import ACCENT, ALARM, INK, MUTED, TRUCK_COLOURS, blank_figure, go
from juli.report.formats import day
from juli.report.names import Names
from juli.report.sections import closure_label
from juli.report.words import word

Points = Sequence[tuple[float, float]]


def map_figure(plant: Plant, demand: Demand, plan: Plan, language: Language) -> go.Figure | None:
    """Draw the road map with closures in red and each truck's trips in its colour, by day.

    Gives None for a plant without transport or roads.
    """
    road_map = demand.road_map
    if road_map is None or plant.transport is None:
        return None
    figure = blank_figure(640, margin={"l": 12, "r": 12, "t": 64, "b": 12}, hovermode="closest")
    figure.add_trace(_roads(road_map))
    figure.add_trace(_road_names(road_map))
    days = _trips(figure, demand, plan, road_map, language)
    for closure in demand.closures:
        figure.add_traces(_closure(road_map, closure, language))
    figure.add_traces(_places(plant, road_map, language))
    _choose_day(figure, days, language)
    latitude = sum(y for _, y in road_map.junctions.values()) / max(len(road_map.junctions), 1)
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    figure.update_xaxes(**hidden, scaleanchor="y", scaleratio=math.cos(math.radians(latitude)))
    figure.update_yaxes(**hidden)
    if road_map.schematic:
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
    return figure


def _shape(road_map: RoadMap, segment: Segment) -> Points:
    return segment.shape or (
        road_map.junctions[segment.from_junction],
        road_map.junctions[segment.to_junction],
    )


def _joined(lines: Iterable[Points]) -> dict[str, list[float | None]]:
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
        line={"color": "#d5dbe3", "width": 5},
        hoverinfo="skip",
        showlegend=False,
    )


def _road_names(road_map: RoadMap) -> go.Scatter:
    """Write each road's name once, at the middle of its longest segment."""
    longest: dict[str, Segment] = {}
    for segment in road_map.segments:
        if segment.road and segment.length_km > getattr(longest.get(segment.road), "length_km", 0.0):
            longest[segment.road] = segment
    middles = [_middle(_shape(road_map, segment)) for segment in longest.values()]
    return go.Scatter(
        x=[x for x, _ in middles],
        y=[y for _, y in middles],
        mode="text",
        text=list(longest),
        textfont={"size": 11, "color": MUTED},
        hoverinfo="skip",
        showlegend=False,
    )


def _middle(line: Points) -> tuple[float, float]:
    first, second = line[(len(line) - 1) // 2], line[len(line) // 2]
    return ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)


def _trips(
    figure: go.Figure, demand: Demand, plan: Plan, road_map: RoadMap, language: Language
) -> dict[str, list[int]]:
    """Add one trace for each truck and day; give the traces of each day.

    Later trucks are drawn thinner and on top, so that trucks on one road stay visible.
    """
    segments = {segment.id: segment for segment in road_map.segments}
    trucks = list(dict.fromkeys(trip.truck for trip in sorted(plan.trips, key=lambda trip: trip.truck)))
    grid = demand.schedule
    grouped: dict[tuple[str, str], list[Leg]] = {}
    for trip in sorted(plan.trips, key=lambda trip: trip.departure_seconds):
        on = day(grid.at_seconds(trip.departure_seconds), language)
        grouped.setdefault((on, trip.truck), []).extend(trip.legs)
    lines_of = {truck: _truck_line(index) for index, truck in enumerate(trucks)}
    for truck in trucks:
        legend = {"mode": "lines", "line": lines_of[truck], "name": truck, "legendgroup": truck}
        figure.add_trace(go.Scatter(x=[None], y=[None], **legend))
    days: dict[str, list[int]] = {}
    for (on, truck), legs in grouped.items():
        lines = [
            _shape(road_map, segments[name]) for leg in legs for name in leg.segments if name in segments
        ]
        days.setdefault(on, []).append(len(figure.data))
        figure.add_trace(
            go.Scatter(
                **_joined(lines),
                mode="lines",
                name=truck,
                legendgroup=truck,
                showlegend=False,
                opacity=0.85,
                line=lines_of[truck],
                hovertemplate=f"{truck} · {on}<extra></extra>",
            )
        )
    return days


def _truck_line(index: int) -> dict[str, Any]:
    return {"color": TRUCK_COLOURS[index % len(TRUCK_COLOURS)], "width": max(6.5 - 1.5 * index, 2.0)}


def _closure(road_map: RoadMap, closure: Closure, language: Language) -> list[go.Scatter]:
    """Mark a closure: closed segments as red lines, closed turns as a cross at their junction."""
    segments = {segment.id: segment for segment in road_map.segments}
    label = closure_label(closure, language)
    traces = []
    lines = [_shape(road_map, segments[name]) for name in sorted(closure.segments) if name in segments]
    if lines:
        traces.append(
            go.Scatter(
                **_joined(lines),
                mode="lines",
                line={"color": ALARM, "width": 4, "dash": "dot"},
                name=label,
                hovertemplate=f"{label}<extra></extra>",
            )
        )
    closed = {segments[into].to_junction for into, _ in closure.movements if into in segments}
    if closed:
        points = [road_map.junctions[junction] for junction in sorted(closed)]
        traces.append(
            go.Scatter(
                x=[x for x, _ in points],
                y=[y for _, y in points],
                mode="markers",
                marker={"symbol": "x", "size": 15, "color": ALARM, "line": {"color": "white", "width": 1.5}},
                name=label,
                text=sorted(closed),
                hovertemplate=f"%{{text}}<br>{label}<extra></extra>",
            )
        )
    return traces


def _places(plant: Plant, road_map: RoadMap, language: Language) -> list[go.Scatter]:
    transport = plant.transport
    if transport is None:
        return []
    names = Names(plant, language)
    sites = [site for site in transport.sites if site.junction in road_map.junctions]
    style: dict[str, Any] = {"mode": "markers+text", "textfont": {"size": 11, "color": INK}}
    home = road_map.junctions[transport.home]
    return [
        go.Scatter(
            x=[road_map.junctions[site.junction][0] for site in sites],
            y=[road_map.junctions[site.junction][1] for site in sites],
            text=[names.sites[site.id] for site in sites],
            textposition="top center",
            marker={"size": 9, "color": "white", "line": {"color": INK, "width": 2}},
            name=word("customers", language),
            hovertemplate="%{text}<extra></extra>",
            **style,
        ),
        go.Scatter(
            x=[home[0]],
            y=[home[1]],
            text=[f"<b>{word('the_plant', language)}</b>"],
            textposition="bottom center",
            marker={"symbol": "square", "size": 15, "color": ACCENT, "line": {"color": "white", "width": 2}},
            name=word("the_plant", language),
            hovertemplate=f"{plant.name.in_language(language)}<extra></extra>",
            **style,
        ),
    ]


def _choose_day(figure: go.Figure, days: dict[str, list[int]], language: Language) -> None:
    """Add buttons that show one day's trips alone."""
    if len(days) < 2:
        return
    of_trips = [index for own in days.values() for index in own]
    buttons = [
        {
            "label": label,
            "method": "restyle",
            "args": [{"visible": [index in shown for index in of_trips]}, of_trips],
        }
        for label, shown in [(word("all_days", language), of_trips), *days.items()]
    ]
    figure.update_layout(
        updatemenus=[
            {
                "type": "buttons",
                "direction": "right",
                "buttons": buttons,
                "x": 0,
                "xanchor": "left",
                "y": 1.09,
                "yanchor": "bottom",
                "pad": {"r": 4, "t": 0},
                "font": {"size": 11},
                "bgcolor": "white",
                "bordercolor": "#cbd5e1",
            }
        ]
    )
