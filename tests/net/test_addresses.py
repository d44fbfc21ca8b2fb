import pytest

from beanjar.net.addresses import find_range, is_dialable, is_loopback, is_relay, plain_relay


@pytest.mark.parametrize(
    "address", ["127.0.0.1:1", "192.0.2.7:65535", "[::1]:80", "[2001:db8::7]:9"]
)
def test_an_ip_address_with_a_port_can_be_dialled(address: str) -> None:
    assert is_dialable(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        ":1",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "127.0.0.1:1 ",
        "127.0.0.1:²",
        "127.0.0.1:٣",
        "127.0.0.1:" + "9" * 5_000,
        "[fe80::1%eth0]:1",
        "127.0.0.1:1\n",
        "[127.0.0.1]:1",
        "::1:80",
        "[::1:80",
        "[::1]",
        "[[::1]]:80",
        "localhost:80",
        "https://relay.example:443",
    ],
)
def test_anything_else_cannot(address: str) -> None:
    assert not is_dialable(address)


def test_only_this_machines_own_addresses_are_its_loopback() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.9.9.9", "::1", "[::1]"]))
    assert not any(map(is_loopback, ["", "::", "192.0.2.7", "localhost", "127.0.0.1:1"]))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("1.2.3.4:2327", "1.2.3.0/24"),
        ("1.2.3.250:9", "1.2.3.0/24"),
        ("1.2.4.4:2327", "1.2.4.0/24"),
        ("[2606:4700:1:2::7]:2327", "2606:4700:1::/48"),
        ("[2606:4700:1:ffff::8]:9", "2606:4700:1::/48"),
        ("[2606:4700:2:2::7]:2327", "2606:4700:2::/48"),
        ("[::ffff:1.2.3.4]:2327", "1.2.3.0/24"),
        ("[::ffff:192.168.1.5]:2327", ""),
        ("[::ffff:127.0.0.1]:2327", ""),
        ("192.168.1.5:2327", ""),
        ("10.7.0.2:2327", ""),
        ("100.64.0.1:2327", ""),
        ("169.254.3.4:2327", ""),
        ("127.0.0.1:2327", ""),
        ("[fd00::1]:2327", ""),
        ("[fe80::1%eth0]:2327", ""),
        ("[::1]:2327", ""),
        ("", ""),
        (":2327", ""),
        ("relay.example:2327", ""),
        ("https://relay.example", ""),
    ],
)
def test_what_one_owner_may_have_whole_is_one_range(address: str, found: str) -> None:
    assert find_range(address) == found


def test_a_relay_goes_by_its_address_with_a_slash_or_without() -> None:
    relays = ["https://relay.example", "http://127.0.0.1:3340", "https://relay.example:8443/"]
    assert all(map(is_relay, relays))
    assert not any(map(is_relay, ["", "127.0.0.1:1", "ftp://a.example", "https://a.example/b"]))
    assert plain_relay(relays[0] + "/") == plain_relay(relays[0])
