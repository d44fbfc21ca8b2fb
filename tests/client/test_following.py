"""A program that follows a space through the hours in which its node is away."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from beanjar.client import Change, Client, NodeAway, NodeRefuses
from beanjar.client.following import FIRST, LONGEST
from beanjar.space.charter import Profile
from tests.client.programs import Programs
from tests.main.running import RunningNode
from tests.seeded import seeded

SPACE = bytes(32)
CHANGE = Change(SPACE.hex(), None)


class Pauses:
    """Waits for no time, and starts a node after so many pauses."""

    def __init__(self, node: RunningNode, many: int) -> None:
        self.waited: list[float] = []
        self._node = node
        self._many = many

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) == self._many:
            self._node.start()


@pytest.mark.parametrize("followed", ["one space", "all spaces"])
def test_who_follows_is_told_once_that_it_is_lost_and_once_that_it_is_back(
    programs: Programs, followed: str
) -> None:
    ada = programs.begin("Ada")
    space = programs.found(ada)
    told: list[str] = []
    pauses = Pauses(programs.node, 3)
    named = space if followed == "one space" else None
    with programs.client.follow(named, told.append, pauses.wait, seeded("Ada")) as changes:
        programs.node.stop()
        assert next(changes) == Change(space.hex(), None)  # nobody knows what was missed
        assert told == ["lost", "back"]
        ada.say(space, Profile("Ada", "back again"))
        assert next(changes) == Change(space.hex(), None)
    assert told == ["lost", "back"]
    assert len(pauses.waited) == 3


def test_who_follows_tries_ever_more_seldom_and_not_at_one_time_with_others(
    programs: Programs,
) -> None:
    space = programs.found(programs.begin("Ada"))

    def try_for_long(who: str) -> list[float]:
        pauses = Pauses(programs.node, 10)
        with programs.client.follow(space, pause=pauses.wait, chance=seeded(who)) as changes:
            programs.node.stop()
            assert next(changes).space == space.hex()
        return pauses.waited

    ada, ben = try_for_long("Ada"), try_for_long("Ben")
    assert ada[:6] == sorted(ada[:6])
    assert all(one != other for one, other in zip(ada, ben, strict=True))
    assert FIRST / 2 <= ada[0] <= FIRST
    assert all(LONGEST / 2 <= each <= LONGEST for each in ada[6:])


def test_who_cannot_begin_to_follow_is_told_at_once() -> None:
    with pytest.raises(NodeAway), Client("http://127.0.0.1:9").follow():
        pass


class Porter(BaseHTTPRequestHandler):
    """A door that says one thing after another."""

    says: list[int]

    def do_GET(self) -> None:
        status = self.says.pop(0)
        self.send_response(status)
        self.end_headers()
        if status == 200:
            self.wfile.write(b": what changes from now on\n\n")
        else:
            self.wfile.write(b'{"error": "Nobody follows anything here any more."}')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("status", [401, 404, 421])
def test_a_door_that_refuses_for_good_says_so_and_one_that_is_busy_is_asked_again(
    status: int,
) -> None:
    Porter.says = [200, 503, 429, 502, 200, status]
    server = HTTPServer(("127.0.0.1", 0), Porter)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told: list[str] = []
    client = Client(f"http://127.0.0.1:{server.server_port}")
    with client.follow(SPACE, told.append, lambda _: None) as changes:
        assert next(changes) == CHANGE
        with pytest.raises(NodeRefuses, match="any more"):
            next(changes)
    assert told == ["lost", "back", "lost"]
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()
