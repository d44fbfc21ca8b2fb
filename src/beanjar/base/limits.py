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
TICKET_DOORS = 16
"""Web addresses that a ticket names."""

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
OPERATIONS_PER_KEY = RUN_OPERATIONS
"""Operations that one device may hand in within an hour: a whole run, or some would never go in."""
OPERATIONS_PER_ADDRESS = 6_000
"""Operations that one network address may hand in within an hour."""
DOOR_WINDOW = HOUR
STREAMS_PER_ADDRESS = 8
"""Live event streams that one network address may hold open."""
DOOR_IDLE = 3 * MINUTE
"""How long a door keeps a connection on which nobody asks for anything, in ms: longer than those
who ask keep theirs (httpx 5 s, Caddy 120 s), or now and then one asks just when it is closed."""
PROSE_CHARACTERS = 8_000
"""The longest text that is read as Markdown; a longer one is shown in plain paragraphs."""
PROSE_NESTING = 24
"""How deep lists and quotations in one another are read; a list and its entries are two."""
PAGE_BYTES_KEPT = 16 * 1024 * 1024
"""Bytes of pages that are kept as they were made; a door's own."""

# Between nodes: what one message may hold, and what one peer may make a node keep for it.
RUN_BYTES = RUN_BODY_BYTES + 256 * 1024
"""One run as bytes, with the headers of as many operations as it may have."""
ALONE_BYTES = BODY_BYTES + 240
"""One operation by itself, as bytes."""
PROOF_BYTES = 256 * 1024
"""The proof that a log is forked: two runs without bodies."""
RUNS_AT_ONCE = 64
"""Runs in one message; a message ends once it holds `MESSAGE_BYTES` of them. No more, since it is
made and read in one go, in which a node does nothing else."""
MESSAGE_BYTES = 256 * 1024
HEADS_AT_ONCE = 1_024
LISTINGS_AT_ONCE = 512
ASKED_AT_ONCE = 256
"""Operations, bodies or chunks that one message asks for."""
SPACES = 1_024
"""Spaces that a node may name to one peer."""
NODE_ADDRESSES = 8
ADDRESS_CHARACTERS = 64
ADDRESSES_TOLD = 16
"""Nodes whose addresses one message tells."""
REPLIES_WAITING = 1_024
"""Requests of one peer that may wait to be answered; with more, it is let go."""
REPLY_BYTES_WAITING = 8 * 1024 * 1024
"""Bytes of what they ask for; a request beyond that is passed over, to be made again later."""
SAID_WAITING = 4_096
"""Short messages that may wait to be sent to one peer; with more, it is let go."""
SAID_BYTES_WAITING = 8 * 1024 * 1024
"""Bytes of such messages, as they travel; likewise."""
TOLD = 16
"""Nodes that a push names as told already."""
LAZY_FROM = 200
"""Nodes known in a space from which on what is new is only announced to a neighbour that had it."""
ANNOUNCE_AFTER = 1_000
"""How long what is new has time to reach such a neighbour otherwise, in ms."""
PUSHES_WAITING = 4_096
"""Operations that wait to be pushed to one peer; with more, it is left to compare what it holds."""
CONFIRM_WITHIN = 10 * MINUTE
"""How long a peer has to confirm a push, in ms: one that has left a space or is full never does."""
PUSH_BYTES_WAITING = 16 * 1024 * 1024
"""Bytes of operations that wait to be pushed to one peer, but for the last; likewise."""
LOGS_ASKED = 100_000
"""Logs that one peer is asked for at a time, and heads that it is told in one answer."""
COMPARE_EVERY = 30_000
"""How often a node compares all it carries with one neighbour chosen by chance, in ms."""
COMPARE_AGAIN = 5_000
"""How long a node that compared a space with all neighbours does so no more, in ms."""
PING_EVERY = 5_000
SILENT_FOR = 15_000
"""How long a peer may be silent before its connection is given up, in ms."""
MESSAGE_FOR = 300_000
"""How long a peer may take for one message, in ms, as long as bytes of it come all the time: the
longest one may come at 7 kB/s."""
ASK_AGAIN = 10_000
"""How long a node waits for anything of what it asked one peer for before it asks others, in ms."""
ASK_OTHERS = 60_000
"""How long it waits for one log, however much else comes meanwhile, in ms."""
MISSING_EVERY = 1_000
MISSING_SELDOM = 600_000
"""How often a node asks for what it lacks by id, in ms: at first, and at the least."""

DOORS = 8
"""Web addresses of a space that pages know."""

# Who may be drawn to witness.
NAMED_WITNESSES = 100
"""Persons whom a charter names as witnesses."""
VOUCHES = 2
"""Other members who must vouch for a person whom the charter does not name."""

# What a node keeps in one space though no log of it is here; one's own, others choose otherwise.
ALONE_OPERATIONS = 100_000
"""Operations that stand by themselves."""
ALONE_PER_DEVICE = 4_096
"""Those of one device."""

# Connections between nodes.
FRAME_BYTES = 2 * 1024 * 1024
"""One frame's payload, as it travels and as it is read."""
LINKS = 64
"""Connections of one node."""
LINKS_TAKEN = 48
"""Of these, those that other nodes may make; the rest are for nodes that it dials itself."""
LINKS_PER_RANGE = 16
"""Those that nodes at public addresses of one range may make: /24, for IPv6 /48."""
LINKS_PER_PEER = 2
"""Connections of one node with one other; a newer one takes the place of the oldest."""
HANDSHAKES = 64
"""Connections that may be being made with a node at a time."""
HANDSHAKES_PER_ADDRESS = 16
"""Connections that one network address may be making with a node at a time."""
CROSSING = 3_000
"""How long after two nodes were joined one takes it that both had dialled at once when a second
connection comes from the other end, in ms."""
DIAL_SECONDS = 10
"""How long one waits for a node to answer before it counts as out of reach."""
GREETING_SECONDS = 10
"""How long a node that is connecting may take until its connection stands."""
SEND_SECONDS = 30
"""How long a peer may take nothing of what it is sent before its connection is ended."""
FAREWELL_SECONDS = 2
"""How long the end of a connection waits for what was sent to arrive."""
STOP_SECONDS = 5
"""How long a node that stops waits for its connections to be gone. After a dial that nobody
answered this takes 3 seconds; until then its port is in use."""

# How witnesses agree on what closes a question.
ROUNDS = 10_000
"""The last round in which they may try."""
PREVOTE_BYTES = 1_024
"""One prevote, whole; with seven closes it has some 830 bytes."""
PRECOMMIT_BYTES = 8 * 1_024
"""One precommit with its prevotes, whole: five fit into a body as base64."""
OPINIONS = 4
"""Different words of one kind that are looked at of one witness in one round; the first here."""
ALL_CLOSES = 5_000
"""How long who proposes first waits for the closes of all witnesses, in ms."""
PATIENCE = 2_000
PATIENCE_GROWTH = 1_000
"""How long a witness waits at each step of round 0, and how much longer in each round, in ms."""
PATIENCE_MOST = 300_000
"""The longest that it ever waits at one step, in ms."""
MISSING = 1_024
"""Ids that a question names at a time as missing."""
ARRIVALS_WAITING = 8
"""Messages of one peer that wait to be written; with more, it is read no further."""
ACKNOWLEDGED = 100_000
"""Operations of which a node remembers which neighbours hold them, until they are safe."""
HOLDERS = 1_024
"""Nodes of which a node remembers how far they hold a space."""
LOCAL_NODES = 64
"""Nodes that are said to be on a node's own network, as far as it remembers."""
LOCAL_ASKED = 4
"""Nodes that a node asks on its network at a time where they are."""
STRANGERS_AT_ONCE = 4
"""Nodes of which somebody said that they are there that a node tries at a time."""
STRANGER_FOR = 15_000
"""How long such a node has, from the dial on, to name a space that both carry, in ms."""
STRANGER_AGAIN = 600_000
STRANGER_LOST = 30_000
"""After how long one is dialled again that shared nothing, or that did not answer, in ms."""
STRANGERS = 256
"""Nodes of which that is remembered."""
SEEN_AT = 2
"""Neighbours that must see a node at an address for it to call that its own."""
CLOCK_SET = 300_000
"""By how much a machine's clock may be set, in ms, before its node goes by it anew in what it says
to neighbours: a third of `FUTURE`, so that its cards still count."""
BOOKS_EVERY = 60_000
"""How long a node that wrote down where others can be reached waits to do so again, in ms."""
SAFE_AT = 2
"""Other nodes that must hold an operation for it to be called safe."""

MOVE_WITHIN = 7 * DAY
"""How long after a node's folder was closed to be moved its device may go on elsewhere, in ms: a
file that lies about for longer is a mere copy, which may have been restored before."""

# Files.
CHUNK_BYTES = 64 * 1024
"""One chunk of a file; all but the last have just this length."""
FILE_CHUNKS = 256
"""Chunks in a file: 16 MiB."""
FILES = 8
"""Files that one body names."""
FILE_QUOTA_BYTES = 1024 * 1024 * 1024
"""What all chunks on one node may take; a node's own."""

# Who is whose neighbour: HyParView, see `beanjar.sync.overlay`.
ACTIVE = 8
"""Neighbours of a node in one space."""
ACTIVE_LEAST = 3
"""So few where it carries so many spaces that the connections would not do for more."""
PASSIVE = 48
"""Others that it knows to take their place."""
OWN_CHOICE = 4
"""Of its neighbours, those that it asked itself and that nobody who comes pushes out."""
OWN_LEAST = 2
"""It looks for so many of its own choice though enough others came by themselves."""
PER_RANGE = 2
"""Neighbours at addresses of one range: /24, for IPv6 /48. Private networks are no ranges."""
WALK = 6
"""Steps that the news of a newcomer takes, and a shuffle."""
PASSIVE_WALK = 3
"""After so many fewer a newcomer is noted on the way."""
SHUFFLE_EVERY = 30_000
"""How often a node exchanges some of those it knows with another, in ms."""
SHUFFLED_ACTIVE = 3
SHUFFLED_PASSIVE = 4
"""Of its neighbours, and of the others, those that it tells then."""
HEAL_EVERY = 60_000
HEAL_EVERY_NODE = 1_000
"""How often a node dials one of all it knows of, in ms, and how much more seldom for each of them
that was there already or that a ticket names: what was split grows together by this."""
NEWCOMERS_AT_ONCE = 4
"""Nodes that a node asks in a space at a time because neighbours say that they have just come."""
ANSWER_WITHIN = 20_000
"""How long a node that was dialled may take until it names the space, in ms."""
IDLE = 20_000
"""How long a connection is kept that serves no space, in ms."""
OVERLAY_BURST = 128
OVERLAY_EVERY = 250
"""Messages about who is there that a neighbour may send at once, and one more every so many ms."""
NEARS = 6
NEAR_EVERY = 10_000
"""How often a node that asks to be a neighbour is listened to, and once more every so many ms."""
CARD_NEIGHBOURS = 16
"""Neighbours that a node names in the word that it signs of itself."""
CARD_AGAIN = 300_000
"""How often a node says where it is though nothing has changed, in ms."""
CARD_EVERY = 5_000
CARD_EVERY_NODE = 3_000
"""How long it waits at least before it says so anew, in ms, and for each node that it knows."""
CARD_LIFE = 30 * DAY
"""How long a node is remembered of which nothing is heard, in ms."""
ADDRESSES_KEPT = 256
"""Nodes whose addresses are kept for one space."""
MET_LIFE = 7 * DAY
"""For so long, in ms, a node that was there is pushed out of them by no name of another."""
MET_KEPT = 160
"""So many of these are kept, but for those held in mind, however many others are told of."""
DIAL_AGAIN = 1_000
DIAL_SOON = 60_000
DIAL_SELDOM = 3_600_000
"""How long to wait before a node is dialled again, in ms: at first; at the most; and at the most if
it was not reached for as long as `STALE`. A part of it is left to chance."""
STALE = DAY

# What is told of the shape of a network.
CARD_FRESH = 1_800_000
"""How old a node's word of itself may be until it counts as not heard of since, in ms: it says so
anew every `CARD_AGAIN`, and its clock may be wrong by some minutes."""
SIGHT_EVERY = 5_000
"""How often pages are told at most how nodes stand that are no neighbours, in ms."""
NODES_AT_ONCE = 100
"""With more nodes in a network, what it withstands is worked out beside all else a node does."""
NETWORKS_KEPT = 64
"""Networks of which a node remembers what they withstand, so that it is worked out once."""
NODES_DRAWN = 60
"""Nodes that a picture of a network shows; with more, there are only words and a table."""
CUT_NODES_TOLD = 50
"""Nodes of which it is told whom they alone hold to the rest: those that hold most."""
CUT_OFF_NAMED = 20
"""How many of these are named, for each such node."""
