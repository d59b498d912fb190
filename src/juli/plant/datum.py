"""GCJ-02, the shifted coordinates of Chinese web maps, and the way back to WGS-84.

The shift is hundreds of metres and differs from place to place; the formula is the one that is publicly
known (for example in the ``eviltransform`` project), and applies inside mainland China only.
"""

from math import cos, pi, radians, sin, sqrt
from typing import Final

#: Krasovsky 1940, the ellipsoid of the formula: semi-major axis [m] and squared eccentricity.
_AXIS_M: Final = 6378245.0
_ECCENTRICITY2: Final = 0.00669342162296594323


def _waves(value: float, short: float, long: float) -> float:
    return (short * sin(value / 12 * pi) + long * sin(value / 30 * pi)) * 2 / 3


def _shift(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3 + _waves(y, 160, 320)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3 + _waves(x, 150, 300)
    bulge = 1 - _ECCENTRICITY2 * sin(radians(lat)) ** 2
    metres_per_degree_north = _AXIS_M * (1 - _ECCENTRICITY2) / bulge**1.5 * pi / 180
    metres_per_degree_east = _AXIS_M / sqrt(bulge) * cos(radians(lat)) * pi / 180
    return east / metres_per_degree_east, north / metres_per_degree_north


def in_mainland_china(lon: float, lat: float) -> bool:
    """Whether a point lies in the box in which web maps shift their coordinates."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def gcj02_from_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Shift a true position as Chinese web maps do.

    Examples
    --------
    >>> lon, lat = gcj02_from_wgs84(121.5272106, 31.1774276)
    >>> round(lon, 6), round(lat, 6)
    (121.531542, 31.175304)
    """
    if not in_mainland_china(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def wgs84_from_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Undo the shift, to better than a centimetre.

    Examples
    --------
    >>> lon, lat = wgs84_from_gcj02(*gcj02_from_wgs84(119.9, 31.7))
    >>> round(lon, 7), round(lat, 7)
    (119.9, 31.7)
    """
    true_lon, true_lat = lon, lat
    # The shift changes so slowly that each round divides the error by hundreds.
    for _ in range(5):
        shifted_lon, shifted_lat = gcj02_from_wgs84(true_lon, true_lat)
        true_lon, true_lat = true_lon + lon - shifted_lon, true_lat + lat - shifted_lat
    return true_lon, true_lat
