import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from jinja2 import Environment, nodes

from beanjar.base.limits import INTEGER
from beanjar.main.tools import TOOLS
from beanjar.space.charter import Leave, Profile
from beanjar.testing.people import Person
from beanjar.web.filters import make_filters
from beanjar.web.language import ENGLISH, LANGUAGES, Speaker
from beanjar.web.sentences import SENTENCES
from beanjar.web.writing import read_wishes
from tests.web.catalogue import SOURCE, gather, paths, read
from tests.web.table import Table
from tests.web.test_site import Page

CODES = [code for code, _ in paths()]
FRENCH = Speaker(LANGUAGES["fr"])
SAME = {"%(number)s point", "Licence", "Licences", "Questions"}
"""What reads the same in both languages."""
PLACES = re.compile(r"%\(\w+\)s|%%|\{\w+\}|</?\w+>")
LETTER = re.compile(r"[^\W\d_]")
WORDY = re.compile(r"^[A-Z]|[a-z] [a-z]")
NAMES = re.compile(r"\bBeanjar\b|^/schema$")
"""What is called the same in every language."""
SPOKEN = {"alt", "aria-label", "data-why", "data-yes", "label", "placeholder", "title"}
"""Attributes that people read or hear."""
BREAKING = re.compile(r" [;:?!»]|« ")
TEMPLATES = sorted(SOURCE.rglob("templates/*.*"))


def forms(said: object) -> list[str]:
    """Return the forms of a message, one or one for each plural."""
    return [str(each) for each in said] if isinstance(said, list | tuple) else [str(said)]


def messages(catalogue: Catalog) -> dict[str, Message]:
    return {forms(each.id)[0]: each for each in catalogue if each.id}


@pytest.fixture(params=CODES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    code, path = next(each for each in paths() if each[0] == request.param)
    return read(code, path)


def test_nothing_that_pages_say_is_missing_or_left_over(catalogue: Catalog) -> None:
    known, said = messages(catalogue), messages(gather())
    assert set(known) == set(said), "Run make words, and write what is missing."
    assert not [name for name, each in known.items() if not all(forms(each.string))]
    assert not [name for name, each in known.items() if each.fuzzy]


def test_what_is_filled_into_a_sentence_is_the_same_in_every_language(catalogue: Catalog) -> None:
    for each in messages(catalogue).values():
        wanted = sorted(PLACES.findall(forms(each.id)[-1]))
        assert all(sorted(PLACES.findall(form)) == wanted for form in forms(each.string)), each.id


def test_nothing_was_left_in_english(catalogue: Catalog) -> None:
    known = messages(catalogue)
    assert {name for name, each in known.items() if name in forms(each.string)} == SAME


def test_french_signs_never_begin_a_line() -> None:
    breaking = [
        form
        for code, path in paths()
        if code == "fr"
        for each in messages(read(code, path)).values()
        for form in forms(each.string)
        if BREAKING.search(form)
    ]
    assert not breaking, "Put a no-break space there."


def test_what_a_tool_is_called_is_said_on_a_page_of_its_own() -> None:
    assert {tool.title for tool in TOOLS} <= set(messages(gather()))


def test_what_was_compiled_is_what_is_written(catalogue: Catalog) -> None:
    speaker = Speaker(LANGUAGES[str(catalogue.locale)])
    for name, each in messages(catalogue).items():
        if isinstance(each.string, str):
            assert speaker.catalogue.gettext(name) == each.string, "Run make words."


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_text_of_a_template_can_be_said_in_another_language(path: Path) -> None:
    environment = Environment(trim_blocks=True, autoescape=True, extensions=["jinja2.ext.i18n"])
    tree = environment.parse(path.read_text(encoding="utf-8"))
    spelled = (spell(each) for output in tree.find_all(nodes.Output) for each in output.nodes)
    reader = Reader("".join(spelled))
    assert not [text for text in reader.texts if LETTER.search(NAMES.sub("", text))]
    assert not [words for words in handed_on(tree) if WORDY.search(words)]


def spell(node: nodes.Node) -> str:
    """Return what a part of a template writes by itself, with 0 for what is worked out."""
    match node:
        case nodes.TemplateData():
            return node.data
        case nodes.Const():
            return str(node.value)
        case nodes.CondExpr() | nodes.Or() | nodes.Concat():
            return " ".join(spell(each) for each in node.iter_child_nodes(exclude=["test"]))
        case _:
            return "0"


def handed_on(tree: nodes.Template) -> Iterator[str]:
    """Yield the words that macros are handed, but for those that are said in any language."""
    for call in tree.find_all(nodes.Call):
        says = isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext", "ngettext"}
        given = [] if says else [*call.args, *(each.value for each in call.kwargs)]
        words = [each.value for each in given if isinstance(each, nodes.Const)]
        yield from (each for each in words if isinstance(each, str))


class Reader(HTMLParser):
    """Everything in a page that is read or heard; codes are the same in every language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._codes = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._codes += tag == "code"
        self.texts += [value for name, value in attrs if value and name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self._codes -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self._codes:
            self.texts.append(data.strip())


def test_a_text_that_is_not_wrapped_is_found() -> None:
    source = '<p title="{{ x }}">{{ "one" if x else _("two") }}<b>three</b></p><i alt="four">5</i>'
    tree = Environment(autoescape=True).parse(source + "{{ tell('All of it', _('Six')) }}")
    spelled = (spell(each) for output in tree.find_all(nodes.Output) for each in output.nodes)
    texts = Reader("".join(spelled)).texts
    assert [text for text in texts if LETTER.search(text)] == ["one 0", "three", "four"]
    assert list(handed_on(tree)) == ["All of it"]


def test_every_sentence_that_pages_know_again_is_made_somewhere() -> None:
    made = [pattern for path in SOURCE.rglob("*.py") for pattern in sentences_in(path)]
    for sentence in SENTENCES:
        filled = re.sub(r"%\(\w+\)s", "7", sentence).replace("%%", "%")
        assert any(each.fullmatch(filled) for each in made), sentence


def sentences_in(path: Path) -> Iterator[re.Pattern[str]]:
    """Yield what matches each text of a module that is longer than a word or two."""
    if path.name == "sentences.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr | ast.Constant):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            words = [p.value if isinstance(p, ast.Constant) else None for p in parts]
            if sum(len(word) for word in words if isinstance(word, str)) >= len("someone ()"):
                spelled = (re.escape(w) if isinstance(w, str) else ".+" for w in words)
                yield re.compile("".join(spelled), re.DOTALL)


def test_a_page_is_in_the_language_that_the_browser_wishes_for(table: Table) -> None:
    for wishes, language, title in [
        ("", "en", "Welcome"),
        ("fr", "fr", "Bienvenue"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr", "Bienvenue"),
        ("de, en;q=0.5, fr;q=0.7", "fr", "Bienvenue"),
        ("de, fr;q=0", "en", "Welcome"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en", "Welcome"),
    ]:
        answer = table.read("/", {"accept-language": wishes})
        page = Page(answer.text)
        assert (page.values("html", "lang"), page.text("h1")) == ([language], title), wishes
        assert answer.headers["content-language"] == language
        assert "accept-language" in answer.headers["vary"]
        assert "cookie" in answer.headers["vary"]


def test_a_language_that_was_chosen_once_is_kept(table: Table) -> None:
    english = {"accept-language": "en"}
    page = Page(table.read("/s/SPACE/people", english).text)
    [other] = [link for link in page.values("a", "href") if link.startswith("?")]
    chosen = table.read("/s/SPACE/people" + other, english)
    assert Page(chosen.text).values("html", "lang") == ["fr"]
    assert chosen.url.path == f"/s/{table.name}/people"
    assert not chosen.url.query
    [led] = chosen.history
    assert "samesite=lax" in led.headers["set-cookie"].lower()
    again = table.read("/s/SPACE", english)
    assert Page(again.text).values("html", "lang") == ["fr"]
    assert "set-cookie" not in again.headers
    assert Page(table.read("/s/SPACE?language=en", english).text).values("html", "lang") == ["en"]
    assert Page(table.read("/s/SPACE", english).text).values("html", "lang") == ["en"]


def test_a_language_that_there_is_not_changes_nothing(table: Table) -> None:
    answer = table.read("/?language=xx", {"accept-language": "fr"})
    assert Page(answer.text).values("html", "lang") == ["fr"]
    assert "set-cookie" not in answer.headers


def test_the_other_language_is_one_tap_away_on_every_page(table: Table) -> None:
    opened = table.ask("Soup?")
    for path in ("/", "/s/SPACE", "/s/SPACE/hands", "/s/SPACE/hands/ask", "/nothing", "/s/0"):
        for code, other in (("en", "Français"), ("fr", "English")):
            page = table.read(path, {"accept-language": code}).text
            assert f'hreflang="{ {"en": "fr", "fr": "en"}[code] }"' in page
            assert f">{other}</a>" in page
    page = table.read(f"/s/SPACE/hands/{opened}?x=1&y=a%26b", {"accept-language": "en"}).text
    assert 'href="?x=1&amp;y=a%26b&amp;language=fr"' in page
    chosen = table.read(f"/s/SPACE/hands/{opened}?x=1&y=a%26b&language=fr")
    assert chosen.url.query == b"x=1&y=a%26b"
    assert Page(chosen.text).text("h1") == "Soup?"


def test_choosing_a_language_leads_to_no_other_host(table: Table) -> None:
    chosen = table.client.get("//elsewhere.example/?language=fr", follow_redirects=False)
    assert (chosen.status_code, chosen.headers["location"]) == (303, "./")
    chosen = table.client.get("//elsewhere.example?language=fr", follow_redirects=False)
    assert chosen.url.join(chosen.headers["location"]).host == table.client.base_url.host


def test_data_is_the_same_in_every_language(table: Table) -> None:
    table.ask("Soup?")
    for path in ("/.json", "/s/SPACE.json", "/s/SPACE/people.json", "/s/SPACE/hands.json"):
        said = [table.read(path, {"accept-language": each}).content for each in ("en", "fr")]
        assert said[0] == said[1]


def test_dates_and_plurals_follow_the_language_of_a_page(table: Table, ben: Person) -> None:
    opened = table.ask("Soupe ?")
    french = {"accept-language": "fr"}
    page = table.read("/s/SPACE", french).text
    assert '<time datetime="2027-01-15T09:00:00Z">15 janvier 2027 à 9\u00a0h UTC</time>' in page
    assert "0 réponse<" in page
    assert "1 personne " in page
    table.raise_hands(opened, [ben])
    assert "1 réponse<" in table.read("/s/SPACE", french).text
    table.say(ben.device, Profile("Ben"))
    assert "2 personnes " in table.read("/s/SPACE", french).text
    table.say(ben.device, Leave())
    assert "1 personne est partie." in table.read("/s/SPACE/people", french).text


def test_days_hours_numbers_and_lists_are_written_as_people_do() -> None:
    time, number = make_filters(FRENCH)["time"], FRENCH.number
    assert ">1er janvier 1970 à 0\u00a0h\u00a030 UTC<" in time(30 * 60_000)
    assert ">2 janvier 1970 à 0\u00a0h UTC<" in time(24 * 3_600_000)
    assert "décembre 9999" in time(INTEGER)
    assert number("1287.50") == "1\u202f287,50"
    assert number(-INTEGER) == "\N{MINUS SIGN}9\u202f007\u202f199\u202f254\u202f740\u202f991"
    assert number("12345678901234567890123456789012.345") == (
        "12\u202f345\u202f678\u202f901\u202f234\u202f567\u202f890\u202f123\u202f456\u202f789"
        "\u202f012,345"
    )
    assert FRENCH.join(["Ada", "Ben", "Cal"]) == "Ada, Ben et Cal"
    assert ENGLISH.join(["Ada", "Ben", "Cal"]) == "Ada, Ben and Cal"


def test_plurals_are_those_of_the_language() -> None:
    for speaker, none, one, many in [
        (ENGLISH, "0 answers", "1 answer", "2,000 answers"),
        (FRENCH, "0 réponse", "1 réponse", "2\u202f000 réponses"),
    ]:
        said = [speaker.count("%(num)s answer", "%(num)s answers", n) for n in (0, 1, 2_000)]
        assert said == [none, one, many]


def test_what_was_refused_is_told_in_the_language_of_the_page(table: Table) -> None:
    french = {"accept-language": "fr"}
    page = table.read("/s/" + "01" * 32, french).text
    assert "Ce nœud ne porte pas cet espace." in page
    assert "ce qu’est «\u00a0nothing\u00a0»" in table.read("/s/SPACE/nothing", french).text
    data = table.read("/s/" + "01" * 32 + ".json", french).json()
    assert data == {"error": "Ce nœud ne porte pas cet espace."}
    told = make_filters(FRENCH)["told"]
    assert told("Nobody <b>knows</b> this.") == (
        '<span lang="en">Nobody &lt;b&gt;knows&lt;/b&gt; this.</span>'
    )


def test_programs_that_wish_for_no_language_are_told_in_english(table: Table) -> None:
    headers = {"accept-language": ""}
    answer = table.read("/s/" + "01" * 32 + ".json", headers)
    assert answer.json() == {"error": "This node does not carry that space."}


def test_wishes_that_make_no_sense_are_passed_over() -> None:
    assert read_wishes("fr;q=x, *, ;;, en;q=0.1, \N{SNOWMAN}, fr;q=2") == ["en"]
    assert read_wishes("") == []


def test_what_people_wrote_runs_in_its_own_direction(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("בן", "אני מביא לחם."))
    opened = table.ask("מרק?")
    table.raise_hands(opened, [ben])
    people = table.read("/s/SPACE/people").text
    assert "<bdi>בן</bdi>" in people
    assert '<p dir="auto">אני מביא לחם.</p>' in people
    space = table.read("/s/SPACE").text
    assert re.search(r'<a href="[^"]*" dir="auto">מרק\?</a>', space)
    assert '<p class="lead" dir="auto">To eat together.</p>' in space
    assert "<bdi>בן</bdi>" in table.read(f"/s/SPACE/hands/{opened}").text
