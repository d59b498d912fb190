"""A schedule searched for by its cost over several forecasts, against the best of several candidates.

Run with ``python -m benchmarks.joint_scenarios [--quick] [--seconds 12]``. Generated factories with sun
behind the meter (those of ``joint_factories``), five forecasts (as it is 40 %, sun × 0.4 and × 1.4 20 % each,
base load × 1.3 and × 0.7 10 % each). Each way has the same time of the processor in all: a plan for the
forecast alone; the best, by the criterion, of one plan for each scenario and one for the mean forecast; and
half of the time for the forecast, half for the search that goes on with the criterion itself.
"""

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.joint_factories import LOADS, factory
from benchmarks.joint_small import ProcessClock
from juli.power import DispatchProblem, dispatch
from juli.solve.choices.hedge import conditional_value_at_risk
from juli.solve.joint.problem import JointProblem, Outlook
from juli.solve.joint.solving import load_outlook_engines, plan_jointly, search_jointly
from juli.workshop.problem import Run
from juli.workshop.stop import Stop

WEIGHTS = np.array([0.4, 0.2, 0.2, 0.1, 0.1])
SITES = {"sun": ("sun",), "battery, sun, demand": ("battery", "sun", "demand")}
#: The dearest share that counts, by the criterion's name.
TAILS = {"mean": 1.0, "CVaR 0.8": 0.2}


def scenarios(site: DispatchProblem) -> tuple[DispatchProblem, ...]:
    """The site's forecast, with less and more sun, and with more and less load."""
    suns, loads = (1.0, 0.4, 1.4, 1.0, 1.0), (1.0, 1.0, 1.0, 1.3, 0.7)
    return tuple(
        replace(site, solar_kw=sun * site.solar_kw, consumption_kw=load * site.consumption_kw)
        for sun, load in zip(suns, loads, strict=True)
    )


def criterion(
    problem: JointProblem, sites: Sequence[DispatchProblem], tail: float, runs: Sequence[Run]
) -> float:
    """What a schedule costs over the scenarios, each dispatched exactly [money]."""
    drawn_kw, other = problem.machines_kw(runs), problem.other_money(runs)
    each = (dispatch(replace(one, consumption_kw=one.consumption_kw + drawn_kw)).cost for one in sites)
    return conditional_value_at_risk(other + np.array(list(each)), WEIGHTS, 1.0 - tail)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=12.0)
    chosen = parser.parse_args()
    seconds = 0.6 if chosen.quick else chosen.seconds
    loads = LOADS[:1] if chosen.quick else LOADS
    tails = {"mean": 1.0} if chosen.quick else TAILS
    load_outlook_engines()
    print("| machines busy | behind the meter | criterion | for the forecast | best candidate ", end="")
    print("| searched by the criterion | / forecast | / candidate |\n|---:|:---|:---|" + "---:|" * 5)
    ratios: dict[str, list[float]] = {name: [] for name in tails}
    for load in loads:
        for name, has in SITES.items():
            problem = factory(load, has, LOADS.index(load))
            sites = scenarios(problem.site)
            mean_kw = WEIGHTS @ np.array([one.consumption_kw for one in sites])
            mean_sun = WEIGHTS @ np.array([one.solar_kw for one in sites])
            mixed = replace(problem.site, consumption_kw=mean_kw, solar_kw=mean_sun)
            alone = plan_jointly(problem, seconds=seconds, clock=ProcessClock()).runs
            half = plan_jointly(problem, seconds=seconds / 2, clock=ProcessClock()).runs
            candidates = [
                plan_jointly(
                    replace(problem, site=one), seconds=seconds / (len(sites) + 1), clock=ProcessClock()
                ).runs
                for one in (*sites, mixed)
            ]
            for risk, tail in tails.items():
                clock = ProcessClock()
                found = search_jointly(
                    replace(problem, outlook=Outlook(sites, WEIGHTS, tail)),
                    half,
                    Stop(clock, clock.elapsed_seconds(), seconds / 2),
                    seed=0,
                    threads=1,
                )
                at = [criterion(problem, sites, tail, runs) for runs in (alone, found)]
                best = min(criterion(problem, sites, tail, runs) for runs in candidates)
                ratios[risk].append(at[1] / best)
                print(
                    f"| {load:.0%} | {name} | {risk} | {at[0]:.1f} | {best:.1f} | {at[1]:.1f} "
                    f"| {at[1] / at[0]:.4f} | {at[1] / best:.4f} |",
                    flush=True,
                )
    for risk, own in ratios.items():
        won = sum(ratio < 1.0 for ratio in own)
        print(
            f"\n{risk}: median {statistics.median(own):.4f} of the best candidate, "
            f"cheaper in {won} of {len(own)}"
        )


if __name__ == "__main__":
    main()
