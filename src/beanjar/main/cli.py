"""The command line: `beanjar`."""

import pkgutil
import sys
from typing import IO, Any

import click

from beanjar import __version__, tools
from beanjar.base.errors import BeanjarError
from beanjar.main.lazy import Lazy, LazyGroup
from beanjar.main.options import make_options

STOPPED = "Stopped. What was signed so far is kept on this machine."

COMMANDS = {
    "up": Lazy("beanjar.main.up:up", "Start a node and its pages."),
    "demo": Lazy("beanjar.main.demo.command:demo", "Show a crowd at work on real guesses."),
    "me": Lazy("beanjar.main.me:me", "Who you are on this machine: words, devices."),
    "space": Lazy("beanjar.main.spaces:space", "Communities: found, join, export, verify."),
    "witness": Lazy("beanjar.main.witness:witness", "Nodes that close questions: offer, vouch."),
    "peers": Lazy("beanjar.main.peers:peers", "Who your node is connected with."),
    "network": Lazy("beanjar.main.network:network", "Who holds a space, what a loss would do."),
    "backup": Lazy("beanjar.main.backup:backup", "Put all of your node into one file."),
    "restore": Lazy("beanjar.main.backup:restore", "Make your node again from such a file."),
    "doctor": Lazy("beanjar.main.doctor:doctor", "How your node does, and what to do."),
    **{
        name: Lazy(f"beanjar.main.verbs:{name}", f"Ask and answer: {name}.")
        for _, name, is_folder in pkgutil.iter_modules(tools.__path__)
        if is_folder
    },
    "opinions": Lazy("beanjar.main.opinions:opinions", "What a crowd shares, what divides it."),
    "count": Lazy("beanjar.main.count:count_file", "Count ballots that are in a file."),
    "lab": Lazy("beanjar.main.lab:lab", "Simulate networks, and measure them."),
    "bench": Lazy("beanjar.main.bench:bench", "Measure Beanjar against its peers."),
}
"""Every command. A tool is one folder, so its name is known before it is imported."""


class Failed(click.ClickException):
    """Ends the program with a sentence on standard error."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence."""
        click.echo(self.message, file=file or sys.stderr)


class Stopped(Failed):
    """Ends the program because somebody pressed Ctrl-C."""

    exit_code = 130

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence, on a line of its own."""
        click.echo(file=file or sys.stderr)
        super().show(file)


class Program(LazyGroup):
    """All of it; whatever goes wrong on purpose ends as one sentence."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BeanjarError as error:
            raise Failed(str(error)) from error
        except (KeyboardInterrupt, click.Abort):
            raise Stopped(STOPPED) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise Failed(f"{where}{error.strerror}.") from error


@click.group(
    cls=Program,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: beanjar up",
)
@click.version_option(__version__, prog_name="beanjar")
def main() -> None:
    """A crowd thinks, decides and acts together, with nobody in the middle."""


main.params += make_options(first=True)
