"""What a page weighs on its way to a phone: all of it, compressed as it is sent."""

import re
from collections.abc import Iterator

from beanjar.testing.people import Person
from beanjar.web.sheets import ADDRESS
from tests.web.reading import check_page
from tests.web.table import Table

FIRST_VISIT, STYLE = 120_000, 15_000
AT_ONCE = re.compile(r"""^(?:import|export)\b[^;(]*?["'](\.[^"']+)["']""", re.MULTILINE)
ON_USE = re.compile(r"""\bimport\(\s*["'](\.[^"']+)["']""")
BROWSER = {"accept-encoding": "gzip, deflate, br, zstd"}


def weigh(table: Table, path: str) -> int:
    """How many bytes come, as they travel."""
    with table.client.stream("GET", path.replace("SPACE", table.name), headers=BROWSER) as answer:
        assert answer.status_code == 200, path
        return sum(len(chunk) for chunk in answer.iter_raw())


def reach(table: Table, path: str, named: re.Pattern[str]) -> set[str]:
    """The addresses of a module and of all that it names so, and they in their turn."""
    found, waiting = set(), [path]
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += set(name_others(table, each, named)) - found
    return found


def name_others(table: Table, path: str, named: re.Pattern[str]) -> Iterator[str]:
    folder = table.client.base_url.join(path)
    for name in named.findall(table.read(path).text):
        yield folder.join(name).path


def load(table: Table, path: str) -> set[str]:
    """The addresses of all that a browser fetches at once for a page."""
    page = check_page(table.read(path).text)
    again, program = page.values("script", "src")
    files = [each for each in page.values("link", "href") if each.startswith(ADDRESS)]
    return {*files, again, *reach(table, program, AT_ONCE)}


def test_a_first_visit_weighs_little(table: Table, ben: Person) -> None:
    for title in ("Soup?", "Cake?"):
        table.raise_hands(table.ask(title), [ben])
    files = load(table, "/s/SPACE")
    assert {f"{ADDRESS}/{name}" for name in ("beanjar.css", "jar.svg", "vendor/noble.js")} < files
    assert weigh(table, "/s/SPACE") + sum(weigh(table, each) for each in files) < FIRST_VISIT
    assert weigh(table, f"{ADDRESS}/beanjar.css") < STYLE


def test_what_few_pages_need_is_loaded_when_it_is_used(table: Table) -> None:
    at_once = load(table, "/s/SPACE")
    on_use: set[str] = set()
    waiting = set(at_once)
    while waiting:
        on_use |= waiting
        named = {name for each in waiting for name in name_others(table, each, ON_USE)}
        waiting = {found for name in named for found in reach(table, name, AT_ONCE)} - on_use
    for name in ("words", "qr"):
        assert f"{ADDRESS}/vendor/{name}.js" in on_use - at_once


def test_what_is_text_is_sent_compressed_to_whoever_reads_that(table: Table) -> None:
    for path in ("/", "/s/SPACE", "/schema", "/s/SPACE/feed.atom", f"{ADDRESS}/beanjar.css"):
        answer = table.read(path, BROWSER)
        assert answer.headers["content-encoding"] == "gzip", path
        assert "accept-encoding" in answer.headers["vary"].lower(), path
        assert weigh(table, path) < len(answer.content), path
        plain = table.read(path, {"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers, path
        assert plain.content == answer.content, path


def test_what_would_get_no_smaller_is_sent_as_it_is(table: Table) -> None:
    for path in ("/api/spaces/SPACE/export", "/api/spaces/SPACE/operations/SPACE"):
        assert "content-encoding" not in table.read(path, BROWSER).headers, path
