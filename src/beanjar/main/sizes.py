"""Numbers of bytes as people write them."""

import re
from typing import Any

import click

from beanjar.base.limits import INTEGER

UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
SHAPE = re.compile(r"(\d+(?:\.\d+)?)\s*(b|[kmgt]b)?", re.IGNORECASE)


class Size(click.ParamType[int]):
    """A number of bytes, as 500MB or 1.5GB."""

    name = "size"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Return the number, or end the program with what would fit."""
        if isinstance(value, int):
            return value
        found = SHAPE.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"“{value}” is no size. Say it as in 500MB or 1.5GB.", param, ctx)
        unit = (found[2] or "").lower().removesuffix("b")
        size = int(float(found[1]) * UNITS[f"{unit}b" if unit else ""])
        if not 1 <= size <= INTEGER:
            self.fail("This is too small or too large for a disk.", param, ctx)
        return size
