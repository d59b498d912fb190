"""The road commands, each imported only when it runs."""

import importlib
from typing import Final

import click

#: Every road command and its line in ``juli roads --help``. The module ``juli.cli.roads.<name>`` holds a
#: click command named ``command``.
SUBCOMMANDS: Final[dict[str, str]] = {
    "read": "Read public notices into work zones.",
    "check": "Check whether the announced detours connect, and what they cost.",
    "publish": "Publish the works of notices as a WZDx feed.",
    "route": "The quickest way for a truck at a given time.",
}


class _LazyGroup(click.Group):
    """A click group that imports only the command that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in SUBCOMMANDS:
            return None
        command: click.Command = importlib.import_module(f"juli.cli.roads.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group(cls=_LazyGroup)
def command() -> None:
    """Read notices of road works, check their detours, and route trucks round them."""
