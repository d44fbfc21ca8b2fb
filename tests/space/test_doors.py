import pytest

from beanjar.base.limits import DOORS
from beanjar.ops.body import write_body
from beanjar.space.charter import Leave
from beanjar.space.doors import Door
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person
from tests.space.tiny import TINY


def doors(table: Gathering) -> list[str]:
    return table.space.doors.view(table.space.members.has)


def test_a_space_knows_the_doors_that_its_members_nodes_say_they_have(
    ada: Person, ben: Person
) -> None:
    table = Gathering(ada, [TINY])
    node = ben.new_device("node")
    table.take(node.join_as_node(table.space.id, table.now))
    table.say(ada.device, Door("http://ada.local:2326"))
    table.say(node, Door("https://beans.example"))
    assert doors(table) == ["https://beans.example", "http://ada.local:2326"]
    table.say(node, Door("http://[::1]:2326"))
    table.say(ada.device, Door())
    assert doors(table) == ["http://[::1]:2326"]
    table.say(ben.device, Leave())
    assert doors(table) == []


def test_of_many_doors_those_said_last_are_known(ada: Person) -> None:
    table = Gathering(ada, [TINY])
    said = [f"http://10.0.0.{number}" for number in range(DOORS + 3)]
    for number, address in enumerate(said):
        table.say(ada.new_device(f"node {number}"), Door(address))
    assert doors(table) == said[:2:-1]


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example; script-src *",
        "https://a.example/page",
        "javascript:alert(1)",
        "https://a.example\n",
        "https://a.example 'unsafe-inline'",
        "https://" + "a" * 120,
    ],
)
def test_what_is_no_address_means_nothing(ada: Person, address: str) -> None:
    table = Gathering(ada, [TINY])
    assert table.space.vocabulary.read(write_body(Door(address))) is None
