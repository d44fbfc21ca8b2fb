"""What a message reaches after most nodes have failed, in smaller networks than were published."""

from beanjar.lab import hyparview


def test_what_is_left_of_a_network_grows_together_again() -> None:
    rows = list(hyparview.measure(7, lambda _: None, nodes=200))
    assert [(row.active, row.failed) for row in rows] == [
        (active, failed) for active in hyparview.ACTIVE for failed in hyparview.FAILED
    ]
    for row in rows:
        assert row.first < row.last or row.failed == min(hyparview.FAILED)
        if row.failed <= 80:
            assert row.last > 0.97
