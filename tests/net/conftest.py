"""Every way in which links are made."""

import pytest

from tests.net.ends import NETS, Net


@pytest.fixture(params=sorted(NETS))
def net(request: pytest.FixtureRequest) -> Net:
    """A net on which nothing has happened yet."""
    return NETS[request.param]()
