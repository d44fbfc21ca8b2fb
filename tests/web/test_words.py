"""Whatever pages say can be said in every language, and is."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from jinja2 import Environment, nodes

from beanjar.main.tools import TOOLS
from beanjar.web.language import LANGUAGES, Speaker
from beanjar.web.sentences import SENTENCES
from tests.web.catalogue import SOURCE, gather, paths, read

CODES = [code for code, _ in paths()]
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
