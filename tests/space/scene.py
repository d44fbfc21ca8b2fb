"""What a storm begins with: a question that is about to be opened."""

from functools import cache

from msgspec import Struct

from beanjar.ops.operation import Operation
from beanjar.space.question import Open
from beanjar.testing.people import Device, Person
from tests.space.tiny import Count, TinyAnswer, TinyAsk, gather

VOTERS = ("Ben", "Cal", "Dan", "Eve")


class Scene(Struct, frozen=True):
    """A question that is about to be opened: what everyone holds, and who has which device."""

    space: bytes
    operations: tuple[Operation, ...]
    witnesses: tuple[Device, ...]
    asker: Device
    laptop: Device
    open: Open
    opened: Operation
    voters: tuple[Device, ...]
    answers: dict[str, tuple[TinyAnswer, ...]]
    closes: int


@cache
def set_scene(n: int, *, sealed: bool) -> Scene:
    """Return the scene with so many witnesses."""
    ada = Person("Ada")
    table = gather(ada, *(Person(f"Keeper {place}") for place in range(n)))
    voters, laptop = [Person(name).device for name in VOTERS], ada.new_device("laptop")
    for device in (*voters, laptop):
        table.take(device.join(table.space.id, table.now))
    asked = table.say(ada.device, TinyAsk(table.terms(1, sealed=sealed)))
    table.attend(asked)
    accepts = table.space.closing(asked).accepts()
    body = Open(asked, tuple(accepts[each.device.name].id for each in table.witnesses))
    before, asker = tuple(table.operations), ada.device.copied()
    opened = table.say(ada.device, body)
    answers = {
        each.name: tuple(table.prepare(each, opened, Count(n)) for n in (1, 2, 3))
        for each in voters
    }
    return Scene(
        space=table.space.id,
        operations=before,
        witnesses=tuple(each.device for each in table.witnesses),
        asker=asker,
        laptop=laptop,
        open=body,
        opened=table.find_operation(opened),
        voters=tuple(voters),
        answers=answers,  # type: ignore[arg-type]  # of the one kind there is
        closes=table.space.closing(asked).ask.terms.closes,
    )
