"""Road maps from whatever file they are in: schematic GeoJSON, or an OpenStreetMap extract."""

from pathlib import Path

from juli.core.errors import InputError, Problem
from juli.plant.road_map import RoadMap
from juli.plant.road_map_file import read_road_map


def read_map(path: Path) -> RoadMap:
    """Read a map by the kind of its file.

    Raises
    ------
    InputError
        If the file is of another kind, or with every problem in it.
    """
    if path.suffix in (".geojson", ".json"):
        return read_road_map(path)
    if path.name.endswith((".osm", ".osm.pbf", ".osm.gz", ".osm.bz2")):
        from juli.roads.osm import read_osm

        return read_osm(path).road_map()
    raise InputError(
        [Problem(path.name, "is no kind of map that is known", "give a .geojson, .osm or .osm.pbf file")]
    )
