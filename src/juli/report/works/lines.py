"""What ``juli roads`` prints in a terminal, in Chinese and in English."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from juli.plant.model import Language
from juli.report.works.page import WorksZone
from juli.report.works.reasons import field_name, problem_text, reason
from juli.report.works.words import said
from juli.roads.delay import Delay
from juli.roads.detour import Arm, Detour, Way, roads_of
from juli.roads.graph import Route
from juli.roads.journeys import Journey
from juli.roads.notices import Reading, Zone
from juli.roads.road_index import RoadIndex


def zone_lines(
    zone: WorksZone, index: RoadIndex, language: Language, site_names: Mapping[str, str]
) -> Iterator[str]:
    """Tell of a zone: what it closes, where its detours lead, and what the plant's drives come to."""
    check, closure = zone.check, zone.check.closure
    for problem in check.problems:
        yield problem_text(problem, language)
    if closure is None:
        return
    whom = said(f"line_{closure.applies_to.value}", language)
    period = said("from_to", language, start=closure.start, end=closure.end)
    yield said("line_closure", language, id=closure.id, period=period, whom=whom)
    for number, detour in enumerate(check.detours):
        yield from _detour_lines(
            detour, index, zone.delays[number] if zone.delays is not None else None, language
        )
    if not check.detours:
        yield "  " + said("no_detour", language)
    yield from _drive_lines(zone.journeys, language, site_names)


def reading_lines(path: Path, reading: Reading, language: Language) -> Iterator[str]:
    """Tell a reading: each zone with the words that it was read from, then what is not sure and why."""
    count = len(reading.zones)
    if count == 1:
        yield said("read_one_zone", language, path=path)
    else:
        yield said("read_zones", language, path=path, count=count)
    for zone in reading.zones:
        place = " × ".join(zone.junction or zone.roads)
        if zone.stretch:
            place += said("read_stretch", language, start=zone.stretch[0], end=zone.stretch[1])
        yield f"  {place}{said('colon', language)}{_impact(zone, language)}"
        yield "    " + said("read_period", language, start=zone.start, end=zone.end)
        if zone.daily:
            daily = zone.as_json()["daily"]
            yield "    " + said("read_daily", language, first=daily["from"], last=daily["to"])
        for chain in zone.detours:
            yield "    " + said("read_detour", language, roads=" → ".join(chain))
        quotes = dict.fromkeys(" ".join(found.text.split()) for found in zone.evidence.values())
        yield "    " + said("read_from", language, quotes=" | ".join(quotes))
    for unsure in reading.unsure:
        quoted = said("colon", language) + " ".join(unsure.text.split()) if unsure.text else ""
        field, why = field_name(unsure.field, language), reason(unsure.why, language)
        yield "  " + said("read_unsure", language, field=field, why=why, quoted=quoted)


def _impact(zone: Zone, language: Language) -> str:
    """What is done, for whom, which way, and beyond which limits."""
    words = [said(f"impact_{zone.impact}", language)]
    words += [zone.direction] if zone.direction else []
    words += [said("read_through", language)] if zone.applies_to == "through" else []
    words += [
        said(f"read_{name}", language, value=value)
        for name in ("weight_t", "height_m")
        if (value := getattr(zone, name)) is not None
    ]
    return ("，" if language == "zh" else ", ").join(words)


def unsure_line(what: str, language: Language) -> str:
    """Tell of what could not be read."""
    return said("unsure", language, what=what)


def route_lines(route: Route, roads: Sequence[str], language: Language) -> tuple[str, str]:
    """Tell of a route: how far and how long, and over which roads."""
    minutes = route.seconds / 60
    told = said("line_route", language, km=route.km, minutes=minutes, arrive=route.arrive)
    return told, "  " + " → ".join(roads)


def no_way_line(start: str, end: str, why: str, language: Language) -> str:
    """Tell that there is no way, and why, as the words ``no_way_…`` say it."""
    return said("line_no_way", language, start=start, end=end, why=said(f"no_way_{why}", language))


def _detour_lines(
    detour: Detour, index: RoadIndex, delays: tuple[Delay, ...] | None, language: Language
) -> Iterator[str]:
    verdict = "connects" if detour.connects else "broken"
    if not detour.ways:
        verdict = "line_too_large" if detour.undrivable else "unmet"
    colon = said("colon", language)
    yield f"  {' → '.join(detour.roads)}{colon}{said(verdict, language)}"
    for road in detour.unknown:
        yield "    " + said("unknown", language, road=road, like=_like(road, index, language))
    for first, second in detour.gaps:
        yield "    " + said("gap", language, first=first, second=second)
    for arm in detour.missed_arms:
        yield "    " + said("missed", language, arm=_arm(arm, language))
    for place, way in enumerate(detour.ways):
        queue = _queue(delays[place], language) if delays is not None else ""
        arms = f"{_arm(way.from_arm, language)} → {_arm(way.to_arm, language)}"
        drive = _announced(way, detour, language) + _better(way, index, language) + queue
        yield f"    {arms}{colon}{drive}"
    if detour.ways and delays is None:
        yield "    " + said("line_no_counts", language)


def _drive_lines(
    journeys: tuple[Journey, ...], language: Language, site_names: Mapping[str, str]
) -> Iterator[str]:
    """The plant's own drives, in a line: how many change, and which by the most."""
    changed = [(j, j.before, j.during) for j in journeys if j.before and j.during and j.changed]
    if changed:
        worst, before, during = max(changed, key=lambda one: one[2].seconds - one[1].seconds)
        name = said(
            "there" if worst.outward else "back", language, site=site_names.get(worst.site, worst.site)
        )
        most = _extra(during, before, language)
        yield "  " + said(
            "line_drives", language, count=len(journeys), changed=len(changed), name=name, most=most
        )
    for site in dict.fromkeys(j.site for j in journeys if j.before and not j.during):
        yield "  " + said("line_stopped", language, site=site_names.get(site, site))


def _arm(arm: Arm, language: Language) -> str:
    return str(arm) if language == "en" else f"{arm.road}{said(arm.side, language)}"


def _like(road: str, index: RoadIndex, language: Language) -> str:
    if language == "en":
        return index.offer(road)
    near = index.near_names(road)
    return said("line_like", language, roads="、".join(near)) if near else ""


def _announced(way: Way, detour: Detour, language: Language) -> str:
    if way.announced is None:
        only = said("line_only_back", language) if way in detour.one_way_only else ""
        return said("line_no_announced", language, km=way.before.km, only=only)
    extra = _extra(way.announced, way.before, language)
    return said("line_announced", language, km=way.before.km, extra=extra)


def _extra(route: Route, before: Route, language: Language) -> str:
    # Adding zero turns a rounded −0.0 into 0.0.
    km = round(route.km - before.km, 1) + 0.0
    minutes = round((route.seconds - before.seconds) / 60, 1) + 0.0
    return said("line_extra", language, km=km, minutes=minutes)


def _better(way: Way, index: RoadIndex, language: Language) -> str:
    if way.better is None:
        return "" if way.best is not None else said("line_no_legal_way", language)
    roads = " → ".join(roads_of(way.better, index))
    return said("line_better", language, extra=_extra(way.better, way.before, language), roads=roads)


def _queue(delay: Delay, language: Language) -> str:
    if delay.low_minutes is None or delay.minutes is None:
        return said("line_queue_unknown", language, why=reason(delay.why, language))
    if delay.high_minutes is None:
        return said("line_queue_open", language, low=delay.low_minutes, middle=delay.minutes)
    return said("line_queue", language, low=delay.low_minutes, high=delay.high_minutes, middle=delay.minutes)
