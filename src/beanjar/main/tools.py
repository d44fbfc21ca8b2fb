"""The one list of tools."""

from beanjar.space.tool import Tool
from beanjar.tools import estimate

TOOLS: tuple[Tool, ...] = (estimate.TOOL,)
