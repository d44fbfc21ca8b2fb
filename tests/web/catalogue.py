"""What pages say, gathered from the sources, and the catalogues that hold it in other languages.

`python -m tests.web.catalogue` brings the catalogues up to date; `make words` also builds them.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import beanjar
from beanjar.web.language import CATALOGUES, DOMAIN, LANGUAGES, NATIVE
from beanjar.web.sentences import SENTENCES

SOURCE = Path(beanjar.__file__).parent
METHODS = [
    ("**/tests/**", "ignore"),
    ("**/templates/**", "jinja2"),
    ("web/**.py", "python"),
    ("tools/**.py", "python"),
    ("main/example/**.py", "python"),
]
KEYWORDS = {"_": None, "gettext": None, "say": None, "ngettext": (1, 2), "count": (1, 2)}
"""What says something: in templates the words of gettext, in Python those of a `Speaker`."""
OPTIONS = {"**/templates/**": {"silent": "false", "trimmed": "true"}}
HEADER = "# What pages say, in one language; “make words” gathers the English from the sources."


def gather() -> Catalog:
    """Return every sentence of the pages, with the files that it stands in."""
    catalogue = Catalog(header_comment=HEADER, project="Beanjar", charset="utf-8")
    for sentence in SENTENCES:
        catalogue.add(sentence, locations=[("web/sentences.py", 0)])
    for name, _, message, comments, _ in extract_from_dir(SOURCE, METHODS, OPTIONS, KEYWORDS):
        catalogue.add(message, locations=[(name, 0)], auto_comments=comments)
    return catalogue


def paths() -> Iterator[tuple[str, Path]]:
    """Yield each language that needs a catalogue, and where that is."""
    for code, language in LANGUAGES.items():
        if language is not NATIVE:
            yield code, CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(code: str, path: Path) -> Catalog:
    """Return a catalogue as it stands; an empty one if there is none yet."""
    if not path.exists():
        return Catalog(code, DOMAIN, HEADER, project="Beanjar", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, code, DOMAIN)


def update() -> None:
    """Bring every catalogue up to date: what is new is empty, what is gone is left out."""
    for code, path in paths():
        catalogue = read(code, path)
        catalogue.update(gather(), no_fuzzy_matching=True, update_creation_date=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, include_lineno=False, ignore_obsolete=True)


if __name__ == "__main__":
    update()
