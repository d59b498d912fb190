"""Which versions of Juli and of its solvers are at work, kept with every plan."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Final

_PARTS: Final = ("juli", "highspy", "numba", "numpy", "ortools", "pyvrp", "scikit-learn")


def versions() -> dict[str, str]:
    """Versions by name, of the parts that are installed."""
    found = {"python": platform.python_version()}
    for part in _PARTS:
        try:
            found[part] = version(part)
        except PackageNotFoundError:
            continue
    return found
