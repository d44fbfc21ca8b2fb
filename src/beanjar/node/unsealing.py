"""Opens the sealed answers of a question on all processors, without holding up the node."""

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from beanjar.space.closing import Closing
from beanjar.space.unsealing import Job, Unsealed, unseal_all

FEW = 64
"""So many are opened on the spot: starting other processes would take longer."""
SHARE = 256
"""How many answers a process is handed at a time."""


async def unseal(closing: Closing) -> None:
    """Open all answers of the question that can be opened and are not yet."""
    jobs = closing.jobs()
    if len(jobs) <= FEW:
        closing.remember(unseal_all(jobs))
    else:
        closing.remember(await unseal_in_parallel(jobs))


async def unseal_in_parallel(jobs: list[Job]) -> Unsealed:
    """Do the jobs on all processors."""
    loop = asyncio.get_running_loop()
    shares = [jobs[at : at + SHARE] for at in range(0, len(jobs), SHARE)]
    unsealed: Unsealed = {}
    # Started afresh, not forked: a fork would copy the node's threads and open files half-way.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for done in await asyncio.gather(
            *(loop.run_in_executor(pool, unseal_all, share) for share in shares)
        ):
            unsealed.update(done)
    return unsealed
