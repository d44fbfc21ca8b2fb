"""A neighbour whose line is slow is heard to its end; one that never comes to it is let go."""

from beanjar.base.clock import SECOND
from beanjar.base.limits import ASK_AGAIN, MESSAGE_FOR, SILENT_FOR
from beanjar.net.frames import HEAD, PLAIN, write_frame
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.sync.codec import write_message
from beanjar.sync.messages import Heads, LogHead, Ping, Runs
from beanjar.testing.people import Person
from tests.node.dripping import Dripping
from tests.node.street import Home, Live, Street
from tests.seeded import seeded
from tests.space.tiny import Note

SLOWLY = 2 * SILENT_FOR // SECOND
"""Seconds that one message takes."""


async def meet(street: Street) -> tuple[Home, Dripping]:
    [home] = await street.open_all("a")
    slow = Dripping(street)
    await slow.meet(home)
    return home, slow


def write_long(home: Home, person: Person) -> list[Operation]:
    """Return a log that is long enough to be long on its way."""
    notes = [Note("ab" * 32, seeded(f"{n}").randbytes(1_000).hex()) for n in range(10)]
    return home.write(person.device, home.join(person.device), *notes)


def test_what_comes_slowly_is_waited_for_and_asked_of_nobody_else(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        home, slow = await meet(street)
        log = write_long(home, ben)
        await slow.tell(Heads(0, (LogHead(log[-1].key, log[-1].seq, log[-1].id),)))
        await slow.ask()
        assert home.peers.exchange.coming(home.id) == len(log)
        frame = write_frame(write_message(Runs(0, (write_run(log),))))
        length = len(frame) // SLOWLY
        pieces = [frame[at : at + length] for at in range(0, len(frame), length)]
        for piece in pieces[:-1]:
            await slow.drip(piece)
            await street.pass_time()
            assert home.peers.exchange.coming(home.id) == len(log)
        await slow.drip(pieces[-1])
        await street.until(lambda: home.has(log[-1].id.hex()))
        await slow.ask()  # it is still there

    live(story)


def test_who_never_comes_to_the_end_of_a_message_is_let_go(live: Live) -> None:
    async def story(street: Street) -> None:
        home, slow = await meet(street)
        await slow.drip(HEAD.pack(100_000, PLAIN))
        for _ in range(MESSAGE_FOR // SECOND - 1):
            await slow.drip(b"!")
            await street.pass_time()
        assert slow.key in home.peers.neighbours
        await slow.drip(b"!")
        await street.pass_time()
        assert slow.key not in home.peers.neighbours

    live(story)


def test_who_promises_and_chatters_is_waited_for_no_longer_than_who_promises(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        home, slow = await meet(street)
        log = write_long(home, ben)
        await slow.tell(Heads(0, (LogHead(log[-1].key, log[-1].seq, log[-1].id),)))
        for number in range(ASK_AGAIN // SECOND + 1):
            await slow.tell(Ping(number))
            await street.pass_time()
        assert not home.peers.exchange.coming(home.id)
        assert slow.key in home.peers.neighbours

    live(story)
