import logging

import pytest
from litestar.testing import TestClient

from beanjar.base.clock import HOUR
from beanjar.base.limits import FUTURE, OPERATIONS_PER_KEY, REQUEST_BYTES
from beanjar.node.node import Node
from beanjar.ops.run import START, write_run
from beanjar.space.charter import Charter, Profile
from beanjar.store.errors import DiskFailed, DiskFull, StoreError
from beanjar.testing.people import Person
from beanjar.web.app import make_app
from tests.web.table import BYTES, Table


def test_who_hands_in_a_founding_gets_a_receipt_for_the_new_space(table: Table) -> None:
    answer = table.found(purpose="To sing.")
    assert answer.status_code == 201
    receipt = {"space": table.name, "id": table.name, "seq": 0, "held_until": None}
    assert answer.json() == receipt
    assert table.name in [each["id"] for each in table.read("/api").json()["spaces"]]


def test_who_hands_in_a_run_gets_a_receipt_for_its_last_operation(
    table: Table, ben: Person
) -> None:
    joining = table.join(ben.device)
    naming = table.write(ben.device, Profile("Ben"))
    answer = table.send(joining, naming)
    assert answer.status_code == 201
    assert answer.json()["id"] == naming.id.hex()
    assert answer.json()["seq"] == 1


def test_a_run_can_be_sent_again_by_who_missed_the_receipt(table: Table, ben: Person) -> None:
    joining = table.join(ben.device)
    assert table.send(joining).json() == table.send(joining).json()


def test_what_lies_in_the_future_is_kept_until_it_is_due(table: Table, ben: Person) -> None:
    assert table.send(table.join(ben.device)).status_code == 201
    due = table.clock.now() + HOUR
    answer = table.send(ben.device.write(table.id, Profile("Ben"), due + FUTURE))
    assert answer.status_code == 202
    assert answer.json()["held_until"] == due


def refused(table: Table, run: bytes, status: int) -> str:
    answer = table.post(run)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"error"}
    sentence: str = answer.json()["error"]
    assert sentence.endswith(".")
    return sentence


def test_bytes_that_are_no_run_are_refused(table: Table) -> None:
    refused(table, b"", 400)
    refused(table, bytes(START.size), 400)
    refused(table, START.pack(table.id, b"key", 0, bytes(32), 0, 1) + b"no entry", 400)


def test_a_run_that_was_changed_on_the_way_is_refused(table: Table, ben: Person) -> None:
    run = bytearray(write_run([table.join(ben.device)]))
    run[-1] ^= 1
    assert "changed on the way" in refused(table, bytes(run), 403)


def test_who_has_not_joined_is_refused(table: Table, ben: Person) -> None:
    assert "joins first" in refused(
        table, write_run([table.write(ben.device, Profile("Ben"))]), 403
    )


def test_who_was_not_invited_is_refused(table: Table, ben: Person) -> None:
    table.found(Charter(admission="invitation"))
    assert "invitation" in refused(table, write_run([table.join(ben.device)]), 403)


def test_a_run_for_a_space_that_is_not_carried_is_refused(table: Table, ben: Person) -> None:
    table.id = b"\1" * 32
    assert "does not carry" in refused(table, write_run([table.join(ben.device)]), 404)


def test_an_address_that_was_cut_is_refused(table: Table, ben: Person) -> None:
    run = write_run([table.join(ben.device)])
    answer = table.client.post(f"/api/spaces/{table.name[:-1]}/runs", content=run)
    assert answer.status_code == 404
    assert "not whole" in answer.json()["error"]


def test_a_run_that_leaves_something_out_is_refused(table: Table, ben: Person) -> None:
    assert table.send(table.join(ben.device)).status_code == 201
    table.write(ben.device, Profile("Ben"))  # never sent
    later = table.write(ben.device, Profile("Benjamin"))
    assert "have not arrived" in refused(table, write_run([later]), 409)


def test_a_log_that_says_two_things_at_one_place_is_told_so(table: Table, ben: Person) -> None:
    assert table.send(table.join(ben.device)).status_code == 201
    table.clock.pass_time()
    copied = Person("Ben").device  # the same keys, and no memory of what was said with them
    assert "two different entries" in refused(table, write_run([table.join(copied)]), 409)


def test_a_request_has_a_largest_size(table: Table) -> None:
    assert str(REQUEST_BYTES) in refused(table, bytes(REQUEST_BYTES + 1), 413)


def test_a_page_elsewhere_cannot_found_a_space_unasked(table: Table) -> None:
    answer = table.client.post(
        "/api/spaces", content=b"run", headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 415


def test_a_device_may_hand_in_only_so_much_within_an_hour(table: Table, ben: Person) -> None:
    joining = table.join(ben.device)
    rest = [table.write(ben.device, Profile(f"Ben {n}")) for n in range(1, OPERATIONS_PER_KEY)]
    assert table.send(joining, *rest).status_code == 201
    more = table.write(ben.device, Profile("Ben"))
    answer = table.send(more)
    assert answer.status_code == 429
    table.clock.pass_time(int(answer.headers["retry-after"]) * 1000)
    assert table.send(more).status_code == 201


def test_nobody_uses_up_what_somebody_else_may_hand_in(table: Table, ben: Person) -> None:
    claim = START.pack(table.id, ben.device.key.public, 1, b"\1" * 32, 0, OPERATIONS_PER_KEY)
    for _ in range(3):
        refused(table, claim + bytes(100), 400)
    assert table.send(table.join(ben.device)).status_code == 201


def test_an_address_may_hand_in_only_so_much_within_an_hour(
    node: Node, ben: Person, cal: Person, table: Table
) -> None:
    with TestClient(make_app(node, per_address=2), base_url="http://127.0.0.1") as door:
        path = f"/api/spaces/{table.name}/runs"
        for device in (ben.device, cal.device):
            run = write_run([table.join(device)])
            assert door.post(path, content=run, headers=BYTES).status_code == 201
        run = write_run([table.write(cal.device, Profile("Cal"))])
        answer = door.post(path, content=run, headers=BYTES)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(("error", "status"), [(DiskFull, 507), (DiskFailed, 503)])
def test_a_disk_that_does_not_keep_it_is_told_of(
    error: type[StoreError],
    status: int,
    table: Table,
    ben: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object) -> None:
        raise error("There is no room.")

    monkeypatch.setattr(table.node, "submit", fail)
    assert refused(table, write_run([table.join(ben.device)]), status) == "There is no room."


def test_a_mistake_in_the_program_is_logged_and_not_shown(
    table: Table,
    ben: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("A secret.")

    monkeypatch.setattr(table.node, "submit", fail)
    with caplog.at_level(logging.ERROR, "beanjar.web"):
        assert "secret" not in refused(table, write_run([table.join(ben.device)]), 500)
    assert "A secret." in caplog.text
