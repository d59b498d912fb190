"""A notice's drafts held against each other and against what is left over: what stands, and what falls."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from juli.roads.notices.acts import find_impacts, heading_impact
from juli.roads.notices.frames import Frames, Statement
from juli.roads.notices.reading import Reading, Unsure
from juli.roads.notices.times import Period
from juli.roads.notices.tree import Role, Sentence
from juli.roads.notices.zones import LANES, Draft, Zoning

_RANK: Final = ("ramp", "one_way", "half_closed", "closed!", "lanes", "closed", "works")
_GENERAL: Final = frozenset(("ramp", "one_way", "half_closed", "lanes", "closed"))


def read(frames: Frames) -> Reading:
    """Turn a notice's statements into zones."""
    zoning = Zoning(frames)
    if (denied := _DENIED.search(frames.skeleton.text)) is not None:
        return Reading((), (zoning.left_open("impact", *denied.span(), "what is said is denied"),))
    statements = _without_bare_limits([s for s in frames.statements if s.act.kind != "works"])
    drafts = zoning.drafts(statements)
    if not drafts and not zoning.unsure:
        drafts = zoning.drafts(s for s in frames.statements if s.act.kind == "works" and s.spots)
    named = {draft.spot.key for draft in drafts if draft.zone.impact != "movement"}
    headed = zoning.drafts(_headed(frames, alone=not drafts and not statements), quietly=bool(drafts))
    drafts += [draft for draft in headed if draft.spot.key not in named]
    drafts = _joined(frames, drafts)
    drafts = _without_bare_turns(_without_preambles(frames, _merged(drafts)))
    drafts = _with_turns(_halved(_ranked(_without_wholes(drafts), zoning)))
    drafts = Verdicts(zoning).standing(drafts)
    unsure = list(dict.fromkeys(zoning.unsure))
    if not drafts and not unsure:
        unsure.append(_nothing(frames))
    return Reading(tuple(draft.zone for draft in drafts), tuple(unsure))


_DENIED: Final = re.compile("征求意见稿?|意见稿|谣言|辟谣|不属实|不实(?:信息|消息)|网传")


def _nothing(frames: Frames) -> Unsure:
    """Why a notice without a statement has no zone."""
    if frames.over:
        return Unsure("impact", "", "the works are over")
    if not frames.spots:
        return Unsure("roads", "", "no road could be made out")
    return Unsure("impact", "", "nothing is said to be closed")


class Verdicts:
    """The drafts of one notice held against what the notice says besides them."""

    def __init__(self, zoning: Zoning):
        self.zoning = zoning
        self.frames = zoning.frames

    def standing(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The drafts that nothing gives the lie to; why the others fall goes to ``unsure``."""
        periods = list(self._other_periods(drafts))
        return [
            draft
            for draft in drafts
            if not self._against_title(draft, drafts)
            and not self._against_start(draft, drafts)
            and not self._against_periods(draft, drafts, periods)
        ]

    def _against_title(self, draft: Draft, drafts: Sequence[Draft]) -> bool:
        """Whether the title says half closed of what the text closes, or the other way round."""
        titles = self.frames.titles
        named = {
            road for sentence in titles for spot in self.frames.spots_in(sentence) for road in spot.roads
        }
        if not named and len({other.spot.roads for other in drafts}) > 1:
            return False
        for sentence in titles:
            for act in find_impacts(self.frames.filled, sentence.at, sentence.end_at):
                if named and not named & draft.roads:
                    continue
                said = {other.zone.impact for other in drafts if other.roads & draft.roads}
                differ = {act.kind, draft.zone.impact} == {"half_closed", "closed"} and act.kind not in said
                words = self.frames.filled[act.at : act.end_at]
                if differ and (act.kind == "half_closed" or "全" in words):
                    self._fall("impact", act.at, act.end_at, "the title and the text disagree")
                    return True
        return False

    def _against_start(self, draft: Draft, drafts: Sequence[Draft]) -> bool:
        """Whether a day of a beginning, told in the title or of a change, is not that of any zone."""
        for at, period in self.frames.skeleton.periods.items():
            sentence = self.frames.sentence_at(at)
            if sentence is None or period.start is None or period.end is not None:
                continue
            named = {road for spot in self.frames.spots_in(sentence) for road in spot.roads}
            if named and not named & draft.roads:
                continue
            days = {other.zone.start.date() for other in drafts}
            if _OPEN_AGAIN.match(self.frames.skeleton.text, at + 1):
                continue
            changed = _CHANGED.search(self.frames.skeleton.text, at, sentence.end_at)
            within = draft.zone.start < period.start < draft.zone.end
            said = sentence.title or any(st.sentence is sentence for st in self.frames.statements)
            if (said and period.start.date() not in days) or (changed and within):
                quoted = self.zoning.left_open_when("start", period, "the notice also names this day")
                if "月" in quoted.text or changed:
                    self.zoning.unsure.append(quoted)
                    return True
        return False

    def _other_periods(self, drafts: Sequence[Draft]) -> Iterator[tuple[Period, Sentence]]:
        """The periods that no zone has."""
        used = {(draft.zone.start, draft.zone.end) for draft in drafts}
        if not used:
            return
        hull = (min(start for start, _ in used), max(end for _, end in used))
        for at, period in self.frames.skeleton.periods.items():
            if period.start is None or period.end is None or (period.start, period.end) in used | {hull}:
                continue
            sentence = self.frames.sentence_at(at)
            changed = sentence is not None and (at, period) not in self.frames.periods_in(sentence)
            if sentence is not None and sentence.number not in self.frames.over and not changed:
                yield period, sentence

    def _against_periods(
        self, draft: Draft, drafts: Sequence[Draft], periods: Sequence[tuple[Period, Sentence]]
    ) -> bool:
        """Whether a period that no zone has, as in the title, gives the lie to a zone's."""
        zone = draft.zone
        for period, sentence in periods:
            named = {road for spot in self.frames.spots_in(sentence) for road in spot.roads}
            if period.start is None or period.end is None or (named and not named & draft.roads):
                continue
            around = period.start <= zone.start and zone.end <= period.end
            if around and (len({(d.zone.start, d.zone.end) for d in drafts}) > 1 or not sentence.title):
                continue
            mine = draft.statement.sentence
            if not sentence.title and sentence.node not in mine.path:
                continue
            if sentence is not mine and any(s.sentence is sentence for s in self.frames.statements):
                continue
            if sentence is not mine and sentence.phase and sentence.phase != mine.phase:
                continue
            if period.start < zone.end and zone.start < period.end:
                about = "start" if period.start != zone.start else "end"
                why = f"the notice also says {zone.evidence['start'].text}"
                self.zoning.unsure.append(self.zoning.left_open_when(about, period, why))
                return True
        return False

    def _fall(self, about: str, at: int, end_at: int, why: str) -> None:
        self.zoning.unsure.append(self.zoning.left_open(about, at, end_at, why))


#: 5月1日起恢复双向通行
_OPEN_AGAIN: Final = re.compile("起?,?(?:全面)?恢复")
_CHANGED: Final = re.compile("(?:改|调整|变更)[为成]|改(?:封闭|施工|占用|由)")
_FINER: Final = frozenset(("half_closed", "lanes", "one_way"))
_PREAMBLE: Final = re.compile("如下|具体(?:安排|为)|分[两二三四多\\d]?个?(?:阶段|期|段|步)|下列|以下")


def _without_preambles(frames: Frames, drafts: Sequence[Draft]) -> list[Draft]:
    """Leave out what leads over to a list (…分段半封闭施工,具体如下:) that tells the same road's parts."""
    kept = []
    for draft in drafts:
        sentence = draft.statement.sentence
        leads = _PREAMBLE.search(frames.filled, draft.statement.act.at, sentence.end_at) is not None
        leads |= re.search("分[两二三四多段]", frames.filled[sentence.at : sentence.end_at]) is not None
        parts = [
            other
            for other in drafts
            if other.statement.sentence.number > sentence.number
            and other.roads & draft.roads
            and draft.zone.start <= other.zone.start
            and other.zone.end <= draft.zone.end
        ]
        whole = not sentence.node.level and draft.zone.impact == "closed" and not draft.statement.act.strong
        finer = [d for d in parts if d.statement.sentence.node.level and d.zone.impact in _FINER]
        if not (leads and parts) and not (whole and finer):
            kept.append(draft)
    return kept


def _without_wholes(drafts: Sequence[Draft]) -> list[Draft]:
    """Leave out a road's whole time where its phases tell of parts of it that fill the time."""
    kept = []
    for draft in drafts:
        zone = draft.zone
        parts = [
            other.zone
            for other in drafts
            if other is not draft
            and other.statement.sentence.phase
            and other.spot.roads == draft.spot.roads
            and (other.zone.stretch, other.zone.direction) != (zone.stretch, zone.direction)
        ]
        starts, ends = {part.start for part in parts}, {part.end for part in parts}
        fills = (
            zone.impact in _GENERAL
            and len(starts) > 1
            and min(starts) == zone.start
            and max(ends) == zone.end
        )
        if not (fills and not draft.statement.sentence.phase):
            kept.append(draft)
    return kept


def _without_bare_turns(drafts: Sequence[Draft]) -> list[Draft]:
    """Leave out a turn told without its way, as in a headline, where the text tells the ways of it."""
    told = {
        (frozenset(draft.roads), draft.zone.direction[-2:], draft.zone.start, draft.zone.end)
        for draft in drafts
        if draft.zone.impact == "movement" and draft.zone.direction and len(draft.zone.direction) > 2
    }
    return [
        draft
        for draft in drafts
        if draft.zone.impact != "movement"
        or (frozenset(draft.roads), draft.zone.direction, draft.zone.start, draft.zone.end) not in told
    ]


def _halved(drafts: Sequence[Draft]) -> list[Draft]:
    """Join the way that a half-closed road turns away to its zone: 南半幅封闭施工,禁止由西往东通行."""

    def occasion(draft: Draft) -> tuple[object, ...]:
        zone = draft.zone
        return id(draft.statement.sentence), draft.spot.key, zone.start, zone.end, zone.daily

    halves = {occasion(d) for d in drafts if d.zone.impact == "half_closed"}
    turned = {
        id(d): d
        for d in drafts
        if d.zone.impact == "closed" and (d.zone.direction or "").startswith("由") and occasion(d) in halves
    }
    kept = []
    for draft in drafts:
        if id(draft) in turned:
            continue
        ways = [d for d in turned.values() if occasion(d) == occasion(draft)]
        if draft.zone.impact == "half_closed" and ways:
            detours = dict.fromkeys(chain for d in (draft, *ways) for chain in d.zone.detours)
            evidence = dict(draft.zone.evidence)
            if "detours" in ways[0].zone.evidence:
                evidence.setdefault("detours", ways[0].zone.evidence["detours"])
            draft = replace(draft, zone=replace(draft.zone, detours=tuple(detours), evidence=evidence))
        kept.append(draft)
    return kept


def _with_turns(drafts: Sequence[Draft]) -> list[Draft]:
    """Join the turns that a half-closed junction bars to its zone: 半封闭施工,禁止由南向北直行."""

    def occasion(draft: Draft) -> tuple[object, ...]:
        return draft.spot.key, draft.zone.start, draft.zone.end, draft.zone.daily

    halves = {
        occasion(d)
        for d in drafts
        if d.zone.impact == "half_closed" and d.zone.junction is not None and d.zone.direction is None
    }
    turns: dict[tuple[object, ...], list[Draft]] = {}
    for draft in drafts:
        if (
            draft.zone.impact == "movement"
            and "向" in (draft.zone.direction or "")
            and occasion(draft) in halves
        ):
            turns.setdefault(occasion(draft), []).append(draft)
    joined = {id(draft) for found in turns.values() for draft in found}
    kept = []
    for draft in drafts:
        zone, barred = draft.zone, turns.get(occasion(draft), [])
        if id(draft) in joined:
            continue
        if barred and zone.impact == "half_closed" and zone.direction is None:
            evidence = {**zone.evidence, "direction": barred[0].zone.evidence["impact"]}
            detours = dict.fromkeys(chain for d in (draft, *barred) for chain in d.zone.detours)
            told = "、".join(dict.fromkeys(d.zone.direction or "" for d in barred))
            zone = replace(zone, direction=told, detours=tuple(detours), evidence=evidence)
        kept.append(replace(draft, zone=zone))
    return kept


def _without_bare_limits(statements: Sequence[Statement]) -> list[Statement]:
    """A limit alone keeps out who is over it; beside other works it is a limit of theirs."""
    others = any(s.act.kind != "limit" for s in statements)
    return [s for s in statements if s.act.kind != "limit" or not others]


def _headed(frames: Frames, *, alone: bool) -> Iterator[Statement]:
    """What the headings of places (封闭路段) say is done; where nothing else does, those of times."""
    act = heading_impact(frames.filled) if alone else None
    kinds = {s.act.kind for s in frames.statements} & _GENERAL
    halves = kinds == {"half_closed"}
    for sentence in frames.sentences:
        if sentence.role is Role.PLACE and frames.spots_in(sentence):
            own = next(
                (
                    found
                    for node in reversed(sentence.path)
                    if node.role is Role.PLACE
                    and (found := heading_impact(frames.filled, node.at, node.head_end)) is not None
                ),
                act,
            )
            if any(s.sentence is sentence and s.act.kind != "works" for s in frames.statements):
                continue  # it tells itself what is done
            spots = [s for s in frames.spots_in(sentence) if not frames.mentioned(s)]
            halved = spots and all(_HALVED.match(frames.skeleton.text, s.end_at) for s in spots)
            lanes = spots and all(LANES.match(frames.skeleton.text, s.end_at) for s in spots)
            if own is None or (own.kind == "fenced" and not halved and not lanes):
                continue
            alone = False
            if lanes:
                own = replace(own, kind="lanes")
            elif halved or halves:
                own = replace(own, kind="half_closed")
            yield Statement(sentence, own, spots, sentence.at, sentence.end_at, headed=True)
    if (
        alone
        and act is not None
        and act.kind != "fenced"
        and (stands := frames.sentence_at(act.at)) is not None
    ):
        # 对甲路进行改造。封闭时间:…
        yield Statement(stands, act, [], act.at, act.end_at, headed=True)


_HALVED: Final = re.compile(r"的?\(?(?:[东南西北左右]侧?)?半?幅")


def _joined(frames: Frames, drafts: Sequence[Draft]) -> list[Draft]:
    """Join the plain roads to which a statement does one thing at one time."""
    joined: dict[tuple[object, ...], Draft] = {}
    for index, draft in enumerate(drafts):
        zone = draft.zone
        stands = frames.sentence_at(draft.spot.at)
        alike = draft.spot.plain and zone.direction is None and zone.impact != "movement"
        key: tuple[object, ...] = (index,)
        if alike:
            key = (
                id(draft.statement),
                stands.number if stands is not None else -1,
                zone.impact,
                zone.start,
                zone.end,
                zone.daily,
                zone.detours,
            )
        if (twin := joined.get(key)) is not None:
            roads = tuple(dict.fromkeys((*twin.zone.roads, *zone.roads)))
            spot = replace(twin.spot, roads=roads, end_at=draft.spot.end_at)
            draft = replace(twin, zone=replace(twin.zone, roads=roads), spot=spot)
        joined[key] = draft
    return list(joined.values())


def _merged(drafts: Sequence[Draft]) -> list[Draft]:
    """Join drafts that differ in nothing but their detours."""
    merged: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        zone = draft.zone
        way = zone.direction if zone.direction != "双向" else None
        key = (draft.spot.key, zone.impact, way, zone.start, zone.end, zone.daily)
        if (twin := merged.get(key)) is not None:
            detours = tuple(dict.fromkeys((*twin.zone.detours, *zone.detours)))
            whom = min(twin.zone.applies_to, zone.applies_to, key=("through", "trucks", "all").index)
            evidence = {**zone.evidence, **twin.zone.evidence}
            draft = replace(
                twin, zone=replace(twin.zone, detours=detours, applies_to=whom, evidence=evidence)
            )
        merged[key] = draft
    return list(merged.values())


def _ranked(drafts: Sequence[Draft], zoning: Zoning) -> list[Draft]:
    """Of several general things said of one place at one time, keep the one that says most."""
    dropped: set[int] = set()
    for index, one in enumerate(drafts):
        for other in drafts[index + 1 :]:
            a, b = one.zone, other.zone
            if not (a.start < b.end and b.start < a.end):
                continue
            if not {a.impact, b.impact} <= _GENERAL:
                continue
            if one.spot.ramp and other.spot.ramp and a.evidence["roads"].text != b.evidence["roads"].text:
                continue  # two ramps of one road
            if one.spot.key != other.spot.key:
                whole = [d for d in (one, other) if d.spot.plain]
                if len(whole) == 1 and whole[0].spot.roads[0] in one.roads & other.roads:
                    dropped.add(id(whole[0]))
                continue
            relative = [d for d in (one, other) if _RELATIVE.fullmatch(d.zone.direction or "")]
            apart = a.direction and b.direction and a.direction != b.direction
            if apart and len(relative) == 1 and a.impact == b.impact:
                dropped.add(id(relative[0]))
                continue
            if apart and "one_way" not in (a.impact, b.impact):
                continue
            inside = (b.start <= a.start and a.end <= b.end, a.start <= b.start and b.end <= a.end)
            if inside in ((True, False), (False, True)):
                shorter, longer = (one, other) if inside[0] else (other, one)
                if (
                    (a.impact, a.direction) == (b.impact, b.direction)
                    and (a.start == b.start) != (a.end == b.end)
                    and a.daily == b.daily
                    and not re.search("其中", zoning.text)
                    and not shorter.statement.sentence.phase
                ):
                    about = "start" if a.start != b.start else "end"
                    why = f"of the same place the notice also says {b.evidence[about].text}"
                    zoning.unsure.append(Unsure(about, a.evidence[about].text, why))
                    dropped |= {id(one), id(other)}
                    continue
                if _for_a_while(longer, shorter):
                    continue
                dropped.add(id(longer))
                continue
            strong = {d.zone.impact + "!" * d.statement.act.strong for d in (one, other)}
            if inside == (False, False) or (a.daily == b.daily and strong == {"half_closed", "closed!"}):
                about = "start" if inside == (False, False) else "impact"
                why = f"of the same place the notice also says {b.evidence[about].text}"
                zoning.unsure.append(Unsure(about, a.evidence[about].text, why))
                dropped |= {id(one), id(other)}
                continue
            if a.daily != b.daily:
                if a.daily is None or b.daily is None:
                    bare = one if a.daily is None else other
                    if bare.statement.sentence is not (other if bare is one else one).statement.sentence:
                        continue
                    dropped.add(id(bare))
                continue
            dropped.add(id(max(one, other, key=_rank)))
    kept = []
    for draft in drafts:
        if id(draft) in dropped:
            continue
        if draft.zone.direction is None and draft.zone.impact != "one_way":
            ways = {
                d.zone.direction
                for d in drafts
                if id(d) in dropped
                and d.statement.spots
                and d.spot.key == draft.spot.key
                and d.zone.direction
                and d.zone.start < draft.zone.end
                and draft.zone.start < d.zone.end
                and d.zone.impact in _GENERAL
                and d.zone.impact != "one_way"
            }
            if len(ways) == 1:
                draft = replace(draft, zone=replace(draft.zone, direction=ways.pop()))
        kept.append(draft)
    return kept


_RELATIVE: Final = re.compile("最?[左右]侧")


def _for_a_while(whole: Draft, part: Draft) -> bool:
    """Whether works that close a half close the whole for a part of their time."""
    a, b = whole.zone, part.zone
    return (a.impact, b.impact) == ("half_closed", "closed") and b.end - b.start < (a.end - a.start) / 2


def _rank(draft: Draft) -> int:
    strong = "!" * (draft.zone.impact == "closed" and draft.statement.act.strong)
    return _RANK.index(draft.zone.impact + strong)
