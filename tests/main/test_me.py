"""Stories of people, their words and their devices."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from beanjar.client.client import Client
from beanjar.client.ownlog import OwnLog
from beanjar.client.speaking import Speaker
from beanjar.space.charter import Profile
from tests.main.running import RunningNode
from tests.main.terminal import Terminal

Sit = Callable[[str], Terminal]


def words_of(terminal: Terminal) -> str:
    return " ".join(terminal.read("me", "words")["words"])


def only_log(terminal: Terminal) -> OwnLog:
    (log,) = terminal.home.logs()
    return log


def forks(terminal: Terminal) -> int:
    node = terminal.node.node
    return len(node.folder.store.forks(only_log(terminal).space))


def test_what_a_person_keeps_is_theirs_alone(ada: Terminal) -> None:
    for path in (ada.folder, *ada.folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_nobody_is_here_before_they_say_who_they_are(
    tmp_path: Path, shared_node: RunningNode
) -> None:
    nobody = Terminal(tmp_path / "nobody", shared_node)
    for words in (("me", "show"), ("me", "words"), ("space", "list"), ("space", "new", "X")):
        assert "does not know you yet" in nobody.refused(*words)
    assert not nobody.folder.exists()


def test_a_home_is_one_person_s(sit_down: Sit) -> None:
    ada = sit_down("Ada")
    assert "is Ada's already" in ada.refused("me", "new", "Ben")
    assert ada.read("me", "show")["name"] == "Ada"


def test_the_words_are_the_way_back_as_a_new_device(ada: Terminal, tmp_path: Path) -> None:
    phone = Terminal(tmp_path / "phone", ada.node)
    phone("me", "restore", typed=words_of(ada))
    phone("space", "join", ada.ticket())
    one, other = ada.read("me", "show"), phone.read("me", "show")
    assert one["person"] == other["person"]
    assert one["device"] != other["device"]
    assert other["name"] == "Ada"


def test_both_devices_of_a_person_speak_and_nothing_forks(ada: Terminal, tmp_path: Path) -> None:
    phone = Terminal(tmp_path / "phone", ada.node)
    phone("me", "restore", typed=words_of(ada))
    phone("space", "join", ada.ticket())
    question = ada.ask()
    for terminal, guess in ((ada, "1"), (phone, "2"), (ada, "3"), (phone, "4")):
        terminal("estimate", "answer", question, guess, "--yes")
    assert ada.show(question)["facts"]["answers"] == 1
    assert forks(ada) == 0


def test_a_copied_home_is_refused_before_it_does_harm(ada: Terminal, tmp_path: Path) -> None:
    question = ada.ask()
    copy = Terminal(tmp_path / "copy", ada.node)
    shutil.copytree(ada.folder, copy.folder)
    ada("estimate", "answer", question, "871", "--yes")
    refused = copy.refused("estimate", "answer", question, "1", "--yes")
    assert "its folder was copied" in refused
    assert "me restore --new-device" in refused
    ada("estimate", "answer", question, "872", "--yes")
    assert forks(ada) == 0

    copy("me", "restore", "--new-device")
    copy("space", "join", ada.ticket())
    copy("estimate", "answer", question, "1", "--yes")
    assert forks(ada) == 0


def test_what_a_copy_signed_while_no_node_was_there_is_never_sent(
    own_node: RunningNode, tmp_path: Path
) -> None:
    ada = Terminal(tmp_path / "Ada", own_node)
    ada("me", "new", "Ada")
    ada.found()
    copy = Terminal(tmp_path / "copy", own_node)
    shutil.copytree(ada.folder, copy.folder)
    own_node.stop()
    for terminal in (ada, copy):
        assert "1 to send" in terminal("space", "leave").stdout
    own_node.start()
    ada.url = copy.url = own_node.url
    assert "Sent what was kept" in ada("space", "show", only_log(ada).space.hex()).stderr
    copy("space", "show", only_log(copy).space.hex())
    assert copy.read("me", "show")["unsent"] == 1
    assert forks(ada) == 0


def test_what_no_node_took_is_kept_and_goes_out_with_the_next_command(
    own_node: RunningNode, tmp_path: Path
) -> None:
    ada = Terminal(tmp_path / "Ada", own_node)
    ada("me", "new", "Ada")
    own_node.stop()
    founded = ada("space", "new", "The market")
    assert "No node answers. It is kept on this machine, 2 to send" in founded.stdout
    assert "2 to send" in ada("space", "list").stdout
    assert "No node answers at" in ada.refused("estimate", "list")
    own_node.start()
    assert "Sent what was kept" in ada("estimate", "list").stderr
    assert ada.read("me", "show")["unsent"] == 0
    assert ada.read("space", "show")["members"]["members"][0]["name"] == "Ada"


def test_two_terminals_at_once_make_one_log(ada: Terminal) -> None:
    space = only_log(ada).space

    def say(name: str) -> None:
        client = Client(ada.node.url)
        Speaker(ada.home, client, ada.node.clock, lambda _: None).say(space, Profile(name))
        client.close()

    before = len(only_log(ada))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(say, "ABCDEFGH"))
    assert len(only_log(ada)) == before + 8
    device = ada.home.device.public
    assert ada.node.node.head(space, device).id == only_log(ada).head.id
    assert forks(ada) == 0


def test_words_are_forgotten_only_by_who_has_them_on_paper(ada: Terminal) -> None:
    words = words_of(ada)
    swapped = " ".join(reversed(words.split()))
    assert ada.refused("me", "forget", typed=swapped)
    ada("me", "forget", typed=words.upper())
    assert "not on this machine" in ada.refused("me", "words")
    assert "24 words" in ada.refused("space", "new", "Another")
    ada.ask()
    ada("me", "restore", typed=words)
    assert words_of(ada) == words


def test_somebody_else_s_words_are_refused(ada: Terminal, ben: Terminal) -> None:
    assert "somebody else's words" in ada.refused("me", "restore", typed=words_of(ben))


def test_a_lost_device_is_given_up_and_its_words_count_no_more(
    ada: Terminal, ben: Terminal, tmp_path: Path
) -> None:
    phone = Terminal(tmp_path / "phone", ada.node)
    phone("me", "restore", typed=words_of(ben))
    phone("space", "join", ada.ticket())
    question = ada.ask()
    phone("estimate", "answer", question, "1", "--yes")
    ben("me", "revoke", ben.read("me", "show")["device"], "--yes", code=1)
    assert "None of your devices" in ben.refused("me", "revoke", "zz", "--yes")
    ben("me", "revoke", phone.read("me", "show")["device"][:12], "--yes")
    assert ada.show(question)["facts"]["answers"] == 1
    phone("estimate", "answer", question, "--withdraw", "--yes")
    assert ada.show(question)["facts"]["answers"] == 1
