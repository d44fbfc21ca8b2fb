"""What a program takes part with: a node's interface, a person's keys, and what both do together.

`Client` speaks to one node, `Home` holds a person's keys and what they said, a `Participant` says
things with these keys at that node, and a `Question` is one that was asked. Whatever goes wrong is
a `BeanjarError`, whose sentence says what to do.
"""

from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.client.home import Home
from beanjar.client.line import NodeAway, NodeRambles, NodeRefuses
from beanjar.client.participant import NotAllowed, Participant
from beanjar.client.question import Question, TookTooLong
from beanjar.client.roll import NotCounted
from beanjar.client.speaking import AlreadyJoined, Copied, NotJoined
from beanjar.client.spoken import Spoken
from beanjar.client.witnesses import FalseNode
from beanjar.node.changes import Change

__all__ = [
    "AlreadyJoined",
    "BeanjarError",
    "Change",
    "Client",
    "Copied",
    "FalseNode",
    "Home",
    "NodeAway",
    "NodeRambles",
    "NodeRefuses",
    "NotAllowed",
    "NotCounted",
    "NotJoined",
    "Participant",
    "Question",
    "Spoken",
    "TookTooLong",
]
