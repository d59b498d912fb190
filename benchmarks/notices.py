"""The notice reader: scores on the labelled notices, notices a second, and how the time grows with length.

Run with ``python -m benchmarks.notices [--quick]``. The labels are those of the tests. The peer is a pattern
of twenty lines that takes the first road and the first range of dates, as one would write it in an hour.
"""

import argparse
import importlib.util
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from juli.roads.notices import read_notice
from juli.roads.notices.reader import LONGEST

LABELLED = Path(__file__).resolve().parent.parent / "tests" / "roads" / "notices" / "labelled.py"
#: What stands around the notices of the tests in a notice that is printed in full.
PREAMBLE = (
    "为保障施工期间道路交通安全、有序、畅通,根据《中华人民共和国道路交通安全法》第三十九条、《江苏省道路交通安全条例》"
    "第四十一条之规定,现就有关事项通告如下:\n"
)
CLOSING = (
    "\n请广大交通参与者自觉遵守道路交通安全法律法规,按照现场交通标志、标线指示通行,服从交通警察和现场管理人员的指挥,"
    "提前规划出行路线。对违反本通告规定的,公安机关交通管理部门将依法予以处罚。施工给您带来的不便,敬请谅解。\n特此通告。"
)


def labelled() -> ModuleType:
    """The tests' own labels and score."""
    spec = importlib.util.spec_from_file_location("labelled", LABELLED)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["labelled"] = module
    spec.loader.exec_module(module)
    return module


_PEER = re.compile(
    r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日.{0,4}?(?:至|到|-|—)(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日"
)
_PEER_ROAD = re.compile(
    r"([一-鿿]{2,4}?(?:路|街|大道|大桥))[((]([一-鿿]{2,5}?)[至到—\-]([一-鿿]{2,5}?)段?[))]"
)


def peer(text: str, published: date) -> tuple[str, str, str, date, date] | None:
    """Road, ends of the stretch, start and end by two patterns."""
    when, where = _PEER.search(text), _PEER_ROAD.search(text)
    if when is None or where is None:
        return None
    year = int(when[1] or published.year)
    try:
        start = date(year, int(when[2]), int(when[3]))
        end = date(int(when[4] or year), int(when[5] or when[2]), int(when[6])) + timedelta(days=1)
    except ValueError:
        return None
    return where[1], where[2], where[3], start, end


def peer_score(module: ModuleType, case: dict[str, Any]) -> tuple[int, int, int]:
    """Right, silent, wrong of the peer, on the dates and the stretch alone."""
    labels = module.labels(case)
    found = peer(case["text"], case["published"])
    if found is None:
        return 0, len(labels), 0
    road, first, last, start, end = found
    right = any(
        label["roads"] == [road]
        and label["stretch"] == [first, last]
        and label["start"][:10] == start.isoformat()
        and label["end"][:10] == end.isoformat()
        for label in labels
    )
    return int(right), max(0, len(labels) - 1), int(not right)


def cpu_seconds(work: Callable[[], object], repeats: int) -> float:
    """The median processor time of some work."""
    times = []
    for _ in range(repeats):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def show_scores(module: ModuleType, names: Sequence[str]) -> None:
    """Print the scores of each set, now that the grammar is mended for all of them."""
    print("| set | notices | zones | right | silent | wrong | peer right | peer silent | peer wrong |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in names:
        cases = module.notices(name)
        score = module.Score(0, 0, 0)
        others = [0, 0, 0]
        for case in cases:
            score += module.score(case, module.read(case))
            others = [a + b for a, b in zip(others, peer_score(module, case), strict=True)]
        zones = sum(len(case["zones"]) for case in cases)
        counts = (len(cases), zones, score.right, score.silent, score.wrong, *others)
        print(f"| {name} | {' | '.join(map(str, counts))} |")
    print()


def show_speed(texts: Sequence[tuple[str, date]], repeats: int) -> None:
    """Print how many notices are read a second, as they stand in the tests and in full length."""
    print("| notices | characters each | a second | peer, a second |")
    print("|---|---|---|---|")
    full = [(PREAMBLE + text + CLOSING, published) for text, published in texts]
    for name, notices in (("as in the tests", texts), ("with preamble and closing", full)):
        own = cpu_seconds(lambda n=notices: [read_notice(*one) for one in n], repeats)  # type: ignore[misc]
        other = cpu_seconds(lambda n=notices: [peer(*one) for one in n], repeats)  # type: ignore[misc]
        characters = statistics.mean(len(text) for text, _ in notices)
        print(f"| {name} | {characters:.0f} | {len(notices) / own:,.0f} | {len(notices) / other:,.0f} |")
    print()


def show_growth(texts: Sequence[tuple[str, date]], lengths: Sequence[int], repeats: int) -> None:
    """Print the time for texts that are many notices in one."""
    print("| characters | milliseconds | per 1,000 characters | zones | unsure |")
    print("|---|---|---|---|---|")
    body = "\n".join(text for text, _ in texts)
    for length in lengths:
        text = (body * (length // len(body) + 1))[:length]
        reading = read_notice(text, texts[0][1])
        took = 1000 * cpu_seconds(lambda t=text: read_notice(t, texts[0][1]), repeats)  # type: ignore[misc]
        each = took / length * 1000
        print(f"| {length:,} | {took:.1f} | {each:.2f} | {len(reading.zones)} | {len(reading.unsure)} |")
    print(f"\nA text of more than {LONGEST:,} characters is refused whole.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="One round, two sets.")
    quick = parser.parse_args().quick
    module = labelled()
    names = module.names()[:2] if quick else module.names()
    texts = [(case["text"], case["published"]) for name in names for case in module.notices(name)]
    show_scores(module, names)
    show_speed(texts, 1 if quick else 5)
    lengths = (1_000, 2_000) if quick else (1_000, 2_500, 5_000, 10_000, 20_000, 1_000_000)
    show_growth(texts, lengths, 1 if quick else 3)


if __name__ == "__main__":
    main()
