"""Ways to look into a view."""

from beanjar.tools.estimate.views import Chosen, EstimateView, Favourite, Figure, Guessed


def guessed(view: EstimateView) -> Guessed:
    """Return what the guesses at a number, a date or a probability add up to."""
    assert isinstance(view.crowd, Guessed)
    return view.crowd


def figure(view: EstimateView, name: str) -> Figure:
    """Return a figure by its name."""
    return next(each for each in guessed(view).figures if each.name == name)


def favourite(view: EstimateView, name: str) -> Favourite:
    """Return what a way to pick among options picks."""
    assert isinstance(view.crowd, Chosen)
    return next(each for each in view.crowd.figures if each.name == name)
