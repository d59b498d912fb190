"""HiGHS as Juli starts it: silent, serial, and a good neighbour."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from highspy._core import _Highs


def quiet_highs() -> "_Highs":
    """A HiGHS model that prints nothing and works on one thread.

    HiGHS keeps one scheduler for the whole process and refuses to run where a model asks for another number
    of threads than the first one did. So the number of threads is left open and parallel work switched off:
    whatever else runs HiGHS in this process, both get their answers.
    """
    from highspy._core import _Highs  # its public child prints a banner

    model = _Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("parallel", "off")
    return model
