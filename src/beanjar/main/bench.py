"""`beanjar bench`: the measurements, which come with the source and not with the package."""

import subprocess
import sys
from pathlib import Path

import click

from beanjar.base.errors import BeanjarError

CHECKOUT = Path(__file__).parents[3]


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="Example: beanjar bench all",
)
@click.pass_context
def bench(ctx: click.Context) -> None:
    """Measure Beanjar against its peers; what follows is handed on."""
    if not (CHECKOUT / "bench").is_dir():
        raise BeanjarError(
            "The measurements come with Beanjar's source: run this from a checkout, where they are "
            "in the folder bench."
        )
    done = subprocess.run([sys.executable, "-m", "bench", *ctx.args], cwd=CHECKOUT, check=False)  # noqa: S603 - our own program
    ctx.exit(done.returncode)
