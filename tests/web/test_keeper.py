import pytest

from beanjar.ops.device import certify_device
from beanjar.testing.people import Person
from tests.web.table import Table


def test_a_keeper_lends_the_node_to_a_space(table: Table) -> None:
    answer = table.lend()
    assert answer.status_code == 201
    assert answer.json()["seq"] == 0
    founder = table.read("/api/spaces/SPACE").json()["members"]["members"][0]
    assert table.node.device.hex() in founder["devices"]


@pytest.mark.parametrize("what", ["device", "offer", "stop"])
def test_nobody_else_lends_the_node_or_lets_it_offer(table: Table, what: str) -> None:
    path = f"/api/keeper/spaces/{table.name}/{what}"
    for shown in ("", "Bearer ", "Bearer 0000", f"Basic {table.node.token}", table.node.token):
        answer = table.client.post(path, content=b"{}", headers={"authorization": shown})
        assert answer.status_code == 401, shown
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "keeper" in answer.json()["error"]
    assert not table.node.space(table.id).knows(table.node.device)


def test_a_word_for_another_node_is_refused(table: Table, ben: Person) -> None:
    certificate = certify_device(table.founder.key, table.id, ben.device.key.public, node=True)
    answer = table.client.post(
        f"/api/keeper/spaces/{table.name}/device",
        json={"certificate": {"person": certificate.person, "signature": certificate.signature}},
        headers={"authorization": f"Bearer {table.node.token}"},
    )
    assert answer.status_code == 403
    assert "not for this node" in answer.json()["error"]


def test_a_word_in_another_form_is_refused(table: Table) -> None:
    path = f"/api/keeper/spaces/{table.name}/device"
    keeper = {"authorization": f"Bearer {table.node.token}"}
    for body in (b"", b"{}", b'{"certificate": 1}', b"\xff"):
        answer = table.client.post(path, content=body, headers=keeper)
        assert answer.status_code == 400, body
        assert "/schema" in answer.json()["error"]


def test_a_keeper_lets_the_node_offer_to_witness_and_stop(table: Table) -> None:
    table.lend()
    assert table.keep("offer").status_code == 201
    [offered] = table.read("/api/spaces/SPACE").json()["offers"]
    assert (offered["device"], offered["person"]) == (table.node.device.hex(), table.founder.id)
    assert offered["may_be_drawn"]
    stopped = table.keep("stop")
    assert (stopped.status_code, stopped.json()["seq"]) == (201, 2)
    assert table.read("/api/spaces/SPACE").json()["offers"] == []


def test_a_node_offers_only_where_it_is_a_member_s(table: Table) -> None:
    for what in ("offer", "stop"):
        answer = table.keep(what)
        assert answer.status_code == 403
        assert "space lend" in answer.json()["error"]
    table.id = bytes(32)
    assert table.keep("offer").status_code == 404
