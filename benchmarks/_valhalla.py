"""The peer of the road benchmarks: Valhalla's own programs, on its own tiles of the same extract.

They come with the wheel ``pyvalhalla``, which is no dependency of Juli. Unpack it anywhere (Python 3.12 or
later can install it) and name its folder ``valhalla/bin``::

    pip download --no-deps --only-binary :all: --python-version 312 pyvalhalla==3.9.1
    unzip pyvalhalla-*.whl -d valhalla && chmod +x valhalla/valhalla/bin/*
    JULI_VALHALLA=valhalla/valhalla/bin python -m benchmarks.roads_valhalla
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from juli.roads.graph import Size

FOLDER_VARIABLE: Final = "JULI_VALHALLA"
NEEDED: Final = ("valhalla_build_tiles", "valhalla_service")


def programs() -> Path | None:
    """The folder with Valhalla's programs: the environment names it, or the search path has them."""
    named = os.environ.get(FOLDER_VARIABLE)
    on_path = shutil.which(NEEDED[0])
    folder = Path(named) if named else Path(on_path).parent if on_path else None
    return folder if folder and all(os.access(folder / name, os.X_OK) for name in NEEDED) else None


class Valhalla:
    """A running service, asked over one connection."""

    def __init__(self, connection: HTTPConnection):
        self._connection = connection

    def ask(self, action: str, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the service answers, None where it knows no way."""
        body = json.dumps(request)
        self._connection.request("POST", f"/{action}", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
        if response.status == 200:
            return answer
        if answer.get("error_code") == 442:  # no path could be found
            return None
        raise RuntimeError(f"Valhalla: {answer}")

    def shortest(
        self, ends: tuple[tuple[float, float], tuple[float, float]], truck: Size
    ) -> list[tuple[float, float]] | None:
        """The points of the shortest way for a truck between two (longitude, latitude); None for no way."""
        options = {
            "shortest": True,
            "disable_hierarchy_pruning": True,
            "weight": truck.gross_weight_t,
            "height": truck.height_m,
            "width": truck.width_m,
        }
        # The nearest road only, and a junction only where the end lies on it: their own defaults look wider.
        near = {"radius": 0, "minimum_reachability": 0, "node_snap_tolerance": 1}
        request = {
            "locations": [{"lon": lon, "lat": lat, **near} for lon, lat in ends],
            "costing": "truck",
            "costing_options": {"truck": options},
            "directions_type": "none",
        }
        answer = self.ask("route", request)
        return None if answer is None else _points(answer["trip"]["legs"][0]["shape"])


@contextmanager
def serving(extract: Path, folder: Path, programs: Path) -> Iterator[Valhalla]:
    """Build the tiles of an extract in a folder and serve them, on one thread, to this machine only."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "valhalla.json"
    settings.write_text(json.dumps(_settings(folder, port, programs)))
    build = [str(programs / NEEDED[0]), "-c", str(settings), "-j", "1", str(extract)]
    subprocess.run(build, check=True, capture_output=True)
    serve = [str(programs / NEEDED[1]), str(settings), "1"]
    with (folder / "log").open("w") as log, subprocess.Popen(serve, stdout=log, stderr=log) as service:
        try:
            with closing(_connected(port)) as connection:
                yield Valhalla(connection)
        finally:
            service.kill()


def _connected(port: int) -> HTTPConnection:
    for _ in range(100):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.1)
        else:
            return connection
    raise RuntimeError("Valhalla's service does not answer")


def _settings(folder: Path, port: int, programs: Path) -> dict[str, Any]:
    """Valhalla's defaults, but for its places on this machine and for searching whole cities exactly."""
    beside = (programs / "valhalla_build_config", programs.parent / "valhalla_build_config.py")
    script = next(path for path in beside if path.exists())
    written = subprocess.run([sys.executable, str(script)], check=True, capture_output=True, text=True)
    settings: dict[str, Any] = json.loads(written.stdout)
    for key in ("tile_extract", "traffic_extract", "admin", "landmarks", "timezone"):
        settings["mjolnir"].pop(key, None)
    settings["mjolnir"]["tile_dir"] = str(folder / "tiles")
    for name in ("loki", "thor", "odin", "meili"):
        settings[name].setdefault("service", {})["proxy"] = f"ipc://{folder}/{name}"
    for part in settings.values():
        if "logging" in part:
            part["logging"] = {"type": ""}
    settings["httpd"]["service"] |= {
        "listen": f"tcp://127.0.0.1:{port}",
        "loopback": f"ipc://{folder}/loopback",
        "interrupt": f"ipc://{folder}/interrupt",
    }
    settings["service_limits"]["max_distance_disable_hierarchy_culling"] = 1e6
    return settings


def _points(encoded: str) -> list[tuple[float, float]]:
    """Decode a polyline of six digits into (longitude, latitude)."""
    numbers = []
    value = shift = 0
    for character in encoded:
        bits = ord(character) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    points, lat, lon = [], 0, 0
    for lat_step, lon_step in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + lat_step, lon + lon_step
        points.append((lon / 1e6, lat / 1e6))
    return points
