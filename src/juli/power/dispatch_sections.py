"""The parts of a dispatch file: a battery by its chemistry, a tariff, and services."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

from juli.core.errors import InputError, Problem
from juli.core.grid import TimeGrid
from juli.plant.reading.text_file import read_text
from juli.plant.tariffs import DemandContract, DemandMode, Tariff, load_tariff
from juli.power.chemistry import CHEMISTRIES, Chemistry, State
from juli.power.chemistry.linearise import linearise
from juli.power.file_section import FileSection
from juli.power.problem import Battery, DispatchProblem, Floats
from juli.power.services.calls import PeakShavingCall, average_baseline_kw
from juli.power.services.firming import Firming
from juli.power.services.operation import PhysicalBattery
from juli.power.services.performance import PerformanceIndex, PjmScore
from juli.power.services.regulation import MARKETS, Regulation, admission
from juli.power.services.response import expected_regulation, follow_commands, illustrative_signal
from juli.power.services.stacking import Services
from juli.power.tariff_terms import TariffTerms, selling_at, tariff_terms

TARIFF_KEYS: Final = ("tariff", "demand_mode", "contract_kw", "capacity_kva", "any_date")
_CHEMISTRY_OWN_KEYS: Final = (
    "chemistry", "energy_kwh", "power_kw", "temperature_celsius", "ambient_celsius", "start_kwh", "end_kwh",
    "replacement_money",
)  # fmt: skip
SERVICE_KEYS: Final = ("firming", "calls", "regulation")
_FIRMING_KEYS: Final = tuple(each.name for each in fields(Firming))
_CALL_KEYS: Final = (
    "start", "end", "first_slot", "last_slot", "committed_kw", "baseline_kw", "baseline_days", "pay_per_kwh",
    "penalty_per_kwh", "take_part",
)  # fmt: skip
_REGULATION_KEYS: Final = (
    *(each.name for each in fields(Regulation)), "signal", "signal_step_seconds", "signal_seed"
)  # fmt: skip
#: No air on earth has been colder [°C].
_COLDEST_AIR_CELSIUS: Final = -90.0
#: Length of the made-up signal on which a battery's performance is measured [h].
_SIGNAL_HOURS: Final = 4


def chemistry_keys(name: object) -> tuple[str, ...]:
    """The keys of a battery that is given by its chemistry."""
    chemistry = CHEMISTRIES.get(str(name), Chemistry)
    parameters = (each.name for each in fields(chemistry) if "source" in each.metadata)
    return tuple(dict.fromkeys((*_CHEMISTRY_OWN_KEYS, *parameters)))


def read_chemistry(section: FileSection, slots: int) -> tuple[Battery, PhysicalBattery] | None:
    """Read a battery given by its chemistry: the line that a dispatch plans with, and the physics.

    Every parameter of the chemistry may be overridden by its name. None, and problems, where it can't be.
    """
    name = section.text("chemistry", CHEMISTRIES)
    if not section.require("energy_kwh", "power_kw") or name is None:
        return None
    changes: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else section.number(key)
        for key, value in section.data.items()
        if key not in _CHEMISTRY_OWN_KEYS
    }
    energy_kwh, power_kw = (section.number(key, 1.0, least=0.0) for key in ("energy_kwh", "power_kw"))
    celsius = section.number("temperature_celsius", 20.0)
    try:
        chemistry = CHEMISTRIES[name](energy_kwh=energy_kwh, power_kw=power_kw, **changes)
        line = linearise(
            chemistry,
            celsius,
            replacement_money=section.number("replacement_money", least=0.0),
            standing_loss=False,
        )
        levels = {key: section.number(key, line.energy_kwh / 2) for key in ("start_kwh", "end_kwh")}
        line = replace(line, **levels)
    except InputError as error:
        section.adopt(error, "chemistry")
        return None
    ambient = section.series("ambient_celsius", slots, celsius, least=_COLDEST_AIR_CELSIUS)
    return line, PhysicalBattery(chemistry, ambient, State(celsius=celsius))


def read_tariff(top: FileSection, folder: Path) -> tuple[Tariff, DemandContract] | None:
    """Read the tariff and the contract; None, and problems, where they can't be."""
    written = top.data["tariff"]
    mode = top.text("demand_mode", [*(mode.value for mode in DemandMode), "maximum_demand"])
    given = {"mode": mode, **{key: top.data.get(key) for key in ("contract_kw", "capacity_kva")}}
    try:
        contract = DemandContract.model_validate(given)
    except ValidationError as error:
        for detail in error.errors():
            key = {"mode": "demand_mode"}.get(str(detail["loc"][0]), str(detail["loc"][0]))
            top.complain(key, f"{key}: {detail['msg']}, not {detail['input']!r}", "correct the value")
        return None
    try:
        # A name that is no file beside this one is one of Juli's own.
        tariff = load_tariff(written if isinstance(written, dict) else str(written), folder)
    except InputError as error:
        top.adopt(error, "tariff")
        return None
    if top.flag("any_date", default=False):
        tariff = tariff.undated()
    if "sell" in top.data:
        if isinstance(top.data["sell"], list | str):
            top.complain("sell", "sell is a series beside a tariff", "give one number, or leave it out")
            return None
        tariff = selling_at(tariff, top.number("sell"))
    return tariff, contract


def lay_tariff(
    top: FileSection, tariff: Tariff, contract: DemandContract, grid: TimeGrid
) -> TariffTerms | None:
    """Lay the tariff over the grid; None, and problems, where it does not fit."""
    try:
        return tariff_terms(tariff, contract, grid)
    except InputError as error:
        message = str(error)
        if "in force" in message:
            what, _, mend = message.partition(": ")
            top.complain("tariff", what, mend.partition(", or")[0] + ", or write 'any_date: true'")
            return None
        key = "demand_mode" if "demand mode" in message or "capacity part" in message else "tariff"
        top.adopt(error, key if key in top.data else "tariff")
        return None


@dataclass(frozen=True, eq=False)
class MeasuredResponse:
    """How the physical battery followed a regulation signal.

    Parameters
    ----------
    scores
        The PJM score of each whole hour.
    index
        The index K of its answer to the signal held for a minute at a time.
    recorded
        Whether the signal is the user's own; else it is made up.
    """

    scores: tuple[PjmScore, ...]
    index: PerformanceIndex
    recorded: bool


class ServicesReader:
    """Reads ``services:``.

    Parameters
    ----------
    section
        The mapping.
    problem, grid, folder
        The site, its time grid (None: it has no times), and where files are looked for.
    physical
        The battery's physics; None: only its line is known.
    """

    def __init__(
        self,
        section: FileSection,
        problem: DispatchProblem,
        grid: TimeGrid | None,
        folder: Path,
        physical: PhysicalBattery | None,
    ):
        self._problem, self._grid, self._folder, self._physical = problem, grid, folder, physical
        self._problems: list[Problem] = []
        self.measured: MeasuredResponse | None = None
        self.notes: list[Problem] = []
        self.services = Services(
            firming=self._made(section.section("firming", _FIRMING_KEYS), self._firming),
            calls=tuple(
                call
                for each in section.sections("calls", _CALL_KEYS)
                if (call := self._made(each, self._call)) is not None
            ),
            regulation=self._made(section.section("regulation", _REGULATION_KEYS), self._regulation),
        )

    def _made(self, section: FileSection | None, make: Callable[[FileSection], Any]) -> Any:
        if section is None:
            return None
        try:
            return make(section)
        except InputError as error:
            section.adopt(error)
            return None

    def _firming(self, section: FileSection) -> Firming:
        slots = self._problem.slots
        declared: Floats | float | None = None
        if "declared_kw" in section.data:
            declared = section.series("declared_kw", slots, 0.0)
        elif "ramp_kw_per_hour" not in section.data:
            section.require("declared_kw")
        before = section.number("before_kw") if "before_kw" in section.data else None
        return Firming(
            declared_kw=declared,
            dead_band_kw=section.series("dead_band_kw", slots, 0.0, least=0.0),
            over_price=section.series("over_price", slots, 0.0, least=0.0),
            under_price=section.series("under_price", slots, 0.0, least=0.0),
            ramp_kw_per_hour=section.number("ramp_kw_per_hour", np.inf, least=0.0),
            ramp_price_per_kw=section.number("ramp_price_per_kw", np.inf, least=0.0),
            before_kw=before,
        )

    def _call(self, section: FileSection) -> PeakShavingCall | None:
        window = self._window(section)
        if window is None or not section.require("committed_kw", "pay_per_kwh"):
            return None
        first, last = window
        return PeakShavingCall(
            first_slot=first,
            last_slot=last,
            committed_kw=section.number("committed_kw", least=0.0),
            baseline_kw=self._baseline(section, first, last),
            pay_per_kwh=section.number("pay_per_kwh", least=0.0),
            penalty_per_kwh=section.number("penalty_per_kwh", least=0.0),
            take_part=section.flag("take_part"),
        )

    def _window(self, section: FileSection) -> tuple[int, int] | None:
        """The first and last slot of a call."""
        slots = self._problem.slots
        if "start" in section.data or "end" in section.data:
            if self._grid is None:
                section.complain("start", "the file has no times", "give first_slot and last_slot")
                return None
            if not section.require("start", "end"):
                return None
            moments = [section.moment(key) for key in ("start", "end")]
            if None in moments:
                return None
            start, end = (self._slot(moment) for moment in moments if moment is not None)
            first, last = int(np.floor(start)), int(np.ceil(end)) - 1
        elif section.require("first_slot", "last_slot"):
            first, last = (int(section.number(key, least=0.0)) for key in ("first_slot", "last_slot"))
        else:
            return None
        if not 0 <= first <= last < slots:
            message = f"its window, slots {first} to {last}, is none within 0 to {slots - 1}"
            section.complain("start" if "start" in section.data else "first_slot", message, "correct it")
            return None
        return first, last

    def _slot(self, moment: datetime) -> float:
        assert self._grid is not None
        local = moment if moment.tzinfo else moment.replace(tzinfo=self._grid.start.tzinfo)
        return self._grid.seconds_of(local) / self._grid.step.total_seconds()

    def _baseline(self, section: FileSection, first: int, last: int) -> Floats | float:
        """The baseline given, or the mean of the latest days at the same hours, without the battery."""
        if "baseline_kw" in section.data:
            given = np.asarray(section.series("baseline_kw", last - first + 1, 0.0))
            # A column has all slots, a list those of the window.
            return given[first : last + 1] if given.size == self._problem.slots > 1 else given
        problem = self._problem
        per_day = round(24 / problem.step_hours)
        if abs(per_day * problem.step_hours - 24) > 1e-9:
            section.complain("baseline_days", "the slots do not divide the day", "give baseline_kw")
            return 0.0
        metered = problem.consumption_kw - problem.solar_kw
        at = np.arange(first, last + 1)
        days = int(section.number("baseline_days", 5, least=1.0))
        by_day = {
            int(day): average_baseline_kw(metered, int(day), per_day, days)
            for day in np.unique(at // per_day)
        }
        return np.array([by_day[slot // per_day][slot % per_day] for slot in at.tolist()])

    def _regulation(self, section: FileSection) -> Regulation | None:
        if not section.require("capability_price"):
            return None
        per_hour = round(1 / self._problem.step_hours)
        if per_hour < 1 or abs(per_hour * self._problem.step_hours - 1) > 1e-9:
            message = f"slots of {self._problem.step_hours:g} h do not divide the hour"
            section.complain("", message, "plan with 1 h or a part of it")
            return None
        offer = Regulation(
            capability_price=self._hourly(section, "capability_price"),
            performance_price=self._hourly(section, "performance_price"),
            score=section.number("score", 1.0, least=0.0),
            mileage_ratio=section.number("mileage_ratio", 1.0, least=0.0),
            up_share=section.number("up_share", 0.1, least=0.0, most=1.0),
            down_share=section.number("down_share", 0.1, least=0.0, most=1.0),
            reserve_hours=section.number("reserve_hours", 0.25, least=0.0),
            most_kw=section.number("most_kw", np.inf, least=0.0),
            least_score=section.number("least_score", 0.25, least=0.0),
            market=section.text("market", MARKETS),
            through_aggregator=bool(section.flag("through_aggregator", default=False)),
        )
        battery = self._problem.battery
        if battery is None:
            section.complain("", "regulation needs a battery", "give one, or leave regulation out")
            return None
        barred = admission(offer, battery)
        if barred is not None and barred.severity == "error":
            section.complain("market", barred.message, barred.mend)
            return None
        if barred is not None:
            self.notes.append(replace(barred, place=section.place("market")))
        if "score" in section.data:
            return offer
        if self._physical is None:
            section.complain(
                "", "regulation lacks score", "give it, or the battery's chemistry to measure it"
            )
            return None
        return self._measure(section, offer, battery)

    def _hourly(self, section: FileSection, key: str) -> Floats | float:
        per_hour = max(round(1 / self._problem.step_hours), 1)
        hours = -(-self._problem.slots // per_hour)
        price = section.series(key, hours, 0.0, least=0.0)
        if np.ndim(price) and np.size(price) != hours:
            firsts = np.arange(hours) * per_hour
            return np.add.reduceat(price, firsts) / np.diff([*firsts, np.size(price)])
        return price

    def _measure(self, section: FileSection, offer: Regulation, battery: Battery) -> Regulation:
        """The offer with the energy shares of a signal, and the score that the physics reaches on it."""
        assert self._physical is not None
        chemistry = self._physical.chemistry
        state = chemistry.at_stored(self._physical.state or State(), battery.energy_kwh / 2)
        step = int(section.number("signal_step_seconds", 2, least=1.0))
        recorded = section.text("signal")
        if recorded:
            signal = _read_signal(self._folder / recorded)
        else:
            seed = int(section.number("signal_seed", 1, least=0.0))
            signal = illustrative_signal(_SIGNAL_HOURS, seed, step_seconds=step)
        ambient = float(np.mean(self._physical.ambient_celsius))
        capacity_kw = min(offer.most_kw, chemistry.power_kw)
        offer, scores = expected_regulation(
            offer, chemistry, state, signal, capacity_kw, step_seconds=step, ambient_celsius=ambient
        )
        index = follow_commands(
            chemistry, state, signal, capacity_kw, step_seconds=step, ambient_celsius=ambient
        )
        self.measured = MeasuredResponse(tuple(scores), index, recorded is not None)
        return offer


def _read_signal(path: Path) -> Floats:
    """Read a signal: one number a line, under a head if there is one."""
    problems: list[Problem] = []
    text = read_text(path, path.name, problems)
    values: list[float] = []
    for number, line in enumerate((text or "").splitlines(), 1):
        try:
            values.append(float(line.split(",")[-1]))
        except ValueError:
            if number > 1 and line.strip():
                message = f"{line!r} is no number"
                problems.append(
                    Problem(f"{path.name}:{number}", message, "give one number from -1 to 1 a line")
                )
    if problems:
        raise InputError(problems[:20])
    return np.array(values)
