"""Who is whose neighbour, in crowds of hundreds, and whoever would have it otherwise."""

from collections import Counter
from itertools import pairwise

from beanjar.base.clock import DAY, HOUR, MINUTE, SECOND
from beanjar.base.limits import (
    ACTIVE,
    ACTIVE_LEAST,
    ADDRESSES_KEPT,
    CARD_LIFE,
    DIAL_SOON,
    LINKS,
    MET_KEPT,
    MET_LIFE,
    NEARS,
    OVERLAY_BURST,
    OWN_CHOICE,
    PASSIVE,
    PER_RANGE,
    WALK,
)
from beanjar.lab.views import Crowd
from beanjar.sync import events
from beanjar.sync.acts import Reach, Say
from beanjar.sync.book import Book, Known
from beanjar.sync.exchange import Exchange
from beanjar.sync.membership import Card, Far, Near, Newcomer, Shuffle
from beanjar.sync.overlay import Overlay
from beanjar.testing.people import make_key
from tests.seeded import seeded
from tests.sync.shelf import Shelf, describe

ME = make_key("me").public
NOW = 10**12


def gather(count: int, name: str) -> Crowd:
    """Return a crowd that has come one after the other, each knowing one who was there."""
    chance = seeded(name)
    crowd = Crowd(chance)
    crowd.add()
    for number in range(1, count):
        crowd.add(chance.randrange(number))
        crowd.run(100)
    crowd.run(5 * MINUTE)
    return crowd


def is_whole(crowd: Crowd) -> bool:
    alive = [number for number, lives in enumerate(crowd.alive) if lives]
    return len(crowd.flood(alive[0])) == len(alive)


def card(name: str) -> Card:
    return describe(make_key(name), bytes(32), f"9.9.9.{len(name)}:1", NOW)


def alone(*known: str) -> Overlay:
    """Return the overlay of one node that knows these."""
    book = Book()
    overlay = Overlay(ME, book, lambda _: 0, lambda card, now: book.note(card, now) or True)
    for name in known:
        book.note(card(name), NOW)
        overlay.keep(card(name).node, seeded(name))
    return overlay


def surround(overlay: Overlay, *names: str, dialled: bool = False) -> list[bytes]:
    """Let nodes be connected with one, each in a network of its own."""
    keys = [make_key(name).public for name in names]
    for key in keys:
        overlay.meet(key, key.hex(), NOW, seeded("meet"), dialled=dialled)
    return keys


def test_everybody_has_neighbours_the_same_on_both_ends_and_all_are_reached() -> None:
    crowd = gather(300, "calm")
    for overlay in crowd.overlays:
        assert ACTIVE // 2 <= len(overlay.active) <= ACTIVE
        assert ACTIVE <= len(overlay.passive.nodes) <= PASSIVE
    told = one_sided(crowd)
    crowd.run(SECOND)
    assert not told & one_sided(crowd)  # but for what is being told
    assert is_whole(crowd)


def one_sided(crowd: Crowd) -> set[tuple[int, int]]:
    """Return who counts whom as a neighbour that does not."""
    near = {number: crowd.neighbours(number) for number in range(len(crowd.alive))}
    return {(one, other) for one in near for other in near[one] if one not in near[other]}


def test_when_half_of_all_die_at_once_the_rest_is_whole_within_a_minute() -> None:
    crowd = gather(200, "half")
    crowd.kill(range(0, 200, 2))
    crowd.run(MINUTE)
    assert is_whole(crowd)
    living = [number for number, lives in enumerate(crowd.alive) if lives]
    assert all(sum(crowd.alive[far] for far in crowd.neighbours(near)) >= 2 for near in living)


def test_halves_that_forgot_one_another_over_an_hour_grow_together_again() -> None:
    crowd = gather(60, "halves")
    crowd.part(range(30))
    crowd.run(HOUR)
    assert (crowd.flood(0), crowd.flood(59)) == (set(range(30)), set(range(30, 60)))
    crowd.part(())
    crowd.run(2 * MINUTE)
    assert is_whole(crowd)


def test_whoever_comes_in_whatever_numbers_pushes_out_nobody_that_was_chosen() -> None:
    overlay = alone()
    chosen = surround(overlay, *[f"chosen {n}" for n in range(OWN_CHOICE)], dialled=True)
    for n in range(50):
        [stranger] = surround(overlay, f"stranger {n}")
        overlay.hear(stranger, Near(0, "high"), NOW, seeded(f"{n}"))
    assert len(overlay.active) == ACTIVE
    assert set(chosen) < set(overlay.active)


def bring(overlay: Overlay, *names: str) -> list[bytes]:
    """Let nodes be known as such that have brought something, one after the other."""
    for number, name in enumerate(names):
        overlay.book.note(card(name), NOW)
        overlay.book.credit(card(name).node, NOW + number)
    return [card(name).node for name in names]


def test_whoever_comes_pushes_out_nobody_that_has_brought_something() -> None:
    overlay = alone()
    names = [f"friend {n}" for n in range(OWN_CHOICE)]
    bring(overlay, *names)
    friends = surround(overlay, *names)
    for n in range(50):
        [stranger] = surround(overlay, f"stranger {n}", dialled=n % 2 == 0)
        overlay.hear(stranger, Near(0, "high"), NOW, seeded(f"{n}"))
        assert stranger in overlay.active
    assert set(friends) < set(overlay.active)


def test_though_all_have_brought_something_there_is_room_for_who_needs_it() -> None:
    overlay = alone()
    names = [f"friend {n}" for n in range(ACTIVE)]
    bring(overlay, *names)
    friends = surround(overlay, *names)
    [newcomer] = surround(overlay, "newcomer")
    overlay.hear(newcomer, Near(0, "high"), NOW, seeded("newcomer"))
    assert newcomer in overlay.active
    assert set(friends[-OWN_CHOICE:]) < set(overlay.active)


def test_who_is_surrounded_by_those_that_bring_nothing_goes_back_to_those_that_did() -> None:
    overlay = alone(*[f"name {n}" for n in range(PASSIVE)])
    friends = bring(overlay, "friend", "other friend")
    surround(overlay, *[f"stranger {n}" for n in range(ACTIVE)], dialled=True)
    assert {act.peer for act in overlay.tick(NOW, seeded("back"))} == set(friends)
    assert not overlay.tick(NOW + SECOND, seeded("back"))  # but not all the time


def test_among_names_of_nodes_that_are_not_there_one_that_a_ticket_named_is_asked_at_once() -> None:
    overlay = alone(*[f"name {n}" for n in range(PASSIVE)])
    surround(overlay, *[f"stranger {n}" for n in range(ACTIVE // 2)])
    told = make_key("told").public
    overlay.book.note_ticket(told, ("9.9.9.9:1",), NOW)
    assert told in {act.peer for act in overlay.tick(NOW, seeded("told"))}


def test_though_enough_came_a_node_looks_for_some_of_its_own_choice() -> None:
    overlay = alone("a", "bb", "ccc")
    surround(overlay, *[f"stranger {n}" for n in range(ACTIVE)])
    assert any(isinstance(act, Reach) for act in overlay.tick(NOW, seeded("look")))


def test_of_many_that_dial_and_say_nothing_few_are_neighbours() -> None:
    overlay = alone()
    surround(overlay, *[f"stranger {n}" for n in range(3 * ACTIVE)])
    assert len(overlay.active) == ACTIVE + 1


def test_in_many_spaces_a_node_looks_for_no_more_neighbours_than_it_may_have_connections() -> None:
    shelf, books = Shelf(ME, make_key("me")), {}
    for space in (number.to_bytes(32, "big") for number in range(20)):
        shelf.carry(space)
        names = (make_key(f"{space.hex()} {number}").public for number in range(2 * ACTIVE))
        books[space] = Book([Known(name, ("9.9.9.9:1",), noted=NOW) for name in names])
    exchange = Exchange(ME, shelf, books)
    dialled = exchange.handle(events.Tick(), NOW, seeded("many"))
    assert len(books) * ACTIVE_LEAST == len(dialled) < LINKS


def test_of_one_range_of_addresses_only_so_many_are_neighbours() -> None:
    overlay = alone()
    for n in range(5):
        overlay.meet(make_key(f"{n}").public, "9.9.9.0/24", NOW, seeded("range"), dialled=False)
    assert len(overlay.active) == PER_RANGE


def test_who_asks_to_be_a_neighbour_over_and_over_is_heard_no_more() -> None:
    overlay = alone()
    [pushy] = surround(overlay, "pushy")
    for _ in range(NEARS):
        assert not any(isinstance(act.message, Far) for act in tell_near(overlay, pushy))
    [answer] = tell_near(overlay, pushy)
    assert isinstance(answer.message, Far)
    assert pushy not in overlay.active


def tell_near(overlay: Overlay, peer: bytes) -> list[Say]:
    acts = overlay.hear(peer, Near(0, "high"), NOW, seeded("near"))
    return [act for act in acts if isinstance(act, Say)]


def test_a_flood_of_newcomers_is_passed_on_only_so_fast() -> None:
    overlay = alone()
    liar, *_ = surround(overlay, "liar", "friend", "other")
    passed = 0
    for n in range(10 * OVERLAY_BURST):
        passed += len(overlay.hear(liar, Newcomer(0, card(f"{n}"), WALK), NOW, seeded(f"{n}")))
    assert passed == OVERLAY_BURST


def test_a_shuffle_goes_no_way_twice() -> None:
    overlay = alone("known")
    one, other = surround(overlay, "one", "other")
    said = Shuffle(0, WALK, (other[:8],), (card("far"),))
    [answer] = overlay.hear(one, said, NOW, seeded("shuffle"))
    assert isinstance(answer, Say)
    assert answer.peer == one  # nobody is left to pass it on to


def test_who_cannot_be_reached_is_dialled_more_and_more_seldom() -> None:
    book = Book([Known(ME, ("9.9.9.9:1",), reached=NOW)])
    times, now = [], NOW
    while now < NOW + 10 * MINUTE:
        if book.is_due(ME, now):
            times.append(now)
            book.try_later(ME, now, seeded(f"{now}"))
        now += SECOND
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert gaps[0] <= 2 * SECOND
    assert DIAL_SOON // 2 <= gaps[-1] <= DIAL_SOON
    assert len(times) < 30


def test_names_of_nobody_push_out_none_that_a_ticket_told_or_that_brought_something() -> None:
    book = Book()
    told, proven = (make_key(name).public for name in ("told", "proven"))
    for node in (told, proven):
        book.note_ticket(node, ("9.9.9.9:1",), NOW)
    book.credit(proven, NOW)
    for _ in range(3):
        book.try_later(told, NOW, seeded("in vain"))
    news = [book.note(card(f"name {n}"), NOW) for n in range(2 * ADDRESSES_KEPT)]
    assert {told, proven} < set(book.nodes)
    assert sum(news) == ADDRESSES_KEPT - 2  # what pushes out another is passed on to nobody


def test_a_new_ticket_to_a_node_that_is_known_leads_to_where_it_is_now() -> None:
    book, moved = Book(), card("moved")
    book.note(moved, NOW)
    book.changed = False
    book.note_ticket(moved.node, ("9.9.9.9:1",), NOW)
    assert book.nodes[moved.node].addresses == ("9.9.9.9:1", *moved.addresses)
    assert book.changed  # nobody else may ever tell it again


def test_who_was_met_stays_for_a_week_unless_a_node_comes_and_it_never_brought_anything() -> None:
    nodes = [number.to_bytes(32, "big") for number in range(ADDRESSES_KEPT)]
    book, later = Book(), NOW + MET_LIFE
    book.in_mind = nodes[: ADDRESSES_KEPT - MET_KEPT]  # so many more than are kept otherwise
    for node in nodes:
        book.note_ticket(node, ("9.9.9.9:1",), NOW)
        book.reach(node, later - SECOND)
        book.credit(node, later)
    book.nodes[nodes[-7]].brought = 0
    name, caller = card("a name"), card("a caller")
    assert not book.note(name, later + SECOND)
    assert name.node not in book.nodes
    book.note(caller, later + SECOND, is_there=True)
    book.credit(caller.node, later + SECOND)
    assert set(nodes) - set(book.nodes) == {nodes[-7]}
    assert not book.note(name, later + SECOND, is_there=True)  # the others have brought something
    book.note(name, later + MET_LIFE + 1)
    assert {name.node, caller.node} < set(book.nodes)


def test_where_all_were_met_there_is_still_room_for_who_comes_later() -> None:
    nodes = [number.to_bytes(32, "big") for number in range(ADDRESSES_KEPT)]
    book = Book()
    for number, node in enumerate(nodes):
        book.note_ticket(node, ("9.9.9.9:1",), NOW)
        book.reach(node, NOW + number)
    book.credit(nodes[0], NOW + 1)
    for number in range(2 * ADDRESSES_KEPT):
        name = card(f"later {number}")
        book.note(name, NOW + ADDRESSES_KEPT)
        assert name.node in book.nodes
    met = {nodes[0], *nodes[1 - MET_KEPT :]}  # the first has brought something
    assert {node for node, known in book.nodes.items() if known.met} == met


def test_in_a_crowd_larger_than_any_book_all_are_known_to_about_as_many() -> None:
    crowd = gather(ADDRESSES_KEPT + 50, "many")
    known = Counter(node for overlay in crowd.overlays for node in overlay.passive.nodes)
    least = min(known[overlay.key] for overlay in crowd.overlays)
    assert least > PASSIVE // 2


def test_what_is_told_of_a_node_that_has_gone_keeps_it_from_being_forgotten_no_longer() -> None:
    book, said = Book(), card("gone")
    book.note(said, said.time + CARD_LIFE - DAY)
    book.expire(said.time + CARD_LIFE + DAY)
    assert not book.nodes
    assert not book.is_news(said, said.time + CARD_LIFE + DAY)


def test_of_those_never_reached_whoever_was_tried_in_vain_goes_first() -> None:
    book = Book()
    nodes = [n.to_bytes(32, "big") for n in range(ADDRESSES_KEPT + 1)]
    for node in nodes[:-1]:
        book.note_ticket(node, ("9.9.9.9:1",), NOW)
    for _ in range(3):
        book.try_later(nodes[7], NOW, seeded("vain"))
    book.note_ticket(nodes[-1], ("9.9.9.9:1",), NOW)
    assert set(nodes) - set(book.nodes) == {nodes[7]}


def test_the_book_is_bounded_and_forgets_whom_nobody_has_heard_of_for_long() -> None:
    book = Book()
    for n in range(2 * ADDRESSES_KEPT):
        book.note_ticket(n.to_bytes(32, "big"), ("9.9.9.9:1",), NOW + n)
    assert len(book.nodes) == ADDRESSES_KEPT
    book.reach((2 * ADDRESSES_KEPT - 1).to_bytes(32, "big"), NOW + CARD_LIFE)
    book.expire(NOW + CARD_LIFE + DAY)
    assert len(book.nodes) == 1
