"""Progress of a solve on standard error: a live line on a terminal, a line a stage elsewhere."""

from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.status import Status as LiveLine

from juli.solve.week import Step

_STAGES: Final = {
    "compile": "compiling the engines, which takes a minute or two at the very first time",
    "schedule": "scheduling the machines",
    "cutting": "cutting bars",
    "joint": "searching on with what each load really costs",
    "dispatch": "dispatching battery, solar and grid",
    "deliveries": "routing the deliveries",
    "bound": "bounding what any plan can cost",
    "judge": "checking and billing the plan",
    "variant_sequential": "one thing after the other",
    "variant_joint": "production and electricity together",
    "variant_no_battery": "the same without the battery",
    "variant_no_solar": "the same without the sun",
    "variant_no_flexibility": "a schedule blind to electricity",
    "variant_front": "another weight on lateness",
    "scenario_forecast": "a plan for the forecast",
    "scenario_each": "a plan for a scenario",
    "scenario_mean": "a plan for the mean of the scenarios",
    "scenario_criterion": "searching on with the cost over all scenarios",
}


class SolveProgress:
    """Shows each step that a solve tells; standard output stays free."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._live: LiveLine | None = None
        self._stage = ""
        self._part = 0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = self._console.status("reading")
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del kind, error, trace
        if self._live is not None:
            self._live.stop()

    def __call__(self, step: Step) -> None:
        """Show a step."""
        text = _STAGES[step.stage]
        if step.stage.startswith(("variant_", "scenario_")):
            self._begin_part(text)
            return
        search = step.search
        if search is not None and search.objective is not None:
            text += f"  {search.seconds:.1f} s  {search.objective:,.2f}"
        if self._live is not None:
            self._live.update(text)
        elif step.stage != self._stage:
            self._console.print(f"juli: {text}")
        self._stage = step.stage

    def _begin_part(self, text: str) -> None:
        """Say which of several plans the next stages are for."""
        self._part += 1
        self._stage = ""
        line = f"juli: plan {self._part}: {text}"
        if self._live is not None:
            self._live.update(line)
        self._console.print(line)
