"""US utility rates as OpenEI's Utility Rate Database (URDB) publishes them, in JSON.

Field names and meanings: https://openei.org/services/doc/rest/util_rates/ (version 7 and 8). A field that
changes the bill and that Juli can't reckon with is an error; one that may matter is a caution that every
bill repeats; a field that only describes the rate is passed over.
"""

import json
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

from juli.core.errors import InputError, Problem
from juli.plant.tariffs.demand_rules import DemandCharge
from juli.plant.tariffs.description import FixedCharge, Tariff
from juli.plant.tariffs.price_rules import PricePeriod, Rule, Tier, TierStep
from juli.plant.tariffs.windows import Days, Window

_DESCRIBING: Final = frozenset(
    "label uri name utility eiaid startdate enddate source sourceparent sector servicetype description "  # noqa: SIM905 - reads as prose
    "approved is_default supercedes voltagecategory voltageminimum voltagemaximum phasewiring demandunits "
    "basicinformationcomments energycomments demandcomments country revisions coincidentrateunit".split()
)
_RECKONED: Final = frozenset(
    "energyratestructure energyweekdayschedule energyweekendschedule fueladjustmentsmonthly "  # noqa: SIM905 - reads as prose
    "demandratestructure demandweekdayschedule demandweekendschedule demandrateunit demandwindow "
    "flatdemandstructure flatdemandmonths flatdemandunit fixedchargefirstmeter fixedchargeunits "
    "fixedmonthlycharge mincharge minchargeunits minmonthlycharge".split()
)
_REFUSED: Final = frozenset(
    "demandratchetpercentage demandreactivepowercharge coincidentratestructure coincidentrateschedule "  # noqa: SIM905 - reads as prose
    "lookbackpercent lookbackrange lookbackmonths annualmincharge".split()
)
_MONTHS_PER: Final = {"$/month": 1.0, "$/year": 1 / 12, "$/day": 365 / 12}


def read_urdb(path: Path, time_zone: str | None) -> Tariff:
    """Read a rate.

    Parameters
    ----------
    path
        A JSON file with one rate, or with the API's answer of one rate (``{"items": [...]}``).
    time_zone
        The utility's time zone, which the database doesn't hold.

    Raises
    ------
    InputError
        Naming each field that is wrong or that Juli can't reckon with.
    """
    rate = _read_json(path)
    if time_zone is None:
        raise InputError(
            f"{path.name}: an OpenEI rate doesn't say its time zone: give one, like America/New_York"
        )
    return _Reader(rate, path.name).tariff(time_zone)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        rate = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = Problem(path.name, f"can't be read: {error.strerror}", "check the file's name and rights")
        raise InputError([problem]) from None
    except ValueError as error:
        raise InputError([Problem(path.name, f"is not JSON: {error}", "take the rate as JSON")]) from None
    if isinstance(rate, dict) and isinstance(rate.get("items"), list) and len(rate["items"]) == 1:
        rate = rate["items"][0]
    if not isinstance(rate, dict) or "energyratestructure" not in rate:
        message = "holds no single rate with an energyratestructure"
        raise InputError([Problem(path.name, message, "ask OpenEI for one rate, with detail=full")])
    return rate


class _Reader:
    """Reads one rate, field by field; collects problems and cautions on the way."""

    def __init__(self, rate: dict[str, Any], place: str):
        self._rate = rate
        self._place = place
        self._problems: list[Problem] = []
        self._cautions: list[str] = []

    def tariff(self, time_zone: str) -> Tariff:
        """Give the tariff, or raise with all problems."""
        self._look_for_other_fields()
        energy = self._structure("energyratestructure")
        schedule = self._schedule("energy", len(energy))
        demand = self._time_of_use_demand() + self._flat_demand()
        fuel = self._numbers("fueladjustmentsmonthly", 12)
        fixed, minimum = self._fixed(), self._minimum()
        periods = {_period(number): self._price(number, tiers) for number, tiers in enumerate(energy)}
        tiers = self._tiers(energy)
        interval = self._rate.get("demandwindow") or 15
        if demand and not self._rate.get("demandwindow"):
            self._cautions.append("demandwindow is absent; demand is taken over 15 minutes")
        if self._problems:
            raise InputError(self._problems)
        return Tariff(
            name=str(self._rate.get("label") or self._rate.get("name") or "urdb"),
            title=", ".join(str(self._rate[key]) for key in ("utility", "name") if self._rate.get(key)),
            source=str(self._rate.get("uri") or self._rate.get("source") or "OpenEI URDB"),
            known={"all": "as entered in the OpenEI Utility Rate Database"},
            cautions=tuple(self._cautions),
            currency="USD",
            time_zone=time_zone,
            valid_from=_day(self._rate.get("startdate")),
            valid_to=_day(self._rate.get("enddate")),
            components={"energy": 0.0, "fuel": 0.0} if any(fuel) else {"energy": 0.0},
            monthly={f"{month:02}": {"fuel": price} for month, price in enumerate(fuel, 1) if price},
            periods=periods,
            schedule=schedule,
            tiers=tiers,
            demand_charges=tuple(demand),
            demand_interval_minutes=interval,
            fixed=fixed,
            minimum_money_per_month=minimum,
        )

    def _refuse(self, field: str, message: str, mend: str) -> None:
        self._problems.append(Problem(f"{self._place}[{field}]", message, mend))

    def _look_for_other_fields(self) -> None:
        for field, value in self._rate.items():
            key = field.lower()
            if key in _REFUSED and _says_something(value):
                self._refuse(
                    field, f"is {value}, which Juli can't reckon with", "take it out to bill without"
                )
            elif key not in _DESCRIBING | _RECKONED | _REFUSED and _says_something(value):
                self._cautions.append(f"{field} ({value}) is not reckoned with")

    def _structure(self, field: str) -> list[list[dict[str, float]]]:
        """Prices by period and tier, as numbers only."""
        structure = self._rate.get(field) or []
        for number, tiers in enumerate(structure):
            for position, tier in enumerate(tiers):
                self._check_tier(f"{field}[{number}][{position}]", tier, last=position + 1 == len(tiers))
            if len(tiers) > 1 and tiers[-1].get("max") is not None:
                self._cautions.append(f"{field}[{number}]: the last tier is taken to have no upper end")
            if not tiers:
                self._refuse(f"{field}[{number}]", "is empty", "give at least one tier with a rate")
        return [[_numbers_of(tier) for tier in tiers] or [{}] for tiers in structure]

    def _check_tier(self, where: str, tier: dict[str, Any], *, last: bool) -> None:
        unit = tier.get("unit", "kWh")
        if unit not in ("kWh", "kW"):
            message = f"the tier is in {unit}; Juli reckons tiers in kWh a month"
            self._refuse(where, message, "leave the rate, or rewrite its tiers")
        for key in ("rate", "adj", "sell", "max"):
            if not isinstance(tier.get(key), int | float | None):
                self._refuse(where, f"has the {key} {tier[key]!r}", "write a number")
        if tier.get("rate") is None:
            self._refuse(where, "has no rate", "write it, 0 where it costs nothing")
        if not last and tier.get("max") is None:
            self._refuse(where, "has no max, but is not the last tier", "give its max")

    def _schedule(self, what: str, periods: int) -> dict[str, Rule]:
        weekdays = self._matrix(f"{what}weekdayschedule", periods)
        weekends = self._matrix(f"{what}weekendschedule", periods)
        kinds = [(Days.ALL, weekdays)] if weekdays == weekends else []
        kinds = kinds or [(Days.WEEKDAYS, weekdays), (Days.WEEKENDS, weekends)]
        return {
            f"{days} {','.join(map(str, window.months))} {_period(number)}": Rule(
                period=_period(number), **window.model_dump()
            )
            for days, matrix in kinds
            for number in range(periods)
            for window in _windows(matrix, number, days)
        }

    def _matrix(self, field: str, periods: int) -> list[list[int]]:
        matrix = self._rate.get(field)
        if not isinstance(matrix, list) or [len(row) for row in matrix if isinstance(row, list)] != [24] * 12:
            self._refuse(field, "is no table of 12 months by 24 hours", "give it in full")
            return [[0] * 24] * 12
        wrong = sorted({number for row in matrix for number in row if number not in range(periods)})
        if wrong:
            self._refuse(field, f"names the period {wrong[0]}, but there are {periods} from 0", "correct it")
            return [[0] * 24] * 12
        return matrix

    def _price(self, number: int, tiers: list[dict[str, float]]) -> PricePeriod:
        sells = {tier["sell"] for tier in tiers if "sell" in tier}
        if len(sells) > 1:
            self._cautions.append(f"energyratestructure[{number}]: only the first tier's sell price is used")
        return PricePeriod(prices={"energy": _rate(tiers[0])}, sell=tiers[0].get("sell"))

    def _tiers(self, energy: list[list[dict[str, float]]]) -> dict[str, Tier]:
        if self._problems:
            return {}
        return {
            f"tier {_period(number)}": Tier(
                periods=(_period(number),),
                steps=tuple(
                    TierStep(above_kwh=below["max"], add=_rate(tier) - _rate(tiers[0]))
                    for below, tier in pairwise(tiers)
                ),
            )
            for number, tiers in enumerate(energy)
            if len(tiers) > 1
        }

    def _time_of_use_demand(self) -> list[DemandCharge]:
        structure = self._structure("demandratestructure")
        if not structure:
            return []
        self._kw_only("demandrateunit")
        weekdays = self._matrix("demandweekdayschedule", len(structure))
        weekends = self._matrix("demandweekendschedule", len(structure))
        return [
            charge
            for number, tiers in enumerate(structure)
            for charge in _charges(
                f"demand, {_period(number)}",
                tiers,
                (
                    *_windows(weekdays, number, Days.WEEKDAYS),
                    *_windows(weekends, number, Days.WEEKENDS),
                ),
            )
        ]

    def _flat_demand(self) -> list[DemandCharge]:
        structure = self._structure("flatdemandstructure")
        if not structure:
            return []
        self._kw_only("flatdemandunit")
        months = self._rate.get("flatdemandmonths")
        if not isinstance(months, list) or len(months) != 12:
            self._refuse("flatdemandmonths", "is no list of 12 months", "give a structure's number for each")
            return []
        wrong = [number for number in months if number not in range(len(structure))]
        if wrong:
            message = f"names the structure {wrong[0]}, but there are {len(structure)} from 0"
            self._refuse("flatdemandmonths", message, "correct it")
            return []
        return [
            charge
            for number, tiers in enumerate(structure)
            if number in months
            for charge in _charges(
                "flat demand" if len(structure) == 1 else f"flat demand {number}",
                tiers,
                (Window(months=tuple(month for month, of in enumerate(months, 1) if of == number)),),
            )
        ]

    def _kw_only(self, field: str) -> None:
        unit = self._rate.get(field, "kW")
        if unit != "kW":
            self._refuse(field, f"is {unit}; Juli reckons demand in kW a month", "leave the rate")

    def _numbers(self, field: str, count: int) -> list[float]:
        numbers = self._rate.get(field) or [0.0] * count
        if len(numbers) != count:
            self._refuse(field, f"has {len(numbers)} values, not {count}", "give one for each month")
            return [0.0] * count
        return [float(number or 0.0) for number in numbers]

    def _fixed(self) -> dict[str, FixedCharge]:
        monthly = float(self._rate.get("fixedmonthlycharge") or 0.0)
        charge = float(self._rate.get("fixedchargefirstmeter") or 0.0)
        unit = self._unit("fixedchargeunits") if charge else "$/month"
        if unit == "$/day":
            found = FixedCharge(money_per_month=monthly, money_per_day=charge)
        else:
            found = FixedCharge(money_per_month=monthly + charge * _MONTHS_PER[unit])
        return {"fixed charge": found} if monthly or charge else {}

    def _minimum(self) -> float:
        monthly = float(self._rate.get("minmonthlycharge") or 0.0)
        charge = float(self._rate.get("mincharge") or 0.0)
        if not charge:
            return monthly
        unit = self._unit("minchargeunits")
        if unit != "$/month":
            self._cautions.append(
                f"mincharge is in {unit}; it is taken month by month, a twelfth of the year"
            )
        return max(monthly, charge * _MONTHS_PER[unit])

    def _unit(self, field: str) -> str:
        unit = self._rate.get(field) or "$/month"
        if unit not in _MONTHS_PER:
            self._refuse(field, f"is {unit!r}", f"write one of {', '.join(_MONTHS_PER)}")
            return "$/month"
        return str(unit)


def _period(number: int) -> str:
    return f"period_{number}"


def _numbers_of(tier: dict[str, Any]) -> dict[str, float]:
    return {key: float(value) for key, value in tier.items() if isinstance(value, int | float)}


def _rate(tier: dict[str, float]) -> float:
    """A tier's price: the rate with its adjustment."""
    return tier.get("rate", 0.0) + tier.get("adj", 0.0)


def _charges(name: str, tiers: list[dict[str, float]], when: tuple[Window, ...]) -> list[DemandCharge]:
    """A charge for each tier, of what it adds to the one below."""
    charges = []
    above_kw, below = 0.0, 0.0
    for position, tier in enumerate(tiers):
        price = _rate(tier)
        if price != below and when:
            further = f" above {above_kw:g} kW" if position else ""
            charges.append(
                DemandCharge(name=name + further, price=price - below, above_kw=above_kw, when=when)
            )
        above_kw, below = tier.get("max", 0.0), price
    return charges


def _windows(matrix: list[list[int]], period: int, days: Days) -> tuple[Window, ...]:
    """The windows in which a table of months and hours names a period."""
    months_of: dict[tuple[str, ...], list[int]] = {}
    for month, row in enumerate(matrix, 1):
        hours = _stretches([hour for hour in range(24) if row[hour] == period])
        if hours:
            months_of.setdefault(hours, []).append(month)
    return tuple(
        Window(
            months=tuple(months) if len(months) < 12 else (),
            days=days,
            hours=() if hours == ("00:00-24:00",) else hours,
        )
        for hours, months in months_of.items()
    )


def _stretches(hours: list[int]) -> tuple[str, ...]:
    runs = groupby(enumerate(hours), key=lambda pair: pair[1] - pair[0])
    ends = [[hour for _, hour in run] for _, run in runs]
    return tuple(f"{run[0]:02}:00-{run[-1] + 1:02}:00" for run in ends)


def _says_something(value: Any) -> bool:
    if isinstance(value, list):
        return any(_says_something(item) for item in value)
    if isinstance(value, dict):
        return any(_says_something(item) for item in value.values())
    return value not in (None, "", 0, 0.0, False, "0")


def _day(stamp: Any) -> date | None:
    return datetime.fromtimestamp(stamp, UTC).date() if isinstance(stamp, int | float) and stamp else None
