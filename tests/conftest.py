"""How hard the tests try: as hard as a developer waits for, or as `make soak` has time for."""

import os

import pytest
from hypothesis import HealthCheck, settings

SCALE = 20 if os.environ.get("BEANJAR_LONG") == "1" else 1

# Chance follows from the seed, on CI too; how busy the machine is decides no test.
settings.register_profile(
    "beanjar",
    deadline=None,
    derandomize=False,
    max_examples=40 if SCALE == 1 else 2_000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("beanjar")


@pytest.fixture(scope="session")
def scale() -> int:
    """How many times more a test should try than it does when someone waits for it."""
    return SCALE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to the long form what only that is for."""
    if SCALE == 1:
        long = [each for each in items if each.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [each for each in items if each not in long]
