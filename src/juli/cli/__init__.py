"""The commands: one module each, imported only when its command runs."""

import importlib
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

import click

from juli.core.errors import InputError, JuliError


class CommandRow(NamedTuple):
    """Where a command lives, and its line in ``juli --help`` (so that help imports no command)."""

    module: str
    summary: str


#: Every command, in the order in which a newcomer meets them. The module ``juli.cli.<module>`` holds
#: a click command named ``command``.
COMMANDS: Final[dict[str, CommandRow]] = {
    "init": CommandRow("init", "Write a small commented plant that plans."),
    "check": CommandRow("check", "List every problem in a plant's files."),
    "plan": CommandRow("plan", "Plan a plant's days: production, electricity and deliveries."),
    "plans": CommandRow("plans", "List the plans that were kept."),
    "show": CommandRow("show", "Show a plan that was kept."),
    "explain": CommandRow("explain", "Say why an order is late, or what its punctuality costs."),
    "cut": CommandRow("cut", "Cut pieces from measured bars: least material, fewest set-ups."),
    "dispatch": CommandRow("dispatch", "Run one battery at the least cost: load, solar, prices."),
    "schedule": CommandRow("schedule", "Schedule a standard job shop instance."),
    "bill": CommandRow("bill", "Bill a load on a tariff, line by line."),
    "schema": CommandRow("schema", "Print the JSON Schema of plant.yaml or plan.json."),
    "roads": CommandRow("roads", "Read public notices of road works."),
}

EXIT_BAD_INPUT: Final = 2


class _LazyGroup(click.Group):
    """A click group that knows its commands' names and imports only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        row = COMMANDS.get(cmd_name)
        if row is None:
            return None
        command: click.Command = importlib.import_module(f"juli.cli.{row.module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.summary) for name, row in COMMANDS.items()] or [("", "")])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="juli", prog_name="juli")
def juli() -> None:
    """Juli (聚力) plans a factory's days as one problem.

    What each machine makes, where its electricity comes from, and which road each delivery takes.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; every error of Juli's becomes a sentence on standard error and status 2."""
    try:
        juli.main(args=None if arguments is None else list(arguments), prog_name="juli")
    except InputError as error:
        for line in str(error).splitlines():
            click.echo(line, err=True)
        sys.exit(EXIT_BAD_INPUT)
    except JuliError as error:
        click.echo(f"juli: {error}", err=True)
        sys.exit(EXIT_BAD_INPUT)
