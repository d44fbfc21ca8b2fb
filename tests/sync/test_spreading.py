"""How what is said comes to every node: pushed, fetched, caught up with; and to no other."""

from hashlib import sha256

import pytest

from beanjar.base.ids import ZERO
from beanjar.base.limits import PUSHES_WAITING, SAFE_AT
from beanjar.ops.log import EMPTY, head_of
from beanjar.sync.codec import read_message
from beanjar.sync.events import Heard, Missed, Unlinked
from beanjar.sync.membership import Far
from beanjar.sync.messages import (
    About,
    Heads,
    Message,
    Push,
    Root,
    Runs,
    Walk,
)
from beanjar.testing.people import make_key
from tests.seeded import seeded
from tests.sync.test_agreeing import assert_equal, found, make_world, write
from tests.sync.world import FOUL, World


def kinds(world: World) -> list[type[Message]]:
    """Return of which kinds the messages were."""
    return [type(read_message(data)) for data in world.said]


def test_an_operation_is_pushed_along_a_chain_of_nodes_at_once() -> None:
    world, space = make_world("abcd", seeded("chain"))
    a, b, c, d = world.members
    for near, far in ((a, b), (b, c), (c, d)):
        world.connect(near, far)
    world.run(2)
    a.say(space, *write(make_key("ada"), space, 1))
    world.run(0.1)
    assert_equal(world, space)


def test_where_all_are_neighbours_each_is_told_once() -> None:
    world, space = make_world("abcde", seeded("mesh"))
    world.connect_all()
    world.run(2)
    world.said.clear()
    world.members[0].say(space, *write(make_key("ada"), space, 1))
    world.run(0.5)
    assert_equal(world, space)
    assert kinds(world).count(Push) == len(world.members) - 1


def test_who_came_while_it_was_dialled_in_vain_stays_a_neighbour() -> None:
    world, space = make_world("ab", seeded("crossed"))
    a, b = world.members
    world.connect(b, a)
    world.run(1)
    a.handle(Missed(b.key))
    assert b.key in a.exchange.overlays.of(space).active
    world.part([a], [b])
    assert b.key not in a.exchange.overlays.of(space).active


def test_who_are_neighbours_again_on_a_connection_that_stood_find_out_what_they_missed() -> None:
    world, space = make_world("ab", seeded("again"))
    a, b = world.members
    world.connect(a, b)
    world.run(2)
    for one, other in ((a, b), (b, a)):
        one.handle(Heard(other.key, Far(0, ())))
    assert not a.exchange.sharing(space)
    a.say(space, *write(make_key("ada"), space, 1))
    world.run(5)
    assert_equal(world, space)


def test_a_newcomer_with_nothing_but_the_id_of_the_space_ends_with_all_of_it() -> None:
    world, space = make_world("ab", seeded("newcomer"))
    for name in range(50):
        world.members[0].say(space, *write(make_key(f"{name}"), space, name + 1))
    newcomer = world.add("c")
    newcomer.carry(space)
    world.connect_all()
    world.run(2)
    assert_equal(world, space)


def test_nodes_that_were_apart_merge() -> None:
    world, space = make_world("abcd", seeded("apart"))
    world.connect_all()
    a, b, c, d = world.members
    world.part([a, b], [c, d])
    for place, member in enumerate(world.members):
        member.say(space, *write(make_key(f"device {place}"), space, 30))
    world.run(60)
    assert a.root(space) == b.root(space) != c.root(space) == d.root(space)
    world.connect(b, c)
    world.run(1)
    assert_equal(world, space)


def test_a_node_that_was_off_for_an_hour_catches_up() -> None:
    world, space = make_world("abc", seeded("off"))
    world.connect_all()
    world.run(1)
    a, b, c = world.members
    world.part([c], [a, b])
    devices = [make_key(f"device {n}") for n in range(20)]
    for minute in range(60):
        for each in devices:
            log = a.shelf.logs[space].get(each.public, [])
            a.say(space, *write(each, space, 1, f"{minute}", head_of(log[-1]) if log else EMPTY))
        world.run(60)
    assert a.root(space) == b.root(space)
    c.start()
    world.connect(c, b)
    world.run(2)
    assert_equal(world, space)


def test_of_spaces_that_only_one_of_two_carries_nothing_is_told() -> None:
    world, shared = make_world("ab", seeded("secret"))
    a, b = world.members
    secret = found("a secret")
    other = found("another secret")
    a.say(secret[0].id, *secret)
    b.say(other[0].id, *other)
    a.say(secret[0].id, *write(make_key("ada"), secret[0].id, 5))
    a.say(shared, *write(make_key("ben"), shared, 5))
    world.connect_all()
    world.run(40)
    assert_equal(world, shared)
    assert b.shelf.spaces() == [shared, other[0].id]
    everything = b"".join(world.said)
    assert secret[0].id not in everything
    assert make_key("ada").public not in everything
    assert {peer.key for peer in a.exchange.sharing(secret[0].id)} == set()
    assert all(
        message.space < 2 for data in world.said if isinstance(message := read_message(data), About)
    )


def test_a_space_is_named_otherwise_on_every_connection() -> None:
    world, _ = make_world("ab", seeded("names"))
    a, b = world.members
    world.connect(a, b)
    world.run(1)
    first = list(world.said)
    world.part([a], [b])
    world.said.clear()
    world.connect(a, b)
    world.run(1)
    assert {data for data in first if b"spaces" in data}.isdisjoint(world.said)


def test_an_operation_is_known_to_be_safe_once_others_hold_it() -> None:
    world, space = make_world("abc", seeded("safe"))
    world.connect_all()
    world.run(2)
    a = world.members[0]
    run = write(make_key("ada"), space, 1)
    a.held.clear()
    a.say(space, *run)
    assert not a.held
    world.run(0.1)
    holders = {said.peer for said in a.held if said.id == run[0].id}
    assert len(holders) == SAFE_AT


def test_who_has_what_was_pushed_has_all_of_it_and_not_only_the_last() -> None:
    world, space = make_world("abc", seeded("all of it"))
    world.connect_all()
    world.run(2)
    a, *others = world.members
    run = write(make_key("ada"), space, 3)
    a.held.clear()
    a.say(space, *run)
    world.run(0.1)
    held = {(said.peer, said.id) for said in a.held if said.id is not None}
    assert held == {(other.key, each.id) for other in others for each in run}


def test_what_is_held_is_learnt_again_from_equal_roots() -> None:
    world, space = make_world("ab", seeded("levels"))
    world.members[0].say(space, *write(make_key("ada"), space, 9))
    world.connect_all()
    world.run(2)
    a = world.members[0]
    assert max(said.arrival for said in a.held) == a.shelf.arrivals[space] == 10


def test_a_peer_that_takes_pushes_too_slowly_is_left_to_compare() -> None:
    world, space = make_world("ab", seeded("slow"))
    a, b = world.members
    world.connect_all()
    world.run(1)
    ada = make_key("ada")
    log = write(ada, space, PUSHES_WAITING + 100)
    with world.holding_back():
        for each in log:
            a.say(space, each)
    assert a.exchange.peers[b.key].behind == {space}
    world.run(3)
    assert_equal(world, space)


def test_a_log_that_one_neighbour_is_asked_for_is_not_asked_of_another() -> None:
    world, space = make_world("abc", seeded("once"))
    a, b, c = world.members
    for member in (a, b):
        for name in range(40):
            member.say(space, *write(make_key(f"{name}"), space, 20))
    world.connect(a, c)
    world.connect(b, c)
    world.run(3)
    assert_equal(world, space)
    runs = [message for data in world.said if isinstance(message := read_message(data), Runs)]
    assert sum(len(message.runs) for message in runs) == 40


def test_a_body_that_never_came_is_asked_for_until_somebody_has_it() -> None:
    world, space = make_world("abc", seeded("bodies"))
    a, b, c = world.members
    log = write(make_key("ada"), space, 5)
    a.say(space, *(each.without_body() for each in log))
    b.say(space, *log)
    world.connect(a, c)
    world.run(30)
    assert len(a.shelf.wanted(space)) == len(c.shelf.wanted(space)) == 5
    world.connect(b, c)
    world.run(300)
    assert not a.shelf.wanted(space)
    assert not c.shelf.wanted(space)


def test_an_operation_that_a_question_needs_is_found_by_its_id() -> None:
    world, space = make_world("ab", seeded("find"))
    a, b = world.members
    apart = write(make_key("ada"), space, 3)[2]
    a.shelf.apart[space][apart.id] = apart
    b.shelf.needed[space].append(apart.id)
    world.connect_all()
    world.run(2)
    assert b.shelf.apart[space] == {apart.id: apart}


def test_a_run_that_did_not_link_and_is_here_by_now_is_not_hunted_for_ever() -> None:
    world, space = make_world("ab", seeded("overtaken"))
    a, b = world.members
    log = write(make_key("ada"), space, 9)
    for each in (a, b):
        each.say(space, *log)
    world.connect(a, b)
    world.run(1)
    before = len(world.said)
    b.handle(Unlinked(a.key, space, log[0].key, 5))
    world.run(2)
    assert len(world.said) - before <= 8
    assert_equal(world, space)


def test_what_one_holds_past_a_fork_comes_to_the_other() -> None:
    world, space = make_world("ab", seeded("loose"))
    a, b = world.members
    for name in range(3):
        apart = write(make_key(f"{name}"), space, 2)[1]
        a.shelf.apart[space][apart.id] = apart
    world.connect_all()
    world.run(2)
    assert a.shelf.apart == b.shelf.apart


def test_a_chunk_of_a_file_is_fetched_when_it_is_wanted() -> None:
    world, space = make_world("ab", seeded("chunks"))
    a, b = world.members
    content = b"photo" * 1_000
    a.shelf.chunks[sha256(content).digest()] = content
    world.connect_all()
    world.run(2)
    assert not b.shelf.chunks
    b.shelf.wanted_hashes.append(sha256(content).digest())
    world.run(2)
    assert b.shelf.chunks == a.shelf.chunks
    assert space


def test_where_nodes_can_be_reached_is_told_to_who_shares_a_space_and_to_no_other() -> None:
    world, space = make_world("abc", seeded("addresses"))
    a, b, c = world.members
    stranger = found("elsewhere")[0]
    c.shelf.logs.clear()
    c.say(stranger.id, stranger)
    world.connect_all()
    world.run(2)
    card = b.books[space].card(a.key)
    assert card is not None
    assert card.addresses == (a.shelf.address,)
    assert c.books[stranger.id].nodes == {}
    assert space not in c.books or not c.books[space].nodes


@pytest.mark.parametrize("seed", range(3))
def test_a_network_that_is_never_calm_still_agrees(seed: int) -> None:
    world, space = make_world("abcd", seeded(f"foul {seed}"), FOUL)
    world.connect_all()
    for round_ in range(10):
        for place, member in enumerate(world.members):
            member.say(space, *write(make_key(f"{round_} {place}"), space, 3))
        world.run(1)
    world.run(300)
    assert_equal(world, space)


def test_two_that_agree_exchange_next_to_nothing() -> None:
    world, space = make_world("ab", seeded("idle"))
    for name in range(200):
        for member in world.members:
            member.say(space, *write(make_key(f"{name}"), space, 1))
    world.connect_all()
    world.run(1)
    world.said.clear()
    world.run(60)
    assert {Walk, Heads, Runs}.isdisjoint(kinds(world))
    assert kinds(world).count(Root) >= 2
    assert space != ZERO


def test_a_node_is_told_whether_others_know_more_of_its_own_log() -> None:
    world, space = make_world("abc", seeded("restored"))
    a, b, c = world.members
    log = write(a.device, space, 5)
    a.say(space, *log[:3])
    b.say(space, *log[:2])
    c.say(space, *log)
    world.connect(a, b)
    world.run(1)
    assert a.vouching == {b.key}
    world.connect(a, c)
    world.run(1)
    assert a.vouching == {b.key}
    assert a.shelf.logs[space][a.device.public] == log
