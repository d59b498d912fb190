"""Write examples/dispatch/site.csv: two illustrative weeks of a small works with solar, and their forecasts.

Every number is made up. Run `python examples/make_dispatch.py` from the project's folder; it writes the same
file each time.
"""

import math
import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "dispatch"
DAYS, SLOTS = 14, 96


def rows() -> list[str]:
    """The lines of the file."""
    chance = random.Random(7)
    lines = ["time,consumption_kw,solar_kw,forecast_consumption_kw,forecast_solar_kw,air_celsius"]
    for day in range(DAYS):
        working = (day + 1) % 7 not in (5, 6)  # 2025-07-01 is a Tuesday
        level, sky = chance.uniform(0.85, 1.15), chance.uniform(0.3, 1.0)
        level_expected, sky_expected = (
            1 + 0.6 * (level - 1) + chance.gauss(0, 0.03),
            min(max(0.5 * sky + 0.3 + chance.gauss(0, 0.1), 0.1), 1.0),
        )
        wander = 0.0
        for slot in range(SLOTS):
            hour = slot / 4
            shift = 520 if working and 7.5 <= hour < 17 else 260 if working and 17 <= hour < 22 else 0
            furnace = 110 if working and 8 <= hour < 20 and slot % 6 < 3 else 0
            base = 190 + 40 * (9 <= hour < 23)
            sun = max(math.sin((hour - 5.2) / 13.6 * math.pi), 0.0) * 360
            wander = 0.9 * wander + chance.gauss(0, 12)
            consumption = max(base + (shift + furnace) * level + wander, 80)
            expected = base + (shift + furnace / 2 * (furnace > 0) + 27 * (shift > 0)) * level_expected
            air = 28 + 5 * math.sin((hour - 9) / 12 * math.pi)
            cloud = min(max(sky + chance.gauss(0, 0.08), 0.05), 1.0)
            numbers = (consumption, sun * cloud, expected, sun * sky_expected)
            lines.append(
                f"2025-07-{day + 1:02}T{slot // 4:02}:{slot % 4 * 15:02},"
                + ",".join(f"{number:.0f}" for number in numbers)
                + f",{air:.1f}"
            )
    return lines


if __name__ == "__main__":
    (FOLDER / "site.csv").write_text("\n".join(rows()) + "\n", encoding="utf-8")
