"""The ends of a stretch: two roads, posts or landmarks, as the words between them tell."""

import re
from dataclasses import replace
from typing import Final

from juli.roads.notices.directions import TRAVEL, travelled
from juli.roads.notices.place_words import (
    ADDED,
    CORNER,
    CROSSED,
    HIGH,
    INTERCHANGE,
    LEAD,
    POST,
    POST_RANGE,
    TO,
    WAY_ALONE,
)
from juli.roads.notices.places import Spot
from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.skeleton import Skeleton
from juli.roads.notices.ways import way_of

_POSTS_BEHIND: Final = re.compile(rf"[,(]?(?:桩号:?)?{POST}处?{TO}{POST}\)?$", re.IGNORECASE)
_TAIL: Final = re.compile(
    "(?:的|[上下]?匝道|(?:区间)?(?<!铁)路段|区间|之?间|(?:这?一)?路?段|处|止|一带|为止|沿线|附近)$"
)
_STRIP: Final = re.compile(rf"{LEAD}|与(?={R})|止点[:为]?|终点[:为]?|[东南西北][至到]")


def in_one_form(said: str) -> str:
    """A side as it stands, or a way of travel in its one form."""
    if (way := way_of(said)) is not None:
        return way
    travel = TRAVEL.search(said)
    return travelled(travel) if travel is not None else said


class Ends:
    """Reads the ends of stretches in a notice's text."""

    def __init__(self, skeleton: Skeleton, text: str):
        self.skeleton = skeleton
        self.text = text

    def name(self, at: int) -> str:
        """The road whose sign stands at a place of the text."""
        return self.skeleton.names[at].name

    def with_brackets(self, spot: Spot) -> Spot:
        """Take in the brackets behind a stretch or junction that add posts, a length or the way to it."""
        if not (spot.stretch or spot.junction):
            return spot
        brackets = re.compile(r"(?P<way>[^,。;:()\n\ue000-\ue003]{0,8})\((?P<inside>[^()\n]{1,40})\)").match(
            self.text, spot.end_at
        )
        if brackets is None:
            return spot
        said = self.skeleton.quoted(*brackets.span("inside"))
        way = brackets["way"]
        if way and not WAY_ALONE.fullmatch(way):
            return spot
        side = spot.side or (in_one_form(way) if way else None)
        if WAY_ALONE.fullmatch(brackets["inside"]) and said not in ("双侧",):
            return replace(spot, end_at=brackets.end(), side=side or in_one_form(said))
        posts = POST_RANGE.fullmatch(brackets["inside"])
        if posts is not None:
            return replace(spot, end_at=brackets.end(), stretch=(posts[1], posts[2]), side=side)
        if ADDED.fullmatch(brackets["inside"]):
            return replace(spot, end_at=brackets.end(), side=side)
        return spot

    def range_of(self, at: int, end_at: int, road: str) -> tuple[str, str] | None:
        """The two ends that the words of a bracket tell: 乙路至丙路段, 介乎乙街与丙街之间."""
        while (lead := _STRIP.match(self.text, at, end_at)) is not None:
            at = lead.end()
        inside = self.text[at:end_at]
        tail = _POSTS_BEHIND.search(inside)
        if tail is not None and re.search(TO, inside[: tail.start()]):
            end_at, inside = at + tail.start(), inside[: tail.start()]
        if (posts := POST_RANGE.fullmatch(inside)) is not None:
            return posts[1], posts[2]
        cuts = list(re.finditer(TO, inside))
        words = [cut for cut in cuts if cut[0] in ("至", "到")]
        # 临泉路到北二环路: the name of a road that begins with 至 or 到 does not cut
        words = [cut for cut in words if cut.start() > 0 and cut.end() < len(inside)]
        cut = words[0] if len(words) == 1 else cuts[0] if len(cuts) == 1 else None
        if cut is None and not cuts:
            between = re.fullmatch(
                r"(?P<one>[^与和及、]+)[与和及](?P<other>[^与和及、]+?)(?:之?间.*|的?一段|的?路段|)", inside
            )
            led = self.text[at - 1 : at] in ("乎", "于")
            if between is None or not (
                led or "间" in inside or (R in between["one"] and R in between["other"])
            ):
                return None
            if not led and "间" not in inside and re.search(rf"{CORNER}|口$", inside):
                return None
            cut = re.compile("[与和及]").search(inside)
        if cut is None or not cut.start() > 0 or cut.end() >= len(inside):
            return None
        one = self.end(at, at + cut.start(), road)
        other = self.end(at + cut.end(), end_at, road)
        if not one or not other or TRAVEL.fullmatch(inside):
            return None
        return one, other

    def end(self, at: int, end_at: int, road: str) -> str:
        """Name the end of a stretch: a road, or the landmark as it is written."""
        while (lead := _STRIP.match(self.text, at, end_at)) is not None:
            at = lead.end()
        while (tail := _TAIL.search(self.text, at, end_at)) is not None:
            end_at = tail.start()
        if at >= end_at:
            return ""
        crossing = re.compile(CROSSED).fullmatch(self.text, at, end_at)
        if crossing is not None and not re.search(r"\d", self.text[at:end_at]):
            names = [self.name(place) for place in range(at, end_at) if self.text[place] == R]
            others = list(dict.fromkeys(name for name in names if name != road)) or names
            if len(others) == 1:
                return others[0]
            if HIGH.search(others[0]) and not INTERCHANGE.search(others[0]):
                return ""  # 甲高速乙立交: of another road than the one before the brackets
        return self.skeleton.quoted(at, end_at)
