"""``works.html``: a notice's works on the map, its detours in numbers; one file, no request to anywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from juli.plant.model import Language
from juli.plant.road_map import RoadMap
from juli.report.works.drawing import ANNOUNCED, BEFORE, BETTER, Layer, draw
from juli.report.works.reasons import problem_text, reason
from juli.report.works.words import said
from juli.roads.delay import Delay
from juli.roads.detour import Arm, Detour, Way, ZoneCheck
from juli.roads.graph import Route
from juli.roads.journeys import Journey
from juli.roads.road_index import RoadIndex

_STYLE = """
body { margin: 0; background: #f5f7f9; color: #1f2a37; font-variant-numeric: tabular-nums;
  font: 15px/1.5 "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; margin: 0; }
h2 { font-size: 19px; margin: 28px 0 4px; } h3 { font-size: 16px; margin: 4px 0; }
.card { background: #fff; border: 1px solid #e3e8ee; border-radius: 10px;
  padding: 14px 18px; margin: 10px 0; }
svg { display: block; width: 100%; height: auto; border: 1px solid #e3e8ee; border-radius: 6px; }
svg text { font-size: 12px; } svg .name { paint-order: stroke; stroke: #fff; stroke-width: 3px; }
.legend rect { fill: #fff; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; margin-top: 10px; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid #e3e8ee; vertical-align: top; }
thead th { color: #5b6878; font-weight: 500; }
.good { color: #1d7a4f; } .bad { color: #b4322a; } .muted { color: #5b6878; }
.two { display: grid; gap: 12px; grid-template-columns: 1fr 1fr; }
.two p { margin: 0 0 4px; font-weight: 600; }
"""


@dataclass(frozen=True)
class WorksZone:
    """One zone of a notice, checked, and what it does to the plant's own drives.

    Parameters
    ----------
    check
        The closure and its detours.
    delays
        For each detour, the delay of each of its ways; None where there are no counts at all.
    journeys
        The plant's drives; none without a plant.
    """

    check: ZoneCheck
    delays: tuple[tuple[Delay, ...], ...] | None = None
    journeys: tuple[Journey, ...] = ()


def works_page(
    title: str,
    zones: Sequence[WorksZone],
    unsure: Sequence[str],
    road_map: RoadMap,
    language: Language,
    site_names: dict[str, str] | None = None,
    home: str | None = None,
) -> str:
    """Write the page.

    Parameters
    ----------
    title
        The notice's name.
    zones, unsure
        What was checked, and what could not be read.
    road_map
        The map that both are on.
    language
        Of the page.
    site_names, home
        Names of the plant's sites by id, and the junction at its gate.
    """
    writer = _Writer(road_map, language, site_names or {}, home)
    body = [f"<h1>{said('title', language)}</h1>", f"<p class='muted'>{escape(title)}</p>"]
    for zone in zones:
        body += writer.zone(zone)
    body += [f"<p class='bad'>{escape(said('unsure', language, what=what))}</p>" for what in unsure]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main>{''.join(body)}</main></body></html>"
    )


class _Writer:
    def __init__(self, road_map: RoadMap, language: Language, site_names: dict[str, str], home: str | None):
        self.road_map = road_map
        self.index = RoadIndex(road_map)
        self.language: Language = language
        self.site_names = site_names
        self.home = home

    def say(self, key: str, **values: object) -> str:
        return escape(said(key, self.language, **values))

    def arm(self, arm: Arm) -> str:
        """The road of an arm, and its side of the works."""
        return f"{arm.road} {said(arm.side, self.language)}"

    def arms(self, way: Way) -> str:
        """From which arm to which."""
        return f"{self.arm(way.from_arm)} → {self.arm(way.to_arm)}"

    def zone(self, zone: WorksZone) -> list[str]:
        """One zone: its facts, each detour with its table and picture, and the plant's drives."""
        check = zone.check
        closure = check.closure
        if closure is None:
            reasons = "; ".join(problem_text(problem, self.language) for problem in check.problems)
            return [f"<p class='bad'>{self.say('unclear', why=reasons)}</p>"]
        facts = [
            self.say("from_to", start=closure.start, end=closure.end),
            self.say(closure.applies_to.value),
        ]
        if closure.daily:
            facts.insert(1, self.say("daily", first=closure.daily[0], last=closure.daily[1]))
        parts = [f"<h2>{escape(closure.id)}</h2><p class='muted'>{' · '.join(facts)}</p>"]
        if not check.detours:
            parts.append(f"<div class='card'><p>{self.say('no_detour')}</p>")
            parts += [draw(self.road_map, closure, (), self.language), "</div>"]
        for number, detour in enumerate(check.detours):
            parts += self.detour(zone, detour, zone.delays[number] if zone.delays is not None else None)
        if zone.journeys and check.moment is not None:
            parts += self.drives(zone)
        return parts

    def detour(self, zone: WorksZone, detour: Detour, delays: Sequence[Delay] | None) -> list[str]:
        closure = zone.check.closure
        assert closure is not None
        parts = [f"<div class='card'><h3>{escape(' → '.join(detour.roads))}</h3>", self.verdict(detour)]
        parts += [
            f"<p class='bad'>{self.say('unknown', road=road, like=self.index.offer(road))}</p>"
            for road in detour.unknown
        ]
        parts += [f"<p class='bad'>{self.say('gap', first=a, second=b)}</p>" for a, b in detour.gaps]
        parts += [f"<p class='bad'>{self.say('missed', arm=self.arm(arm))}</p>" for arm in detour.missed_arms]
        parts += [
            f"<p class='bad'>{self.say('one_way', way=self.arms(way))}</p>" for way in detour.one_way_only
        ]
        layers = [
            Layer(self.say("before"), BEFORE, 7, _segments(way.before for way in detour.ways)),
            Layer(self.say("announced"), ANNOUNCED, 4.5, _segments(way.announced for way in detour.ways)),
            Layer(self.say("better"), BETTER, 2.5, _segments(way.better for way in detour.ways), "7 4"),
        ]
        layers = [layer for layer in layers if layer.segments]
        parts.append(draw(self.road_map, closure, layers, self.language))
        if detour.ways:
            parts.append(self.table(detour.ways, delays))
            parts.append(f"<p class='muted'>{self.say('queue_note')}</p>")
        return [*parts, "</div>"]

    def verdict(self, detour: Detour) -> str:
        if detour.ways:
            key = "connects" if detour.connects else "broken"
        else:
            key = "too_large" if detour.undrivable else "unmet"
        return f"<p class='{'good' if key == 'connects' else 'bad'}'><b>{self.say(key)}</b></p>"

    def table(self, ways: Sequence[Way], delays: Sequence[Delay] | None) -> str:
        keys = ("column_way", "column_before", "column_announced", "column_better", "column_queue")
        head = "".join(f"<th>{self.say(key)}</th>" for key in keys)
        rows = []
        for number, way in enumerate(ways):
            delay = delays[number] if delays is not None else None
            cells = (
                escape(self.arms(way)),
                self.say("length", km=way.before.km, minutes=way.before.seconds / 60),
                self.extra(way.announced, way.before),
                "" if way.better is None and way.best is not None else self.extra(way.better, way.before),
                self.queue(delay),
            )
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"

    def extra(self, route: Route | None, before: Route) -> str:
        if route is None:
            return f"<span class='bad'>{self.say('no_way')}</span>"
        km, minutes = route.km - before.km, (route.seconds - before.seconds) / 60
        return self.say("extra", km=round(km, 1) + 0.0, minutes=round(minutes, 1) + 0.0)

    def queue(self, delay: Delay | None) -> str:
        if delay is None:
            return self.say("no_counts")
        if delay.low_minutes is None or delay.minutes is None:
            return escape(reason(delay.why, self.language))
        if delay.high_minutes is None:
            return self.say("open_range", low=delay.low_minutes, middle=delay.minutes)
        return self.say("range", low=delay.low_minutes, high=delay.high_minutes, middle=delay.minutes)

    def drives(self, zone: WorksZone) -> list[str]:
        """The plant's drives before and after, side by side."""
        check, journeys = zone.check, zone.journeys
        assert check.closure is not None
        places = [(self.home, self.say("plant"))] if self.home else []
        places += [
            (j.before.to_junction, self.site_names.get(j.site, j.site))
            for j in journeys
            if j.outward and j.before is not None
        ]
        both = [(_segments([j.before]), _segments([j.during])) for j in journeys if j.changed]
        focus = frozenset[str]().union(*(before ^ during for before, during in both))
        parts = [f"<div class='card'><h3>{self.say('drives', when=check.moment)}</h3><div class='two'>"]
        for key, colour, routes in (
            ("before", BEFORE, [j.before for j in journeys]),
            ("during", ANNOUNCED, [j.during for j in journeys]),
        ):
            layer = Layer(self.say(key), colour, 4.5, _segments(routes))
            picture = draw(
                self.road_map, check.closure, (layer,), self.language, places, (560.0, 460.0), focus
            )
            parts.append(f"<div><p>{self.say(key)}</p>{picture}</div>")
        head = "".join(f"<th>{self.say(key)}</th>" for key in ("column_way", "column_before", "during"))
        rows = []
        for journey in journeys:
            name = self.site_names.get(journey.site, journey.site)
            cells = [
                self.say("there" if journey.outward else "back", site=name),
                self.say("no_way")
                if journey.before is None
                else self.say("length", km=journey.before.km, minutes=journey.before.seconds / 60),
                self.say("unchanged")
                if not journey.changed or journey.before is None
                else self.extra(journey.during, journey.before),
            ]
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        return [*parts, "</div>", table, "</div>"]


def _segments(routes: Iterable[Route | None]) -> frozenset[str]:
    return frozenset(name for route in routes if route is not None for name in route.segments)
