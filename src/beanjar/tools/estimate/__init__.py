"""Estimate: the bean jar. A crowd guesses at a number, a date, a probability or an answer."""

from beanjar.space.tool import Tool
from beanjar.tools.estimate.board import board
from beanjar.tools.estimate.fold import Estimate
from beanjar.tools.estimate.guessing import fits
from beanjar.tools.estimate.pages import PAGES
from beanjar.tools.estimate.schema import BODIES, EstimateAnswer, EstimateAsk
from beanjar.tools.estimate.speech import SPEECH

TOOL = Tool(
    name="estimate",
    title="Estimates",
    ask=EstimateAsk,
    answer=EstimateAnswer,
    bodies=BODIES,
    fold=Estimate,
    fits=fits,
    board=board,
    pages=PAGES,
    speech=SPEECH,
)
