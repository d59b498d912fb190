"""A public instance behind a meter: the JSON of ``juli schedule --joint``.

Keys: ``slot_hours``, ``deadline_slots``, ``machine_kw`` (a number for each machine), ``buy`` and ``sell`` (a
number, or one for each slot), and, if wanted, ``solar_kw`` and ``load_kw`` (the same), ``battery`` (null, or
the keys of
:class:`juli.power.Battery`), ``demand_price``, ``demand_free_kw``, ``import_limit_kw``, ``export_limit_kw``
and ``load_limit_kw`` (on the machines' sum). ``instance`` names the instance, relative to the JSON.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from juli.core.errors import InputError, Problem
from juli.power import Battery, DispatchProblem
from juli.solve.joint.problem import JointProblem
from juli.workshop.formats import Format, priced, read_instance, shop_of

_NEEDED = ("slot_hours", "deadline_slots", "machine_kw", "buy", "sell")
_SERIES = ("buy", "sell", "solar_kw", "load_kw")
_NUMBERS = ("demand_price", "demand_free_kw", "import_limit_kw", "export_limit_kw", "load_limit_kw")


def read_case(file: Path, instance: Path | None = None, family: Format | None = None) -> JointProblem:
    """Read a case.

    Parameters
    ----------
    file
        The JSON.
    instance
        The instance's file; None: the one that the JSON names, relative to itself.
    family
        The instance's format; None: told from its content.

    Raises
    ------
    InputError
        With every problem found in the JSON, or those of the instance.
    """
    content = _content(file)
    problems = [
        Problem(f"{file}: {key}", "is missing", "give it") for key in _NEEDED if content.get(key) is None
    ]
    if instance is None:
        named = content.get("instance")
        if isinstance(named, str):
            instance = file.parent / named
        else:
            problems.append(Problem(f"{file}: instance", "names no file", "name the instance's file"))
    if problems or instance is None:
        raise InputError(problems)
    whole = read_instance(instance, family)
    problems = list(_wrong(str(file), content, whole.machines))
    if problems:
        raise InputError(problems)
    slots, hours = content["deadline_slots"], float(content["slot_hours"])
    buy = np.broadcast_to(np.asarray(content["buy"], dtype=np.float64), (slots,))
    shop = priced(shop_of(whole, slots), buy.tolist(), content["machine_kw"], hours)
    battery = content.get("battery")
    unlimited = {"import_limit_kw": np.inf, "export_limit_kw": np.inf, "load_limit_kw": np.inf}
    given = {
        key: value for key in _NUMBERS if (value := content.get(key, unlimited.get(key, 0.0))) is not None
    }
    given = {**unlimited, "demand_price": 0.0, "demand_free_kw": 0.0, **given}
    limit_kw = float(given.pop("load_limit_kw"))
    load_kw = 0.0 if content.get("load_kw") is None else content["load_kw"]
    try:
        site = DispatchProblem(
            step_hours=hours,
            consumption_kw=np.broadcast_to(np.asarray(load_kw, dtype=np.float64), (slots,)),
            solar_kw=0.0 if content.get("solar_kw") is None else content["solar_kw"],
            buy=buy,
            sell=content["sell"],
            battery=None if battery is None else Battery(**battery),
            **given,
        )
    except InputError as error:
        raise InputError(
            [Problem(f"{file}: {each.place}", each.message, each.mend) for each in error.problems]
        ) from error
    if np.any(site.sell > site.buy):
        slot = int(np.argmax(site.sell > site.buy))
        raise InputError(
            [
                Problem(
                    f"{file}: sell",
                    f"pays {site.sell[slot]} in slot {slot}, more than buying costs there ({site.buy[slot]})",
                    "lower it to the buying price",
                )
            ]
        )
    return JointProblem(shop, site, limit_kw)


def _content(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            [Problem(str(file), f"can't be read ({error.strerror})", "name a file that there is")]
        ) from error
    except ValueError as error:
        raise InputError([Problem(str(file), f"is no JSON ({error})", "mend it there")]) from error
    if not isinstance(content, dict):
        raise InputError([Problem(str(file), "holds no JSON object", "give an object with the case's keys")])
    return content


def _wrong(name: str, content: dict[str, Any], machines: int) -> list[Problem]:
    problems = []
    slots = content["deadline_slots"]
    if not isinstance(slots, int) or isinstance(slots, bool) or not 0 < slots < 2**24:
        return [
            Problem(f"{name}: deadline_slots", f"is {slots!r}", "give a whole number of slots, 1 or more")
        ]
    if not _is_number(content["slot_hours"]) or content["slot_hours"] <= 0:
        problems.append(
            Problem(
                f"{name}: slot_hours",
                f"is {content['slot_hours']!r}",
                "give the hours of a slot, such as 0.25",
            )
        )
    kw = content["machine_kw"]
    if not isinstance(kw, list) or len(kw) < machines or not all(map(_is_number, kw)):
        count = len(kw) if isinstance(kw, list) else "no"
        problems.append(
            Problem(
                f"{name}: machine_kw",
                f"holds {count} powers, and the instance has {machines} machines",
                "give a number for each machine",
            )
        )
    elif min(kw[:machines]) < 0:
        at = int(np.argmin(kw[:machines]))
        problems.append(Problem(f"{name}: machine_kw", f"holds {kw[at]} for machine {at}", "give 0 or more"))
    for key in _SERIES:
        value = content.get(key)
        wrong = value is not None and not _is_number(value)
        if isinstance(value, list):
            wrong = len(value) != slots or not all(map(_is_number, value))
        if wrong:
            count = f"holds {len(value)} entries" if isinstance(value, list) else f"is {value!r}"
            problems.append(Problem(f"{name}: {key}", count, f"give one number, or {slots} of them"))
    for key in _NUMBERS:
        value = content.get(key)
        if value is not None and (not _is_number(value) or value < 0):
            problems.append(Problem(f"{name}: {key}", f"is {value!r}", "give a number, 0 or more"))
    battery = content.get("battery")
    if battery is not None:
        try:
            Battery(**battery)
        except TypeError as error:
            problems.append(
                Problem(f"{name}: battery", f"can't be read ({error})", "give the keys of a battery, or null")
            )
        except InputError as error:
            problems += [Problem(f"{name}: {each.place}", each.message, each.mend) for each in error.problems]
    return problems


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
