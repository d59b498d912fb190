"""What two batteries earn on a real steel plant's year under the Jiangsu tariff of 2025, by demand mode.

The load is a steel plant's year of quarter-hours (2018); the tariff's dates are left out, so that its
seasons, hours and that year's public holidays hold. Both batteries are linearised from their physics at
25 °C. Prices of batteries are illustrative: 1,500 CNY/kWh for nickel-hydrogen, 900 CNY/kWh for lithium iron
phosphate with its converter, 1 % of that a year for operation; 6 % interest; 30 and 15 years.
"""

import sys
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.dispatch_many import STEEL, steel_kw
from juli.core.grid import TimeGrid
from juli.plant.tariffs import DemandContract, DemandMode, load_tariff
from juli.power import Battery, DispatchProblem, dispatch
from juli.power.chemistry import LithiumIronPhosphate, NickelHydrogen
from juli.power.chemistry.linearise import linearise
from juli.power.economics import Fade, Investment, Saving, saving_by_source, years_of
from juli.power.economics.saving import without_battery
from juli.power.tariff_terms import TariffTerms, tariff_terms

ENERGY_KWH: Final = 2000.0
POWER_KW: Final = 500.0
CAPACITY_KVA: Final = 800.0


@dataclass(frozen=True)
class Offer:
    """A battery and what it is taken to cost; illustrative."""

    name: str
    battery: Battery
    investment: Investment
    fade: Fade
    years: int


def offers() -> list[Offer]:
    """Both batteries; wear is left out of the dispatch, so that each earns what it can."""
    found = []
    for chemistry, name, price, years, loss in (
        (NickelHydrogen, "nickel-hydrogen", 1500.0, 30, 0.14 / 30),
        (LithiumIronPhosphate, "lithium iron phosphate", 900.0, 15, 0.30 / 15),
    ):
        battery = linearise(
            chemistry(energy_kwh=ENERGY_KWH, power_kw=POWER_KW), 25.0, start_kwh=0.0, standing_loss=True
        )
        cost = price * ENERGY_KWH
        investment = Investment(cost, yearly_cost_money=0.01 * cost, discount_rate=0.06)
        found.append(Offer(name, battery, investment, Fade.linear(loss, years=years), years))
    return found


def terms_of(mode: DemandMode, grid: TimeGrid, contract_kw: float) -> TariffTerms:
    """The tariff in a demand mode."""
    tariff = load_tariff("jiangsu-2025-06-two-part-1-10kv").undated()
    return tariff_terms(
        tariff, DemandContract(mode=mode, contract_kw=contract_kw, capacity_kva=CAPACITY_KVA), grid
    )


def site(terms: TariffTerms, load_kw: np.ndarray, battery: Battery | None) -> DispatchProblem:
    """The plant under a tariff; nothing may be exported."""
    return DispatchProblem(
        step_hours=0.25, consumption_kw=load_kw, export_limit_kw=0.0, battery=battery, **terms.arguments()
    )


def rows(load_kw: np.ndarray) -> list[str]:
    """A row for each battery and demand mode."""
    zone = ZoneInfo("Asia/Shanghai")
    grid = TimeGrid(datetime(2018, 1, 1, tzinfo=zone), timedelta(minutes=15), len(load_kw))
    whole = len(load_kw) == 35_040
    highest = float(load_kw.max())
    lines = []
    for offer in offers():
        for mode, contract_kw, name in (
            (DemandMode.TRANSFORMER_CAPACITY, highest, "transformer capacity"),
            (DemandMode.CONTRACT_DEMAND, highest / 1.05, "contract, as without battery"),
            (DemandMode.CONTRACT_DEMAND, 0.0, "contract, chosen anew"),
            (DemandMode.MEASURED_MAXIMUM, highest, "measured maximum"),
        ):
            began = time.process_time()
            kept = contract_kw if contract_kw > 0 else highest / 1.05
            before = terms_of(mode, grid, kept)
            chosen = before if contract_kw > 0 else best_contract(grid, load_kw, offer.battery)
            problem = site(chosen, load_kw, offer.battery)
            answer = dispatch(problem)
            without = dispatch(site(before, load_kw, None))
            fixed = before.fixed_money - chosen.fixed_money
            saving = saving_by_source(problem, answer, without=without)
            saving = replace(saving, demand=saving.demand + fixed)
            seconds = time.process_time() - began
            life = life_of(offer, problem, saving) if whole else ""
            lines.append(
                f"| {offer.name} | {name} | {chosen.contract.contract_kw:.0f} | "
                f"{saving.energy_shifting:,.0f} | {saving.demand:,.0f} | {saving.total:,.0f} | {life} "
                f"{(answer.cost - answer.bound) / answer.cost:.0e} | {seconds:.1f} |"
            )
    return lines


def best_contract(grid: TimeGrid, load_kw: np.ndarray, battery: Battery) -> TariffTerms:
    """The contracted demand at which the battery leaves the least bill, to 2 % of the highest load."""
    plain = replace(battery, standing_loss_kw=0.0)
    least, best = np.inf, None
    for share in np.arange(0.5, 1.0, 0.02):
        terms = terms_of(DemandMode.CONTRACT_DEMAND, grid, share * float(load_kw.max()) / 1.05)
        money = dispatch(site(terms, load_kw, plain)).cost + terms.fixed_money
        if money < least:
            least, best = money, terms
    assert best is not None
    return best


def life_of(offer: Offer, problem: DispatchProblem, first: Saving) -> str:
    """Net present value, payback and return; without the standing loss, which is worth a few yuan a year."""
    plain = replace(problem, battery=replace(problem.battery, standing_loss_kw=0.0))
    alone = dispatch(without_battery(plain))
    life = years_of(plain, offer.investment, offer.fade, years=offer.years)
    # What the contract or the standing loss adds to the saving of the first year, it adds to every year.
    more = first.total - saving_by_source(plain, dispatch(plain), without=alone).total
    flows = [life.cash_flow_money[0], *(flow + more for flow in life.cash_flow_money[1:])]
    from juli.power.economics import internal_rate_of_return, net_present_value, payback_years

    value = net_present_value(life.discount_rate, flows)
    years, rate = payback_years(flows), internal_rate_of_return(flows)
    told = "never" if years is None else f"{years:.1f}"
    percent = "none" if rate is None else f"{100 * rate:.1f}"
    return f"{value:,.0f} | {told} | {percent} |"


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    load = steel_kw()
    if not STEEL.is_file():
        print("the steel plant's year is not there: a made load takes its place")
    load = load[: 96 * 7] if quick else load
    mean, most = load.mean(), load.max()
    print(
        f"Load: {len(load)} quarter-hours, mean {mean:.0f} kW, highest {most:.0f} kW. Money in CNY a year.\n"
    )
    life = "" if quick else " NPV | payback [years] | IRR [%] |"
    head = f"| battery | demand mode | contract [kW] | energy | demand | saving |{life}"
    head += " (cost - bound) / cost | time [s] |"
    print(head)
    print("|---|---|" + "---:|" * (head.count("|") - 3))
    for line in rows(load):
        print(line)


if __name__ == "__main__":
    main()
