"""The makespan of the assembly flexible job shops DAFJS01-10 against a plain CP-SAT model in the same time.

One thread each. ``python -m benchmarks.schedule_assembly [--quick] [--seconds S] [--seeds N] [NAME ...]``
"""

from benchmarks._schedule_cases import SHARED, arguments, made_shop
from benchmarks.schedule_makespan import HEAD, row, table


def main() -> None:
    """Print the table."""
    asked = arguments(seconds=60.0)
    if asked.quick:
        print(HEAD)
        row("made, 4 x 5 on 3", made_shop(4, 5, 3, 2, assembly=True), None, 0.5, 1, peer=True)
        return
    if not SHARED.is_dir():
        print("the public instances are not beside the project")
        return
    names = asked.names or [f"DAFJS{number:02}" for number in range(1, 11)]
    table(names, asked.seconds, asked.seeds, peer=not asked.no_peer)


if __name__ == "__main__":
    main()
