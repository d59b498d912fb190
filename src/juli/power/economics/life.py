"""A battery's years: each dispatched with what age has left of it, and what they come to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from juli.core.errors import InputError, Problem
from juli.power.economics.cash_flow import internal_rate_of_return, net_present_value, payback_years
from juli.power.economics.saving import Saving, energy_money, saving_by_source, without_battery
from juli.power.economics.storage_cost import levelised_cost_of_storage
from juli.power.engines import dispatch
from juli.power.problem import Battery, Dispatch, DispatchProblem

HOURS_PER_YEAR: Final = 8760.0
MOST_YEARS: Final = 100


@dataclass(frozen=True)
class Fade:
    """What age leaves of a battery, year by year; later years are as the last one given.

    Parameters
    ----------
    capacity_share
        Mean share of the new battery's energy in year 1, 2, …, in (0, 1].
    efficiency_share
        Mean share of the new battery's round-trip efficiency in year 1, 2, …, in (0, 1].

    Examples
    --------
    >>> Fade.linear(0.02, years=3).capacity_share
    (0.99, 0.97, 0.95)
    """

    capacity_share: tuple[float, ...] = (1.0,)
    efficiency_share: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        problems = []
        for name in ("capacity_share", "efficiency_share"):
            shares = tuple(float(share) for share in getattr(self, name))
            object.__setattr__(self, name, shares)
            if not shares:
                problems.append(Problem(f"fade.{name}", "is empty", "give a share for year 1"))
            for year, share in enumerate(shares, 1):
                if not 0 < share <= 1:
                    message = f"{share} in year {year} is not in (0, 1]"
                    problems.append(Problem(f"fade.{name}[{year - 1}]", message, "give a share"))
        if problems:
            raise InputError(problems)

    @classmethod
    def linear(
        cls,
        capacity_loss_per_year: float = 0.0,
        efficiency_loss_per_year: float = 0.0,
        *,
        years: int = MOST_YEARS,
        reconditioning_every_years: int = 0,
        reconditioning_restores: float = 0.0,
        least_share: float = 0.01,
    ) -> "Fade":
        """Equal losses each year, in shares of the new battery; the middle of a year stands for it.

        Parameters
        ----------
        reconditioning_every_years
            At the end of every so many years a share ``reconditioning_restores`` of the efficiency lost until
            then comes back; 0: never.
        least_share
            Nothing falls below this.
        """
        capacity, efficiency = [], []
        lost = 0.0
        for year in range(1, years + 1):
            capacity.append(max(1 - capacity_loss_per_year * (year - 0.5), least_share))
            efficiency.append(max(1 - lost - 0.5 * efficiency_loss_per_year, least_share))
            lost += efficiency_loss_per_year
            if reconditioning_every_years and year % reconditioning_every_years == 0:
                lost *= 1 - reconditioning_restores
        return cls(tuple(capacity), tuple(efficiency))

    def aged(self, battery: Battery, year: int) -> Battery:
        """The battery in a year of its life (1: the first); its losses grow on both ways alike."""
        capacity = self.capacity_share[min(year, len(self.capacity_share)) - 1]
        one_way = self.efficiency_share[min(year, len(self.efficiency_share)) - 1] ** 0.5
        return replace(
            battery,
            energy_kwh=battery.energy_kwh * capacity,
            start_kwh=battery.start_kwh * capacity,
            end_kwh=battery.end_kwh * capacity,
            charge_efficiency=battery.charge_efficiency * one_way,
            discharge_efficiency=battery.discharge_efficiency * one_way,
        )


@dataclass(frozen=True)
class Investment:
    """What a battery costs beside what it does [money].

    Parameters
    ----------
    cost_money
        Paid before the first year.
    yearly_cost_money
        Operation and maintenance, paid each year.
    reconditioning_money, reconditioning_every_years
        A reconditioning at the end of every so many years but the last; 0: never.
    disposal_money
        Paid (negative: got) at the end of the last year.
    discount_rate
        Rate of the net present value, above -1.
    """

    cost_money: float
    yearly_cost_money: float = 0.0
    reconditioning_money: float = 0.0
    reconditioning_every_years: int = 0
    disposal_money: float = 0.0
    discount_rate: float = 0.06

    def __post_init__(self) -> None:
        problems = [
            Problem(f"investment.{name}", f"{getattr(self, name)} is no finite number", "give an amount")
            for name in ("cost_money", "yearly_cost_money", "reconditioning_money", "disposal_money")
            if not np.isfinite(getattr(self, name))
        ]
        if not -1 < self.discount_rate < np.inf:
            message = f"{self.discount_rate} is not above -1"
            problems.append(Problem("investment.discount_rate", message, "give a fraction, such as 0.06"))
        if self.reconditioning_every_years < 0:
            message = f"{self.reconditioning_every_years} is negative"
            problems.append(Problem("investment.reconditioning_every_years", message, "give years, or 0"))
        if problems:
            raise InputError(problems)

    def outlay_money(self, year: int, years: int) -> float:
        """What is paid in a year (0: before the first), of so many years."""
        if year == 0:
            return self.cost_money
        money = self.yearly_cost_money
        every = self.reconditioning_every_years
        if every and year % every == 0 and year < years:
            money += self.reconditioning_money
        return money + (self.disposal_money if year == years else 0.0)


@dataclass(frozen=True)
class Year:
    """One year of a battery's life.

    Parameters
    ----------
    year
        1 for the first.
    battery
        What age has left of it.
    saving
        By source [money].
    outlay_money
        Operation, reconditioning, disposal [money].
    charged_kwh, discharged_kwh
        Energy at the plant's side [kWh].
    charged_money
        What the energy charged cost: bought, or not sold [money].
    exact
        Whether the dispatch is proven best to 1e-6.
    """

    year: int
    battery: Battery
    saving: Saving
    outlay_money: float
    charged_kwh: float
    discharged_kwh: float
    charged_money: float
    exact: bool


@dataclass(frozen=True)
class Economics:
    """What a battery comes to over its years.

    Parameters
    ----------
    years
        One entry a year.
    cash_flow_money
        Shape ``(years + 1,)``: first the investment, negative; then saving less outlay of each year.
    npv_money
        Net present value at ``discount_rate``.
    irr
        Internal rate of return; None where there is none, or more than one.
    payback_years, discounted_payback_years
        None where the investment does not come back.
    lcos_money_per_kwh
        Levelised cost of a kWh given, energy charged included; None where nothing is given.
    lcos_without_charging_money_per_kwh
        The same without the energy charged.
    """

    years: tuple[Year, ...]
    cash_flow_money: tuple[float, ...]
    discount_rate: float
    npv_money: float
    irr: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    lcos_money_per_kwh: float | None
    lcos_without_charging_money_per_kwh: float | None

    @property
    def first_year(self) -> Saving:
        """What the first year saves, by source."""
        return self.years[0].saving


def years_of(
    problem: DispatchProblem,
    investment: Investment,
    fade: Fade | None = None,
    *,
    years: int = 20,
    horizons_per_year: float | None = None,
    services_of: Callable[[DispatchProblem], tuple[Dispatch, Mapping[str, float]]] | None = None,
) -> Economics:
    """Dispatch every year of a battery's life with what age has left of it, and add up.

    Every year has the same consumption and prices. Years with the same battery are dispatched once.

    Parameters
    ----------
    problem
        The site with its new battery, over a year; a shorter horizon stands for the whole year.
    fade
        None: the battery does not age.
    years
        How many, 1 to 100.
    horizons_per_year
        How many such horizons make a year; None: by their hours. A demand charge falls due in each of them.
    services_of
        Dispatches a problem with its services, and answers what each service paid by name; the dispatch's own
        cost leaves that out. None: no services.

    Raises
    ------
    InputError
        If there is no battery, or a number makes no sense.
    InfeasibleError
        If what age has left of the battery can't keep a limit.
    """
    problems = []
    if problem.battery is None:
        problems.append(Problem("battery", "is missing", "give the battery whose worth is asked"))
    if not 1 <= years <= MOST_YEARS:
        problems.append(Problem("years", f"{years} is not from 1 to {MOST_YEARS}", "give whole years"))
    per_year = horizons_per_year
    if per_year is None:
        per_year = HOURS_PER_YEAR / (problem.slots * problem.step_hours)
        if abs(per_year - 1) < 0.005:
            per_year = 1.0  # a leap year is a year
    if not 0 < per_year < np.inf:
        problems.append(Problem("horizons_per_year", f"{per_year} is not positive", "give a number above 0"))
    if problems or problem.battery is None:
        raise InputError(problems)
    fade = fade or Fade()
    without = dispatch(without_battery(problem))
    found: dict[Battery, Year] = {}
    lived = []
    for year in range(1, years + 1):
        battery = fade.aged(problem.battery, year)
        if battery not in found:
            found[battery] = _year(replace(problem, battery=battery), without, per_year, services_of)
        lived.append(replace(found[battery], year=year, outlay_money=investment.outlay_money(year, years)))
    return _sum_up(tuple(lived), investment)


def _year(
    problem: DispatchProblem,
    without: Dispatch,
    per_year: float,
    services_of: Callable[[DispatchProblem], tuple[Dispatch, Mapping[str, float]]] | None,
) -> Year:
    answer, paid = (dispatch(problem), {}) if services_of is None else services_of(problem)
    saving = saving_by_source(problem, answer, without=without, services=paid)
    charging = answer.battery_kw < 0
    dearer = energy_money(problem, answer.grid_kw) - energy_money(problem, without.grid_kw)
    if problem.battery is None:
        raise InputError([Problem("battery", "is missing", "give one")])
    return Year(
        year=0,
        battery=problem.battery,
        saving=saving.times(per_year),
        outlay_money=0.0,
        charged_kwh=float(-answer.battery_kw[charging].sum() * problem.step_hours * per_year),
        discharged_kwh=float(answer.battery_kw.clip(min=0).sum() * problem.step_hours * per_year),
        charged_money=float(dearer[charging].sum() * per_year),
        exact=answer.exact,
    )


def _sum_up(lived: tuple[Year, ...], investment: Investment) -> Economics:
    rate = investment.discount_rate
    flows = (-investment.cost_money, *(each.saving.total - each.outlay_money for each in lived))
    given = [each.discharged_kwh for each in lived]
    outlays = [each.outlay_money for each in lived]
    charged = [each.outlay_money + each.charged_money for each in lived]
    return Economics(
        years=lived,
        cash_flow_money=flows,
        discount_rate=rate,
        npv_money=net_present_value(rate, flows),
        irr=internal_rate_of_return(flows),
        payback_years=payback_years(flows),
        discounted_payback_years=payback_years(flows, rate),
        lcos_money_per_kwh=levelised_cost_of_storage(rate, investment.cost_money, charged, given),
        lcos_without_charging_money_per_kwh=levelised_cost_of_storage(
            rate, investment.cost_money, outlays, given
        ),
    )
