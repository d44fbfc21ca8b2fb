"""Why a figure cannot be had."""

from beanjar.base.errors import BeanjarError


class NoFigure(BeanjarError):
    """A figure that cannot be worked out from the data given; the message says what to change."""
