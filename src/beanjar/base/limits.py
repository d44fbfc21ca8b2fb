"""Every limit, in one place. A number here is a promise to peers: docs/WIRE.md states them too."""

from beanjar.base.clock import DAY, HOUR, MINUTE

INTEGER = 2**53 - 1
"""The largest integer, so that a browser reads every number exactly."""

# One operation.
BODY_BYTES = 64 * 1024

# One run: how far an operation may be from the signature that vouches for it.
RUN_OPERATIONS = 1_024
RUN_BODY_BYTES = 1024 * 1024

FUTURE = 15 * MINUTE
"""How far ahead of a node's clock an operation may be before it is held until due, in ms."""

HELD_RUNS = 1_000
"""Runs that a node keeps for later in one space; one per device."""

# Joining.
INVITATION_HOPS = 8
"""The longest chain of invitations from the founder to a newcomer."""

# Questions.
ANSWERS_PER_PERSON = 64
"""Answers of one person on one question that a witness admits."""
BATCH_PAIRS = 400
"""Pairs (person, answer) in one batch of a witness: under 64 KiB as JSON."""
WITNESSES = 7
ROLL_PART = 900
"""Persons in one part of a roll: under 64 KiB as JSON."""
OPEN_FOR = 366 * DAY
"""The longest that a question may stay open, in ms."""

# What a node's door takes.
REQUEST_BYTES = 2 * 1024 * 1024
OPERATIONS_PER_KEY = 600
"""Operations that one device may hand in within an hour."""
OPERATIONS_PER_ADDRESS = 6_000
"""Operations that one network address may hand in within an hour."""
DOOR_WINDOW = HOUR
STREAMS_PER_ADDRESS = 8
"""Live event streams that one network address may hold open."""
