"""What somebody can look up who does not take pages on trust, or writes programs."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from beanjar import __version__
from beanjar.web.inventory import LICENCES, Source
from beanjar.web.sheets import ADDRESS, STATIC
from tests.web.reading import Page
from tests.web.table import Table

BUNDLES = Path(__file__).parents[2] / "src/beanjar/web/bundles"
PACKAGE = re.compile(r"""from "((?:@[^/"]+/)?[^/"]+)""")


def read_source(table: Table) -> Source:
    return msgspec.json.decode(table.read("/source.json").content, type=Source)


def test_every_file_that_pages_load_is_listed_as_it_is_served(table: Table) -> None:
    source = read_source(table)
    assert source.version == __version__
    files = {each.relative_to(STATIC).as_posix() for each in STATIC.rglob("*") if each.is_file()}
    assert {each.name for each in source.files} == files - {"vendor/licences.json"}
    assert {each.name for each in source.files} > {"beanjar.css", "page/page.js"}
    for each in source.files:
        content = table.read(each.address).content
        assert each.sha256 == sha256(content).hexdigest()
        assert each.size == len(content)


def test_all_that_a_page_loads_is_listed(table: Table) -> None:
    known = {each.address for each in read_source(table).files}
    page = Page(table.read("/s/SPACE").text)
    loaded = page.values("script", "src") + page.values("link", "href")[:2]
    assert len(loaded) > 2
    assert set(loaded) <= known


def test_what_scripts_import_is_listed(table: Table) -> None:
    known = {each.address for each in read_source(table).files}
    own = [each for each in read_source(table).files if each.address.endswith(".js")]
    imported = set()
    for each in own:
        folder = each.address.rpartition("/")[0]
        for name in re.findall(
            r"""(?:from|import)\s*["'](\.[^"']+)["']""", table.read(each.address).text
        ):
            imported.add(str(table.client.base_url.join(f"{folder}/").join(name).path))
    assert imported
    assert imported <= known


def test_what_others_wrote_is_marked_with_its_licence(table: Table) -> None:
    source = read_source(table)
    vendor = {each.name for each in source.files if each.vendor}
    assert vendor == {each.name for each in source.files if each.name.startswith("vendor/")}
    assert vendor
    named = msgspec.json.decode(LICENCES.read_bytes(), type=list[dict[str, Any]])
    assert [each.name for each in source.packages] == [each["name"] for each in named]
    page = table.read("/source").text
    for each in source.packages:
        assert each.version in page
        assert each.license in page
    for file in source.files:
        assert file.sha256 in page


def test_it_is_said_which_package_is_in_which_file(table: Table) -> None:
    source = read_source(table)
    inside = {(each.name, file) for each in source.packages for file in each.files}
    taken = {
        (found[1], f"vendor/{bundle.name}")
        for bundle in BUNDLES.glob("*.js")
        for found in PACKAGE.finditer(bundle.read_text(encoding="utf-8"))
    }
    assert taken
    assert taken <= inside
    assert {file for _, file in inside} == {each.name for each in source.files if each.vendor}
    rows = table.read("/source").text.split("<tr>")
    for name, file in inside:
        assert [row for row in rows if name in row and file in row], name


def test_the_page_says_how_to_compare_it_with_ones_own_copy(table: Table) -> None:
    assert "beanjar doctor page http://127.0.0.1:8000/" in table.read("/source").text


def test_the_texts_of_all_licences_can_be_read(table: Table) -> None:
    licences = table.read("/licences.json").json()
    assert licences["own"].startswith("MIT License")
    page = " ".join(Page(table.read("/licences").text).text("p").split())
    for text in (licences["own"], *(each["text"] for each in licences["packages"])):
        last = text.strip().split("\n\n")[-1]
        assert " ".join(last.split()) in page


def test_every_address_is_on_the_page_for_programs(table: Table, app: Litestar) -> None:
    page = table.read("/api.html").text.replace("<wbr>", "")
    assert Page(page).text("h1") == "For programs"
    shown = set(re.findall("<code>(?:GET |POST )?(/[^<]*)</code>", page))
    paths = {each.path_format for each in app.routes if isinstance(each, HTTPRoute)}
    besides = (ADDRESS, "/schema")
    inside = {path for path in paths if not path.startswith(besides) and not path.endswith(".json")}
    assert {"/api", "/s/{space}/feed.atom", "/source"} < inside
    assert shown == inside


def test_the_page_for_programs_says_what_each_address_takes_and_gives(table: Table) -> None:
    page = table.read("/api.html").text.replace("<wbr>", "")
    schema = table.read("/schema").json()
    rows = {
        row.partition("</code>")[0].rpartition("<code>")[2].split("<")[0]: " ".join(row.split())
        for row in page.split("<tr>")
    }
    assert '<td>bytes</td> <td><a href="#Receipt">Receipt</a>' in strip(rows["POST /api/spaces"])
    carry = strip(rows["POST /api/keeper/spaces"])
    assert '<td><a href="#Joining">Joining</a></td> <td><a href="#SpaceStanding">' in carry
    assert "<code>?space=</code>" in rows["GET /api/events"]
    assert "a stream of events" in rows["GET /api/events"]
    told = schema["paths"]["/api/events"]["get"]["responses"]["200"]
    assert list(told["content"]) == ["text/event-stream"]
    assert "number or nothing · may be left out" in " ".join(page.split())
    assert set(Page(page).values("table", "id")) == set(schema["components"]["schemas"])


def strip(text: str) -> str:
    return text.replace(" </td>", "</td>").replace("<td> ", "<td>")


def test_the_home_page_leads_to_all_of_it(table: Table) -> None:
    links = Page(table.read("/").text).values("a", "href")
    assert {"/source", "/licences", "/api.html"} <= set(links)


def test_pages_elsewhere_cannot_read_what_this_node_is_made_of(table: Table) -> None:
    for path in ("/source.json", "/licences.json", "/api.html"):
        answer = table.read(path, headers={"origin": "https://elsewhere.example"})
        assert "access-control-allow-origin" not in answer.headers
