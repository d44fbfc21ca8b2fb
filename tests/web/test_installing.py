"""What lets a browser keep the pages on a device."""

from tests.web.table import Table


def test_a_browser_is_told_how_to_install_the_pages(table: Table) -> None:
    answer = table.read("/manifest.webmanifest", {"accept-language": "fr"})
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["lang"], manifest["start_url"], manifest["display"]) == (
        "fr",
        "/",
        "standalone",
    )
    for icon in manifest["icons"]:
        assert table.read(icon["src"]).headers["content-type"] == icon["type"]


def test_the_worker_is_served_where_it_may_keep_every_page(table: Table) -> None:
    answer = table.read("/worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    source = table.read("/source.json").json()["files"]
    listed = next(each for each in source if each["name"] == "worker.js")
    assert table.read(listed["address"]).content == answer.content
