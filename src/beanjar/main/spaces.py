"""`beanjar space`: communities, and this person's place in them."""

import click

from beanjar.main.lazy import Lazy, LazyGroup

COMMANDS = {
    "new": Lazy("beanjar.main.founding:new", "Found a space."),
    "join": Lazy("beanjar.main.joining:join", "Join a space with a ticket."),
    "ticket": Lazy("beanjar.main.ticketing:ticket", "Make a ticket for somebody."),
    "list": Lazy("beanjar.main.membership:list_", "List your spaces."),
    "show": Lazy("beanjar.main.membership:show", "Show a space and who is in it."),
    "leave": Lazy("beanjar.main.leaving:leave", "Leave a space, you or your node."),
    "quota": Lazy("beanjar.main.quota:quota", "Say how much of your node's disk a space may take."),
    "lend": Lazy("beanjar.main.founding:lend", "Let your node witness in a space."),
    "export": Lazy("beanjar.main.exporting:export", "Take all of a space along in a file."),
    "verify": Lazy("beanjar.main.verifying:verify", "Work an export out anew, trusting nobody."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog="Example: beanjar space new “The market”")
def space() -> None:
    """Communities: found one, join one, take it along."""
