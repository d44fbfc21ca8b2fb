"""How fast Wieliczka's budget of 2023 is spent by equal shares, beside what was published.

6,586 people approved of 64 projects, which had 1,000,000 zł. The file of Pabulib is no part of the
repository; it is looked for where tests look for it.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from beanjar.base.errors import BeanjarError
from beanjar.wisdom.polls.methods import count
from beanjar.wisdom.polls.reading import read_poll

NAME = "pabulib/poland_wieliczka_2023.pb"
BESIDE_THE_REPOSITORY = Path(__file__).parents[2] / "shared" / "data"
PUBLISHED_COST = 995_079
PUBLISHED_PROJECTS = 30

Progress = Callable[[str], None]


class NoData(BeanjarError):
    """The file that is counted is not here."""


def measure(progress: Progress) -> dict[str, float]:
    """Return the seconds from decoded votes to what is bought, and how far that is from theirs."""
    path = Path(os.environ.get("BEANJAR_DATA", BESIDE_THE_REPOSITORY)) / NAME
    if not path.is_file():
        raise NoData(
            f"There is no {path}. Name the folder that holds {NAME} in the environment variable "
            "BEANJAR_DATA."
        )
    poll = read_poll(path.name, path.read_bytes())
    progress(f"spending {poll.voters:,} people's budget")
    start = time.perf_counter()
    found = count("equal-shares", poll, 1, range(len(poll.options)))
    seconds = time.perf_counter() - start
    assert found.cost is not None
    return {
        "voters": poll.voters,
        "projects": len(poll.options),
        "seconds": seconds,
        "bought": len(found.winners),
        "cost": found.cost,
        "off_by_projects": abs(len(found.winners) - PUBLISHED_PROJECTS),
        "off_by_cost": abs(found.cost - PUBLISHED_COST),
    }
