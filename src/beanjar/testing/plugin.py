"""The pytest plugin: Ada, Ben and Cal, without any import."""

import pytest

from beanjar.testing.people import Person


@pytest.fixture
def ada() -> Person:
    """Ada, who founds things and keeps a node."""
    return Person("Ada")


@pytest.fixture
def ben() -> Person:
    """Ben, who answers."""
    return Person("Ben")


@pytest.fixture
def cal() -> Person:
    """Cal, who comes later."""
    return Person("Cal")
