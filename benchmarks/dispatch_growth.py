"""How a dispatch grows with its slots: from a week of quarter-hours to a year of minutes."""

import resource
import sys

from benchmarks.dispatch_year import REPEATS, seconds_of, site
from juli.power import dispatch


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    print("| slots | step [min] | time [ms] | segment steps a slot | peak memory of the process [MB] |")
    print("|---:|---:|---:|---:|---:|")
    sizes = [(672, 0.25), (8_760, 1.0)]
    if not quick:
        sizes += [(35_040, 0.25), (105_120, 1 / 12), (525_600, 1 / 60)]
    for slots, step in sizes:
        problem = site(slots, step_hours=step)
        answer = dispatch(problem)
        milliseconds = 1e3 * seconds_of(lambda problem=problem: dispatch(problem), REPEATS)  # type: ignore[misc]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        steps = answer.segment_steps / slots
        print(f"| {slots} | {step * 60:g} | {milliseconds:.2f} | {steps:.1f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
