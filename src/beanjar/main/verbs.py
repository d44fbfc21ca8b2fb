"""The commands of each tool, made from what the tool says it is."""

import click

from beanjar.main.answering import make_answer_command, make_say
from beanjar.main.asking import make_ask, make_end, make_open
from beanjar.main.showing import make_list, make_show
from beanjar.main.tools import TOOLS
from beanjar.space.tool import Tool


def make_group(tool: Tool) -> click.Group:
    """Return the commands of a tool: those that all questions share, then its own."""
    shared = (make_ask, make_open, make_answer_command, make_show, make_list, make_end)
    commands = [make(tool) for make in shared] + [make_say(tool, kind) for kind in tool.bodies]
    return click.Group(tool.name, commands, help=f"{tool.title}: ask, answer, see what comes out.")


GROUPS = {tool.name: make_group(tool) for tool in TOOLS if tool.speech is not None}


def __getattr__(name: str) -> click.Group:
    """Return the commands of the tool with this name, where `beanjar.main.cli` looks for them."""
    if name not in GROUPS:
        raise AttributeError(name)
    return GROUPS[name]
