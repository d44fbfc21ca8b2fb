"""What a browser shows of a page while its node comes and goes."""

from tests.browser.modules import ask


def test_a_page_that_breaks_off_is_shown_as_it_was_kept_and_stays_kept() -> None:
    visits = [
        {"says": "All quiet."},
        {"says": "News!", "breaks": True},
        {"says": "More news!", "breaks": True},
        {"says": "Quiet again."},
    ]
    kept = "All quiet."
    assert ask("pages", visits) == [kept, kept, kept, "Quiet again."]
