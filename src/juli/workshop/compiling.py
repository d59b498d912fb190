"""How the kernel is compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile a function that makes no array.

    The kernel's functions hand a shop and its bookings, some forty arrays, to one another. Counting the
    references to each of them at every call would take half of its time, so numba is told to leave that.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    return cast(_Function, njit(**options)(function))
