"""Chance that is the same in every run."""

import random


def seeded(name: str) -> random.Random:
    """Return chance that depends on nothing but the name."""
    return random.Random(name)  # noqa: S311 - for stories, not for secrets
