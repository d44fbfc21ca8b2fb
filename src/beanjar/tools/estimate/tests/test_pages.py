import re
from xml.etree import ElementTree as ET

import pytest

from beanjar.space.members import short_name
from beanjar.testing.people import Person
from beanjar.tools.estimate import TOOL
from beanjar.tools.estimate.pages import list_page, show_page
from beanjar.tools.estimate.schema import (
    AnyKind,
    Choice,
    Date,
    EstimateAsk,
    EstimateEdit,
    EstimateWithdraw,
    FigureName,
    Guess,
    Number,
    Probability,
)
from beanjar.tools.estimate.tests.table import Table
from beanjar.tools.estimate.views import BoardView, EstimateView
from beanjar.web.language import ENGLISH, Speaker
from beanjar.web.sheets import Sheets

MINUS = "\N{MINUS SIGN}"
SHEETS = Sheets([TOOL])
TAGS = re.compile(r"<svg.*?</svg>|<[^>]*>", re.DOTALL)
PICTURE = re.compile(r"<svg.*?</svg>", re.DOTALL)
FRENCH = SHEETS.speakers["fr"]
LETTER = re.compile(r"[^\W\d_]")
WRITTEN = re.compile(
    r"How heavy is the ox\?|How many\?|The table|\b(Beanjar|lb|Brier|Yes|No|UTC|[AB])\b"
)
"""What people wrote, and what is called the same in both languages."""
SAME = {"Questions", "0 point"}


def show(table: Table, question: str, speaker: Speaker = ENGLISH) -> str:
    """Return the page of a question."""
    return draw(table, table.view(question), speaker)


def draw(table: Table, view: EstimateView, speaker: Speaker = ENGLISH) -> str:
    """Return the page of a question that looks so."""
    return render(table, "show", speaker, view=view, page=show_page(view, speaker))


def list_all(table: Table, speaker: Speaker = ENGLISH) -> str:
    """Return the page of all questions."""
    return draw_list(table, table.board(), speaker)


def draw_list(table: Table, board: BoardView, speaker: Speaker = ENGLISH) -> str:
    """Return the page of all questions of a board."""
    return render(table, "list", speaker, view=board, page=list_page(board, speaker))


def render(table: Table, name: str, speaker: Speaker, **shown: object) -> str:
    space = table.gathering.space
    return SHEETS.render(
        f"estimate/{name}.html",
        speaker,
        space=space.id.hex(),
        subject="5b" * 32,
        doors=(),
        founding=space.members.founding,
        called=short_name,
        keeper=short_name,
        tool=TOOL,
        address="/here",
        **shown,
    ).decode()


def words(page: str) -> str:
    """Return what can be read on a page, without its pictures."""
    return " ".join(TAGS.sub(" ", page).split())


def test_a_sealed_page_is_the_same_whatever_people_guess() -> None:
    pages = []
    crowds: list[list[Guess]] = [[Guess(1), Guess(2)], [Guess(4_000), Guess(3_000, 2_000, 5_000)]]
    for guesses in crowds:
        table = Table(Person("Ada"))
        question = table.ask()
        for place, guess in enumerate(guesses):
            table.answer(table.guesser(place), question, guess)
        pages.append((show(table, question), list_all(table)))
    assert pages[0] == pages[1]
    assert "2 answers" in words(pages[0][1])


def test_the_open_jar_says_what_the_crowd_says_and_how_close_it_came(table: Table) -> None:
    question = table.ask()
    table.play(question, [800, 1_000, 1_300, 1_700], truth=1_210)
    text = words(show(table, question))
    assert (
        "The crowd says 1,200 lb. It was 1,210 lb. The crowd was off by 10 lb and beat 4 of 4."
        in text
    )
    assert "mean (counts) 1,200 lb 10 lb 4" in text
    assert "1 someone" in text
    assert "1,300 lb" in text


def test_a_choice_shows_shares_beside_what_people_expected(table: Table) -> None:
    question = table.ask(Choice(("Yes", "No")), "surprisingly_popular", others=True)
    shares = [Guess(0, shares=(90, 10)), Guess(0, shares=(80, 20)), Guess(1, shares=(70, 30))]
    table.play(question, shares, truth=1)
    text = words(show(table, question))
    assert "The crowd says No. It was No. The crowd was right; 1 of 3 were right." in text
    assert "A Yes 2 66.7 % 80 %" in text
    assert "surprisingly popular (counts) No right" in text


@pytest.mark.parametrize(
    ("kind", "guess", "truth", "sentence"),
    [
        (Date(), 20_833, 20_835, "The crowd says 15 January 2027. It was 17 January 2027."),
        (Probability(1), 375, 1_000, "The crowd says 37.5 %. It was yes."),
        (Number("€", 2), -12_345, 5, f"The crowd says {MINUS}123.45 €. It was 0.05 €."),
        (Number(), 5, 5, "The crowd says 5. It was 5. The crowd was off by 0 and beat 0 of 1."),
    ],
)
def test_values_read_as_people_say_them(
    table: Table, kind: AnyKind, guess: int, truth: int, sentence: str
) -> None:
    question = table.ask(kind)
    table.play(question, [guess], truth)
    assert sentence in words(show(table, question))


def test_a_figure_beyond_the_calendar_is_shown_as_its_last_day(table: Table) -> None:
    question = table.ask(Date(), "knowledge_weighted", others=True)
    own = [200_000, 600_000, 1_000_000, 1_400_000, 1_800_000]
    others = [700_000, 600_000, 500_000, 400_000, 300_001]
    guesses = [Guess(mine, others=all_) for mine, all_ in zip(own, others, strict=True)]
    table.play(question, guesses, truth=1_000_000)
    assert "knowledge-weighted estimate (counts) 31 December 9999" in words(show(table, question))


@pytest.mark.parametrize(
    ("kind", "guesses", "sentence"),
    [
        (Number("lb"), [1_234_567, 1_234_568], "The crowd says 1,234,568 lb."),
        (Number("lb"), [1_287, 1_288], "The crowd says 1,287.5 lb."),
        (Number("lb", 9), [1_287_083_253_798], "The crowd says 1,287.08 lb."),
        (Number("lb", 6), [123], "The crowd says 0.000123 lb."),
        (Number("lb"), [1_000_000], "The crowd says 1,000,000 lb."),
    ],
)
def test_figures_are_rounded_for_the_eye(
    table: Table, kind: AnyKind, guesses: list[int], sentence: str
) -> None:
    question = table.ask(kind)
    table.play(question, guesses, truth=0)
    assert sentence in words(show(table, question))


def test_all_wordings_and_who_took_it_back_stay_on_the_page(table: Table) -> None:
    question = table.ask()
    table.say(table.asker, EstimateEdit(question, "How heavy, dressed?", "As sold."))
    table.say(table.asker, EstimateWithdraw(question, "It ran away."))
    text = words(show(table, question))
    assert "taken back" in text
    assert "First asked as “How heavy is the ox?”" in text
    assert "Now asked as “How heavy, dressed?” As sold." in text
    assert "The question was taken back It ran away." in text


def test_what_people_write_is_shown_and_never_run(table: Table) -> None:
    wild = '<script>alert(1)</script> & "quotes"'
    kind = Choice((wild, "plain"))
    asked = EstimateAsk(table.terms(), wild, kind, "most_chosen", wild, wild)
    question = table.gathering.ask(table.asker, asked)
    table.play(question, [0], truth=0)
    for page in (show(table, question), list_all(table)):
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_pictures_carry_a_name_and_neither_style_nor_script(table: Table) -> None:
    question = table.ask(Number("lb & stones"))
    table.play(question, [10, 20, 30], truth=20)
    pictures = PICTURE.findall(show(table, question))
    assert len(pictures) == 2
    for picture in pictures:
        root = ET.fromstring(picture)  # noqa: S314 - our own picture
        assert root[0].tag.endswith("title")
        assert root[1].tag.endswith("desc")
        assert not any(
            "style" in each.attrib or each.tag.endswith("script") for each in root.iter()
        )
    names = re.findall(r' id="([^"]+)"', show(table, question))
    assert len(names) == len(set(names))


def test_the_boards_name_the_crowd_among_the_people(table: Table) -> None:
    for truth in (100, 0):
        table.play(table.ask(Probability()), [80, 30], truth)
    table.play(table.ask(), [5, 6], truth=7)
    text = words(list_all(table))
    assert "the crowd 0.2525 2" in text
    assert "Who is closest to numbers" in text
    assert "50 to 60 % 2 55.0 % 50.0 %" in text


def test_a_space_without_questions_says_what_one_can_do(table: Table) -> None:
    assert "Nothing has been asked yet." in words(list_all(table))


@pytest.mark.parametrize(
    ("kind", "figure", "guesses", "truth"),
    [
        (Number("lb"), "mean", [Guess(800, 700, 900), Guess(1_300, 1_000, 2_000)], 1_210),
        (Number("lb", low=1), "geometric_mean", [Guess(2), Guess(5)], 7),
        (Number("lb"), "knowledge_weighted", [Guess(1, others=2), Guess(2, others=2)], 7),
        (Date(), "median", [Guess(20_833), Guess(20_840)], 20_835),
        (Probability(1), "trimmed_mean", [Guess(375), Guess(600)], 1_000),
        (Choice(("Yes", "No")), "surprisingly_popular", [Guess(0, shares=(90, 10))], 1),
        (Choice(("Yes", "No")), "most_chosen", [Guess(0), Guess(1)], 1),
    ],
)
def test_no_word_of_a_page_is_left_in_another_language(
    table: Table, kind: AnyKind, figure: FigureName, guesses: list[Guess], truth: int
) -> None:
    others = figure in {"surprisingly_popular", "knowledge_weighted"}
    pages = [[list_all(table, each) for each in (ENGLISH, FRENCH)]]
    question = table.ask(kind, figure, others=others)
    pages.append([show(table, question, each) for each in (ENGLISH, FRENCH)])
    table.play(question, guesses, truth)
    table.say(table.asker, EstimateEdit(question, "How many?"))
    pages.append([show(table, question, each) for each in (ENGLISH, FRENCH)])
    pages.append([list_all(table, each) for each in (ENGLISH, FRENCH)])
    for english, french in pages:
        pairs = zip(parts(english), parts(french), strict=True)
        same = {one for one, other in pairs if one == other and LETTER.search(one)}
        assert not {each for each in same if LETTER.search(WRITTEN.sub("", each))} - SAME


def parts(page: str) -> list[str]:
    """Return the texts of a page, and what its attributes say, without codes and addresses."""
    page = re.sub(r"<(code|script|bdi|a href=\"\?).*?</(code|script|bdi|a)>", "", page)
    spoken = re.findall(r' (?:aria-label|data-why|data-yes|title)="([^"]*)"', page)
    return [*re.split(r"(?:<[^>]*>|\s)*<[^>]*>(?:<[^>]*>|\s)*", page), *spoken]


def test_an_estimate_is_told_in_french(table: Table) -> None:
    question = table.ask()
    table.play(question, [800, 1_000, 1_300, 1_700], truth=1_210)
    text = words(show(table, question, FRENCH))
    assert "La foule dit : 1 200 lb. C’était : 1 210 lb." in text
    assert "La foule s’est trompée de 10 lb et a fait mieux que 4 personnes sur 4." in text
    chance = table.ask(Probability(1))
    table.play(chance, [375], truth=1_000)
    assert "La foule dit : 37,5 %." in words(show(table, chance, FRENCH))
    day = table.ask(Date())
    table.play(day, [20_819], truth=20_820)
    text = words(show(table, day, FRENCH))
    assert "La foule dit : 1er janvier 2027. C’était : 2 janvier 2027." in text
    assert "s’est trompée de 1 jour et" in text
