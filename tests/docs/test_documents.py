import re
from collections.abc import Iterator
from pathlib import Path

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(\s*<?([^)>\s]+)|^\[[^\]]+\]:\s*<?([^>\s]+)", re.MULTILINE)
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)
ROOM = re.compile(r"^  (\w+)/", re.MULTILINE)
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
MAKE = re.compile(r"\bmake +([a-z]+)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def links(text: str) -> Iterator[str]:
    for inline, reference in LINK.findall(FENCED.sub("", text)):
        target = inline or reference
        if not ABSOLUTE.match(target):
            yield target.partition("#")[0]


def test_every_link_between_documents_leads_to_a_file(texts: dict[Path, str]) -> None:
    documents = {path: text for path, text in texts.items() if path.suffix == ".md"}
    assert documents
    broken = [
        f"{path}: {target}"
        for path, text in documents.items()
        for target in links(text)
        if not (path.parent / target).exists()
    ]
    assert not broken


def test_the_map_names_the_rooms_that_there_are(top: Path) -> None:
    text = (top / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    tree = next(block for block in FENCED.findall(text) if "src/beanjar/\n" in block)
    _, _, rooms = tree.partition("src/beanjar/\n")
    packages = {path.parent.name for path in (top / "src/beanjar").glob("*/__init__.py")}
    assert set(ROOM.findall(rooms)) == packages


def test_the_readme_names_only_make_targets_that_there_are(top: Path) -> None:
    readme = (top / "README.md").read_text(encoding="utf-8")
    named = {name for code in CODE.findall(readme) for name in MAKE.findall(code)}
    assert named
    assert named <= set(TARGET.findall((top / "Makefile").read_text(encoding="utf-8")))


def test_no_file_names_the_host_of_a_package_registry(texts: dict[Path, str]) -> None:
    hosts = [
        ".".join(parts)
        for parts in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("deb", "debian", "org"),
        ]
    ]
    naming = [f"{path}: {host}" for path, text in texts.items() for host in hosts if host in text]
    assert not naming
