"""Write what is too long to write by hand in examples/switchgear: orders, forecast, road map, stock of bars.

Run it from the project's root: ``python examples/make_switchgear.py``. It draws on a fixed seed, so it writes
the same files every time. Everything in them is invented: plausible, and illustrative only.
"""

import csv
import io
import json
import math
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import yaml

FOLDER = Path(__file__).parent / "switchgear"
MONDAY = date(2023, 12, 18)

# ------------------------------------------------------------------------------------------------ roads
# A grid around the crossing of 长扬路 and 腾龙路, which is column 0, row 0; north of 长顺路 the latter is
# called 腾龙大道. The six roads that the notice names lie round that crossing, each crossing the next:
# 长顺路 (row 1), 禾香路 (column 1), 延政西路 (row -1), 锦华路 (column -1), 西太湖大道 (row 2) and 凤苑路
# (column 2).
COLUMNS = {
    -4: ("环湖路", "huanhu", 40),
    -3: ("绿杨路", "lvyang", 40),
    -2: ("稻香路", "daoxiang", 40),
    -1: ("锦华路", "jinhua", 40),
    0: ("腾龙路", "tenglong", 60),
    1: ("禾香路", "hexiang", 40),
    2: ("凤苑路", "fengyuan", 40),
    3: ("凤栖路", "fengqi", 40),
    4: ("云湖路", "yunhu", 40),
    5: ("武宜路", "wuyi", 60),
}
ROWS = {
    5: ("滨湖北路", "binhubei", 40),
    4: ("长虹西路", "changhong", 50),
    3: ("兰香路", "lanxiang", 30),
    2: ("西太湖大道", "xitaihu", 50),
    1: ("长顺路", "changshun", 40),
    0: ("长扬路", "changyang", 60),
    -1: ("延政西路", "yanzheng", 50),
    -2: ("湖滨路", "hubin", 40),
    -3: ("祥云路", "xiangyun", 30),
    -4: ("滨湖南路", "binhunan", 40),
}
#: Stretches that were never built, by row or column and the lower junction of the two.
UNBUILT_ROW = {(5, -4), (4, -4), (3, -4), (3, -3), (-3, 3), (-3, 4), (-4, 2), (3, 3), (-2, -1), (-3, -1)}
UNBUILT_COLUMN = {(-4, 3), (-4, 4), (-3, 3), (4, -4), (4, 2), (-2, 3), (3, -4), (1, -3), (-1, -4), (4, -2)}
#: Roads that leave the grid: name, from, to, where the town lies (column, row), its speed.
OUTER = [
    ("厂前路", "changyang-daoxiang", "gate", (-2.0, 0.35), 20),
    ("腾龙大道", "binhubei-tenglong", "xinbei", (0.4, 15.0), 70),
    ("武宜路", "binhubei-wuyi", "zhonglou", (5.6, 11.0), 60),
    ("长虹路", "changhong-wuyi", "tianning", (12.0, 6.5), 60),
    ("钟楼大道", "zhonglou", "tianning", (12.0, 6.5), 50),
    ("延政大道", "yanzheng-wuyi", "hutang", (9.5, -1.2), 60),
    ("长扬东路", "changyang-wuyi", "hutang", (9.5, -1.2), 50),
    ("湖塘大道", "hutang", "luoyang", (18.0, -3.0), 60),
    ("天宁大道", "tianning", "hutang", (9.5, -1.2), 50),
    ("横山大道", "tianning", "hengshan", (22.0, 7.5), 60),
    ("武宜南路", "binhunan-wuyi", "qianhuang", (6.0, -14.0), 60),
    ("常金路", "changhong-lvyang", "jintan", (-26.0, 6.0), 70),
    ("环湖南路", "binhunan-huanhu", "taige", (-7.0, -11.0), 50),
]
FAST = {"腾龙路", "腾龙大道", "长扬路", "武宜路", "延政西路", "西太湖大道", "长虹路", "延政大道"}
RUSH = [1.0] * 7 + [0.7, 0.65, 0.85] + [0.95] * 7 + [0.65, 0.7, 0.9] + [1.0] * 4


def position(column: float, row: float) -> tuple[float, float]:
    """Longitude and latitude of a place on the grid, which is drawn a little askew."""
    lon = 119.862 + 0.0098 * column + 0.0006 * row + 0.0011 * math.sin(1.7 * column)
    lat = 31.716 + 0.0074 * row - 0.0004 * column + 0.0007 * math.sin(1.3 * row)
    return round(lon, 5), round(lat, 5)


def junction(column: int, row: int) -> str:
    """The id of a crossing: both roads' names in Latin letters."""
    return f"{ROWS[row][1]}-{COLUMNS[column][1]}"


def road_map() -> str:
    """The schematic map as GeoJSON, a feature a line."""
    places = {junction(c, r): position(c, r) for r in ROWS for c in COLUMNS}
    places |= {town: position(*at) for _, _, town, at, _ in OUTER}
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": at},
            "properties": {"junction": name},
        }
        for name, at in places.items()
    ]

    def add(road: str, begin: str, end: str, speed_kmh: int, **more: object) -> None:
        profile = {"speed_profile": "rush"} if road in FAST else {}
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": [places[begin], places[end]]},
                "properties": {
                    "road": road,
                    "from": begin,
                    "to": end,
                    "speed_kmh": speed_kmh,
                    **profile,
                    **more,
                },
            }
        )

    for row, (road, _, speed_kmh) in ROWS.items():
        for column in range(-4, 5):
            if (row, column) not in UNBUILT_ROW:
                more = {"trucks_banned": {"from": "07:00", "to": "08:30"}} if road == "兰香路" else {}
                add(road, junction(column, row), junction(column + 1, row), speed_kmh, **more)
    for column, (road, _, speed_kmh) in COLUMNS.items():
        for row in range(-4, 5):
            if (column, row) in UNBUILT_COLUMN:
                continue
            name = "腾龙大道" if road == "腾龙路" and row >= 1 else road
            bridge = {"max_weight_t": 10} if (column, row) == (-3, 0) else {}
            narrow = {"oneway": True} if road == "凤栖路" and row in (-3, -2) else {}
            speed_kmh_here = 70 if name == "腾龙大道" else speed_kmh
            add(name, junction(column, row), junction(column, row + 1), speed_kmh_here, **bridge, **narrow)
    for road, begin, end, _, speed_kmh in OUTER:
        add(road, begin, end, speed_kmh)
    left_turn = ["延政西路:yanzheng-yunhu>yanzheng-wuyi", "武宜路:yanzheng-wuyi>changyang-wuyi"]
    head = {
        "type": "FeatureCollection",
        "name": "武进西太湖示意图 · West Lake Tai, schematic: not a survey",
        "schematic": True,
        "speed_profiles": {"rush": RUSH},
        "banned_movements": [left_turn],
    }
    members = "".join(f" {_text(key)}: {_text(value)},\n" for key, value in head.items())
    body = ",\n".join(f"  {_text(feature)}" for feature in features)
    return "{\n" + members + ' "features": [\n' + body + "\n ]\n}\n"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


# ----------------------------------------------------------------------------------------------- orders
#: Product, orders in the week, least and most of it, days to the promise, money per hour of lateness.
MIX = [
    ("KYN28-IN", 5, 1, 2, (3, 5), (380, 600)),
    ("KYN28-FD", 9, 1, 4, (3, 5), (300, 560)),
    ("KYN28-PT", 4, 1, 2, (3, 5), (240, 420)),
    ("KYN61-FD", 3, 1, 1, (4, 6), (420, 600)),
    ("XGN15-LB", 6, 1, 4, (2, 4), (180, 320)),
    ("RMU-12", 5, 1, 3, (3, 5), (220, 400)),
    ("HXGN-MT", 4, 1, 3, (2, 4), (160, 300)),
    ("GGD-IN", 6, 2, 5, (2, 4), (150, 280)),
    ("GGD-FD", 9, 2, 6, (2, 4), (120, 240)),
    ("GCS-DR", 9, 2, 6, (2, 4), (160, 320)),
    ("MNS-MC", 6, 2, 4, (2, 4), (180, 340)),
    ("GGJ-CAP", 5, 1, 4, (2, 4), (110, 200)),
    ("ATS-DP", 4, 1, 3, (2, 4), (140, 260)),
    ("XL21-PD", 5, 3, 9, (1, 3), (100, 160)),
]


def orders() -> str:
    """Eighty orders, released around the week's beginning and promised in whole days."""
    chance = np.random.default_rng(20231218)
    plant = yaml.safe_load((FOLDER / "plant.yaml").read_text(encoding="utf-8"))
    sites = [site["id"] for site in plant["transport"]["sites"]]
    rows: list[tuple[date, date, str, int, str, int]] = []
    for product, count, least, most, lead_days, prices in MIX:
        for _ in range(count):
            release = MONDAY + timedelta(days=int(chance.choice([-3, 0, 0, 1, 1, 2, 2, 3])))
            due = max(release, MONDAY) + timedelta(
                days=int(chance.integers(lead_days[0], lead_days[1] + 1)) - 1
            )
            if due.weekday() == 6:  # no customer unloads on a Sunday
                due += timedelta(days=1)
            price = int(chance.integers(prices[0] // 10, prices[1] // 10 + 1)) * 10
            site = "" if chance.random() < 0.05 else str(chance.choice(sites))
            rows.append((due, release, product, int(chance.integers(least, most + 1)), site, price))
    rows.sort(key=lambda row: (row[1], row[0], row[2]))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["order", "product", "quantity", "release", "due", "site", "lateness_per_hour"])
    for number, (due, release, product, quantity, site, price) in enumerate(rows, start=1):
        writer.writerow([f"SO-{number:03d}", product, quantity, release, due, site, price])
    return table.getvalue()


# --------------------------------------------------------------------------------------------- forecast
#: Share of the clear sky's power that each day's clouds let through, and how much it flickers.
SKY = [(0.97, 0.02), (0.72, 0.10), (0.22, 0.06), (0.90, 0.05), (0.55, 0.20), (0.95, 0.02), (0.40, 0.12)]
SOLAR_KW = 2000.0
LATITUDE_DEGREES, LONGITUDE_DEGREES, MERIDIAN_DEGREES = 31.7, 119.9, 120.0


def clear_sky_share(moment: datetime) -> float:
    """Power of panels tilted 20° to the south under a clear sky, as a share of their capacity."""
    day = moment.timetuple().tm_yday
    declination = math.radians(-23.44) * math.cos(2 * math.pi * (day + 10) / 365)
    hours = moment.hour + moment.minute / 60 + (LONGITUDE_DEGREES - MERIDIAN_DEGREES) / 15
    hour_angle = math.radians(15 * (hours - 12))
    latitude = math.radians(LATITUDE_DEGREES)

    def sine_of_height(at_latitude: float) -> float:
        return math.sin(at_latitude) * math.sin(declination) + math.cos(at_latitude) * math.cos(
            declination
        ) * math.cos(hour_angle)

    height = max(sine_of_height(latitude), 0.0)
    on_panel = max(sine_of_height(latitude - math.radians(20)), 0.0)
    clearness = 0.75 ** ((1 / max(height, 0.04)) ** 0.678) if height > 0 else 0.0
    return min(1.35 * clearness * (0.9 * on_panel + 0.1), 1.0) * 0.86


def base_load_kw(moment: datetime) -> float:
    """Compressors, ventilation, light and offices, by weekday and hour."""
    if moment.weekday() == 6:
        return 115.0
    by_hour = 150.0 if moment.hour < 6 or moment.hour >= 22 else 195.0
    offices = 45.0 if moment.weekday() < 5 and 8 <= moment.hour < 18 else 0.0
    return by_hour + offices - (25.0 if moment.hour == 11 else 0.0)


def forecast() -> str:
    """Base load and solar power in quarter-hours, each the mean of its slot."""
    chance = np.random.default_rng(20231219)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["time", "base_load_kw", "solar_kw"])
    flicker = 0.0
    for slot in range(7 * 96):
        start = datetime.combine(MONDAY, datetime.min.time()) + timedelta(minutes=15 * slot)
        through, spread = SKY[slot // 96]
        flicker = 0.8 * flicker + 0.6 * float(chance.normal())
        sky = min(max(through + spread * flicker, 0.05), 1.0)
        solar_kw = SOLAR_KW * clear_sky_share(start + timedelta(minutes=7.5)) * sky
        load_kw = base_load_kw(start) * (1 + 0.03 * float(chance.normal()))
        writer.writerow([start.isoformat(timespec="minutes"), round(load_kw, 1), round(solar_kw, 1)])
    return table.getvalue()


# ------------------------------------------------------------------------------------------------ stock
#: Material, bars as they were bought, their nominal length [mm], and how much they vary [mm].
BOUGHT = [
    ("channel-8", 34, 6000, 12),
    ("profile-8mf", 430, 6000, 8),
    ("copper-80x10", 66, 6000, 15),
    ("copper-60x6", 138, 6000, 15),
]
#: Rests of earlier weeks by material.
RESTS = 6


def stock() -> str:
    """Bars measured on arrival, rounded down to 5 mm and gathered by length, and rests of earlier weeks."""
    chance = np.random.default_rng(20231220)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["bar", "material", "length_mm", "quantity"])
    for material, count, nominal, spread in BOUGHT:
        measured = nominal + 10 + chance.normal(0, spread, count)
        lengths, counts = np.unique((measured // 5 * 5).astype(int), return_counts=True)
        for length, bars in zip(lengths.tolist(), counts.tolist(), strict=True):
            writer.writerow([f"{material}-{length}", material, length, bars])
        for rest in range(RESTS):
            length = int(chance.integers(160, 800)) * 5
            writer.writerow([f"{material}-R{rest + 1}", material, length, 1])
    return table.getvalue()


FILES = {
    "roads.geojson": road_map,
    "orders.csv": orders,
    "forecast.csv": forecast,
    "stock.csv": stock,
}

if __name__ == "__main__":
    for name, write in FILES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
