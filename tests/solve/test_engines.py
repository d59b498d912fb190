"""What a plan needs is compiled before its clock runs."""

import subprocess
import sys
from pathlib import Path

#: Plans a folder in a process of its own, and prints what is compiled, or read from the cache, too late.
_WATCH = """
import sys
from numba.core.dispatcher import Dispatcher
from juli.solve.day import load
from juli.solve.week import Effort, solve_day

stages, late = [], []
compile = Dispatcher.compile

def watched(self, signature):
    if stages and stages[-1] != "compile" and self.py_func.__module__.startswith("juli"):
        late.append(self.py_func.__qualname__)
    return compile(self, signature)

Dispatcher.compile = watched
effort = Effort(iterations=40)
assert solve_day(load(sys.argv[1]), effort, on_step=lambda step: stages.append(step.stage)).plan
print(stages[0], sorted(set(late)))
"""


def test_nothing_is_compiled_while_the_time_of_a_plan_runs(project: Path) -> None:
    command = [sys.executable, "-c", _WATCH, str(project / "examples" / "tiny")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout
    assert told.strip() == "compile []"
