"""Demand charges against HiGHS on the same linear program: one week with one charge, a year with twelve."""

import sys

from benchmarks.dispatch_year import HEAD, REPEATS, row, site


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    print(HEAD)
    print(row("a week, one charge", site(672, demand_price=10.0), 1 if quick else REPEATS))
    if not quick:
        for price in (3.0, 7.0, 40.0):
            print(row(f"a year, monthly at {price:g}", site(35_040, demand_price=price), 1))


if __name__ == "__main__":
    main()
