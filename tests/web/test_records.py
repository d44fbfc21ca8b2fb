import io

import msgspec

from beanjar import __version__
from beanjar.base.clock import HOUR
from beanjar.base.limits import ROLL_PART
from beanjar.ops.alone import read_alone
from beanjar.space.charter import Profile
from beanjar.space.export import Export
from beanjar.space.question import Accept, Open, Seen, Terms
from beanjar.testing.people import Person
from tests.space.panel import publish
from tests.web.hands import Hand, HandsAnswer, HandsAsk
from tests.web.table import Table


def test_a_node_says_who_it_is_and_which_spaces_it_carries(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("Ben"))
    table.ask("Soup?")
    said = table.read("/api").json()
    assert said["version"] == __version__
    assert said["device"] == table.node.device.hex()
    purpose = "To eat together."
    space = {"id": table.name, "name": "The table", "purpose": purpose, "people": 2, "open": 1}
    assert said["spaces"] == [space | {"arriving": False, "example": False}]
    assert (said["key"], said["addresses"], said["connected"]) == ("", [], 0)


def test_a_space_says_what_a_program_needs_to_take_part(table: Table, ben: Person) -> None:
    opened = table.ask("Soup?")
    table.raise_hands(opened, [ben])
    said = table.read("/api/spaces/SPACE").json()
    assert said["id"] == table.name
    assert said["members"]["charter"] == {}
    assert [each["person"] for each in said["members"]["members"]] == [table.founder.id, ben.id]
    assert said["subjects"] == {"hands": [table.node.space(table.id).find(opened)[0]]}


def test_a_device_can_ask_where_its_log_stands(table: Table, ben: Person) -> None:
    path = f"/api/spaces/SPACE/logs/{ben.device.name}"
    assert table.read(path).json() == {"seq": -1, "id": "00" * 32, "time": 0}
    name = table.say(ben.device, Profile("Ben"))
    assert table.read(path).json() == {"seq": 1, "id": name, "time": table.clock.now()}


def test_an_operation_can_be_had_whole_and_verified(table: Table, ben: Person) -> None:
    name = table.say(ben.device, Profile("Ben"))
    answer = table.read(f"/api/spaces/SPACE/operations/{name}")
    assert answer.headers["content-type"] == "application/octet-stream"
    operation = read_alone(answer.content)
    assert operation.id.hex() == name
    assert msgspec.json.decode(operation.body or b"") == {"t": "space.profile", "name": "Ben"}


def test_an_operation_whose_body_is_gone_is_not_shown(table: Table, ben: Person) -> None:
    table.send(table.join(ben.device))
    brief = table.write(ben.device, Profile("Ben"), until=table.clock.now() - 1)
    assert table.send(brief).status_code == 201
    answer = table.read(f"/api/spaces/SPACE/operations/{brief.id.hex()}")
    assert answer.status_code == 404
    assert "expired" in answer.json()["error"]


def test_a_question_says_whom_it_counts_and_why_it_does_not_count_others(
    table: Table, ada: Person, ben: Person, cal: Person
) -> None:
    table.say(ben.device, Profile("Ben"))
    crowd = [f"{n:064x}" for n in range(ROLL_PART)]
    soup, cake = table.ask("Soup?", [*crowd, ada.id]), table.ask("Cake?")
    table.clock.pass_time(1)
    table.say(cal.device, Profile("Cal"))

    def look(opened: str) -> list[str]:
        asked = table.node.space(table.id).find(opened)[0]
        people = (crowd[0], ada.id, ben.id, cal.id, "ab" * 32)
        path = f"/api/spaces/SPACE/questions/{asked}/roll"
        return [table.read(f"{path}/{each}").json()["who"] for each in people]

    assert look(soup) == ["counted", "counted", "unnamed", "late", "late"]
    assert look(cake) == ["counted"] * 5


def test_whom_a_question_counts_is_not_known_before_it_is_open(table: Table, ada: Person) -> None:
    terms = Terms(table.clock.now() + HOUR, (table.node.device.hex(),), listed=True)
    asked = table.say(ada.device, HandsAsk(terms, "Soup?"))
    answer = table.read(f"/api/spaces/SPACE/questions/{asked}/roll/{ada.id}")
    assert answer.status_code == 404
    assert "not open" in answer.json()["error"]


def test_the_whole_space_can_be_taken_along(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("Ben"))
    answer = table.read("/api/spaces/SPACE/export")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert f'filename="{table.name[:8]}.beanjar"' in answer.headers["content-disposition"]
    export = Export(io.BytesIO(answer.content))
    assert export.space == table.id
    assert [len(log) for log in export.logs()] == [1, 2]


def test_what_is_not_here_is_said_not_to_be(table: Table) -> None:
    elsewhere, nobody = "01" * 32, "02" * 32
    for path in (
        f"/api/spaces/{elsewhere}",
        f"/api/spaces/{elsewhere}/logs/{nobody}",
        f"/api/spaces/{elsewhere}/operations/{nobody}",
        f"/api/spaces/{elsewhere}/export",
        f"/api/spaces/SPACE/operations/{nobody}",
        f"/api/spaces/SPACE/questions/{nobody}/roll/{nobody}",
        "/api/spaces/SPACE/logs/0",
        "/api/spaces/0",
        "/api/nothing",
    ):
        answer = table.read(path)
        assert answer.status_code == 404, path
        assert answer.json()["error"].endswith("."), path


def test_the_interface_describes_itself(table: Table) -> None:
    described = table.read("/schema/openapi.json").json()
    assert table.read("/schema").json() == described
    operations = {
        f"{method} {path}": each
        for path, item in described["paths"].items()
        for method, each in item.items()
        if path.startswith("/api")
    }
    assert "post /api/spaces/{space}/runs" in operations
    assert all(each["summary"] for each in operations.values())
    taken = operations["post /api/spaces/{space}/runs"]["requestBody"]["content"]
    assert list(taken) == ["application/octet-stream"]


def test_an_answer_has_a_receipt_of_its_witnesses(table: Table, ben: Person) -> None:
    opened = table.ask("Soup?")
    answer = table.say(ben.device, HandsAnswer(opened, choice=Hand(up=True)))
    path = f"/api/spaces/SPACE/operations/{answer}/receipt"
    assert table.read(path).json() == {"witnessed": 0, "of": 1, "sure": False}
    table.tick()
    assert table.read(path).json() == {"witnessed": 1, "of": 1, "sure": True}
    table.close(opened)
    assert table.read(path).json() == {"witnessed": 1, "of": 1, "sure": True}


def test_of_four_witnesses_all_must_have_an_answer_before_it_is_sure_to_count(
    table: Table, ben: Person
) -> None:
    nodes = [Person(name).new_device("node") for name in ("Ann", "Bob", "Eve", "Kim")]
    terms = Terms(table.clock.now() + HOUR, tuple(each.name for each in nodes), sealed=False)
    asked = table.say(table.founder.device, HandsAsk(terms, "Soup?"))
    key = publish(bytes(32)).hex()
    accepts = tuple(table.say(node, Accept(asked, key)) for node in nodes)
    opened = table.say(table.founder.device, Open(asked, accepts))
    answer = table.say(ben.device, HandsAnswer(opened, choice=Hand(up=True)))
    told = []
    for node in nodes:
        table.say(node, Seen(opened, ((ben.id, answer),)))
        told.append(table.read(f"/api/spaces/SPACE/operations/{answer}/receipt").json())
    assert [each["witnessed"] for each in told] == [1, 2, 3, 4]
    assert [each["sure"] for each in told] == [False, False, False, True]
    assert {each["of"] for each in told} == {4}


def test_what_is_no_answer_has_no_receipt(table: Table) -> None:
    opened = table.ask("Soup?")
    for name in (opened, table.name, "03" * 32):
        answer = table.read(f"/api/spaces/SPACE/operations/{name}/receipt")
        assert answer.status_code == 404
        assert "No answer that is here" in answer.json()["error"]
