"""What is known of a question at this moment, in words: how far it has come, and one's answer."""

from collections.abc import Iterator

from beanjar.client.line import NOT_FOUND, NodeRefuses
from beanjar.client.records import Witnessed
from beanjar.main.moments import write_moment
from beanjar.main.questions import Question
from beanjar.main.session import Session
from beanjar.main.waiting import wait_for
from beanjar.main.witness_panel import name_witness
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import Answer
from beanjar.space.space import know


def say_state(facts: ClosingFacts, now: int) -> str:
    """Return in a sentence or two how far a question has come at `now` (ms)."""
    answers = "1 answer" if facts.answers == 1 else f"{facts.answers:,} answers"
    match facts.stage(now):
        case "never opened":
            late = "its witnesses, or whoever asked, were not ready"
            moment = write_moment(facts.closes)
            return (
                f"As far as is known here, it never opened: {late} before {moment}. It can be "
                "asked again."
            )
        case "asked":
            accepted = sum(each.accept is not None for each in facts.witnesses)
            so_far = f"{accepted} of {len(facts.witnesses)} witnesses have accepted"
            moment = write_moment(facts.closes)
            return f"Not open yet: {so_far}. It never opens if not all have by {moment}."
        case "open":
            seen = "Nobody can see them before." if facts.sealed else "Everyone can see them."
            return f"Open until {write_moment(facts.closes)}: {answers} so far. {seen}"
        case "closing":
            return f"Closing: {_say_closing(facts)}"
        case "settled" | "opened":
            return facts.reason or _say_settled(facts, answers)
        case "void":
            return facts.reason


def say_all(question: Question, facts: ClosingFacts, now: int) -> Iterator[str]:
    """Yield what is known of a question at `now` (ms), and of this device's own answer."""
    yield say_state(facts, now)
    if not facts.is_given_up(now):
        yield from _say_waiting(question, facts)
    if facts.state in {"open", "closing"}:
        yield from _say_own(question, facts)


def say_receipt(receipt: Witnessed) -> str:
    """Say how far one's own answer has come."""
    sure = "it is sure to count" if receipt.sure else "it is not yet sure to count"
    return f"Your answer: witnessed by {receipt.witnessed} of {receipt.of}; {sure}."


def wait_until_sure(session: Session, question: Question, answer: str, seconds: float) -> Witnessed:
    """Return how far an answer has come, once it is sure to count, or after so many seconds."""

    def look() -> Witnessed | None:
        receipt = question.client.receipt(question.space, answer)
        return receipt if receipt.sure else None

    sure = wait_for(session, look, seconds, "Waiting for the witnesses to log it")
    return sure or question.client.receipt(question.space, answer)


def _say_closing(facts: ClosingFacts) -> str:
    """Say how far the witnesses have come, and how many it takes to settle what counts."""
    several = len(facts.witnesses)
    if several == 1:
        return "its one witness has closed it. If that is lost now, it is never settled."
    closed = sum(each.closed for each in facts.witnesses)
    return (
        f"{closed} of {several} witnesses have closed it. Until {facts.quorum} agree, what counts "
        "can still change; with fewer it is never settled."
    )


def _say_settled(facts: ClosingFacts, answers: str) -> str:
    unless = _say_unless(facts)
    if facts.state == "opened":
        return f"Settled: {answers} count, and that changes no more, {unless}."
    return (
        f"Settled: which answers count changes no more, {unless}: {answers}, but for such as "
        "cannot be read. It waits for its witnesses' keys; if fewer than "
        f"{facts.quorum} ever give theirs, it never opens."
    )


def _say_unless(facts: ClosingFacts) -> str:
    """Say what has to hold for a settled result to stay as it is."""
    several = len(facts.witnesses)
    if several == 1:
        return "as long as its one witness does not lie"
    liars = several - facts.quorum
    lie = "lies" if liars == 1 else "lie together"
    return f"as long as no more than {liars} of its {several} witnesses {lie}"


def _say_own(question: Question, facts: ClosingFacts) -> Iterator[str]:
    answer = _find_answer(question, facts)
    if answer is None:
        return
    try:
        yield say_receipt(question.client.receipt(question.space, answer))
    except NodeRefuses as refusal:
        if refusal.status != NOT_FOUND:
            raise
        yield "Your answer has not arrived at this node yet."


def _find_answer(question: Question, facts: ClosingFacts) -> str | None:
    """Return the id of what this device answered last, if it has answered."""
    log, vocabulary = question.log, know([question.tool])
    for seq in reversed(range(len(log))):
        said = log.read(seq)
        body = vocabulary.read(said.body or b"")
        if isinstance(body, Answer) and body.on == facts.open:
            return said.id.hex()
    return None


def _say_waiting(question: Question, facts: ClosingFacts) -> Iterator[str]:
    if facts.waiting_for:
        members = question.client.space(question.space).members
        names = [name_witness(members, device) for device in facts.waiting_for]
        yield f"Waiting for the {'node' if len(names) == 1 else 'nodes'} of {', '.join(names)}."
