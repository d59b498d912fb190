"""Loading a tariff: one of Juli's own by name, a file, or a description inside another file."""

import difflib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from juli.core.errors import InputError, Problem
from juli.plant.tariffs.description import Tariff
from juli.plant.tariffs.series import read_spot
from juli.plant.tariffs.urdb import read_urdb

if TYPE_CHECKING:
    from juli.plant.reading.yaml_file import LocatedYaml

_DATA = resources.files("juli.plant.tariffs") / "data"


def tariff_names() -> tuple[str, ...]:
    """The names of the tariffs that come with Juli."""
    return tuple(
        sorted(item.name.removesuffix(".yaml") for item in _DATA.iterdir() if item.name.endswith(".yaml"))
    )


def load_tariff(
    written: str | Path | Mapping[str, Any], folder: Path | None = None, time_zone: str | None = None
) -> Tariff:
    """Load a tariff.

    Parameters
    ----------
    written
        A name (:func:`tariff_names`), the path of a YAML file or of an OpenEI JSON rate, or the tariff
        itself as a mapping. A mapping or file with ``use: NAME`` starts from that tariff and changes
        what it writes besides: mappings are merged key by key, null takes a key out, all else replaces.
        With ``urdb: FILE`` it starts from an OpenEI rate.
    folder
        Where relative paths begin; None takes the file's own folder, or the current one.
    time_zone
        The zone of an OpenEI rate, which doesn't say its own.

    Raises
    ------
    InputError
        Naming the known tariffs, or the place of everything that is wrong.
    """
    return _load(written, folder or Path(), time_zone, ())


def _load(
    written: str | Path | Mapping[str, Any], folder: Path, time_zone: str | None, users: tuple[Path, ...]
) -> Tariff:
    """Load a tariff that the files ``users`` start from, each from the next."""
    if isinstance(written, Mapping):
        data = dict(written) if {"use", "urdb"} & written.keys() else {"name": "own", **written}
        return _validated(data, folder, time_zone, "the tariff", None, users)
    path = folder / written
    if path.suffix == ".json":
        return read_urdb(path, time_zone)
    if isinstance(written, Path) or path.suffix in (".yaml", ".yml"):
        return _from_yaml(path, time_zone, users)
    return _by_name(written, users)


def _by_name(name: str, users: tuple[Path, ...]) -> Tariff:
    if name not in tariff_names():
        near = difflib.get_close_matches(name, tariff_names(), n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise InputError(
            f"there is no tariff {name!r}: {hint}Juli has {', '.join(tariff_names())}; "
            "or give the path of a YAML file of your own"
        )
    with resources.as_file(_DATA / f"{name}.yaml") as path:
        return _from_yaml(path, None, users)


def _from_yaml(path: Path, time_zone: str | None, users: tuple[Path, ...]) -> Tariff:
    # Imported late: the rest of that package needs this one.
    from juli.plant.reading.text_file import read_text
    from juli.plant.reading.yaml_file import parse_yaml

    if path.resolve() in users:
        raise InputError([Problem(path.name, "starts from itself", "name another tariff in 'use'")])
    problems: list[Problem] = []
    text = read_text(path, path.name, problems)
    document = parse_yaml(text, path.name, problems) if text is not None else None
    if document is None or problems:
        raise InputError(problems)
    if not isinstance(document.data, dict):
        raise InputError([Problem(path.name, "holds no keys", "write some, such as components")])
    data = {"name": path.stem, **document.data}
    return _validated(data, path.parent, time_zone, path.name, document, (*users, path.resolve()))


def _validated(
    data: dict[str, Any],
    folder: Path,
    time_zone: str | None,
    place: str,
    document: "LocatedYaml | None",
    users: tuple[Path, ...],
) -> Tariff:
    data = _resolved(data, folder, time_zone, users)
    try:
        return Tariff.model_validate(data)
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            location = detail["loc"]
            line = f":{document.line_of(location)}" if document else ""
            where = ".".join(map(str, location))
            said = detail["msg"].removeprefix("Value error, ")
            message = f"{where}: {said}" if where else said
            problems.append(Problem(f"{place}{line}", message, _mend(detail["type"])))
        raise InputError(problems) from None


def _mend(kind: str) -> str:
    if kind == "extra_forbidden":
        return "take it out, or correct its spelling; docs/tariffs.md lists the keys"
    return "correct it; docs/tariffs.md shows how"


def _resolved(
    data: dict[str, Any], folder: Path, time_zone: str | None, users: tuple[Path, ...]
) -> dict[str, Any]:
    """Start from the tariff that ``use`` or ``urdb`` names, and read the spot prices' file."""
    changes = {key: value for key, value in data.items() if key not in ("use", "urdb")}
    base: dict[str, Any] = {}
    if "use" in data:
        base = _load(str(data["use"]), folder, time_zone, users).model_dump()
    elif "urdb" in data:
        zone = time_zone or data.get("time_zone")
        base = read_urdb(folder / str(data["urdb"]), str(zone) if zone else None).model_dump()
    spot = changes.get("spot")
    merged = merge(base, changes)
    if isinstance(spot, Mapping) and "file" in spot:
        zone_name = str(merged.get("time_zone", Tariff.model_fields["time_zone"].default))
        merged["spot"] = read_spot(
            folder / str(spot["file"]), str(spot.get("component", "purchase")), zone_name
        )
    return merged


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change a nested mapping key by key; null takes a key out.

    Examples
    --------
    >>> merge({"a": {"x": 1, "y": 2}, "b": 3}, {"a": {"y": 5}, "b": None})
    {'a': {'x': 1, 'y': 5}}
    """
    merged = dict(base)
    for key, value in changes.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
            merged[key] = merge(merged[key], value)
        else:
            merged[key] = value
    return merged
