"""In which language pages and data are, and how it writes dates, numbers and names."""

import re

from beanjar.base.limits import INTEGER
from beanjar.space.charter import Leave, Profile
from beanjar.testing.people import Person
from beanjar.web.filters import make_filters
from beanjar.web.language import ENGLISH, LANGUAGES, Speaker
from beanjar.web.writing import read_wishes
from tests.web.reading import Page
from tests.web.table import Table

FRENCH = Speaker(LANGUAGES["fr"])


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
