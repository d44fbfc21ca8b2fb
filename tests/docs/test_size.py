import ast
from pathlib import Path
from statistics import median

import pytest


@pytest.fixture(scope="module")
def modules(texts: dict[Path, str], top: Path) -> dict[Path, str]:
    source = top / "src"
    found = {
        path: t for path, t in texts.items() if path.suffix == ".py" and source in path.parents
    }
    assert found
    return found


@pytest.fixture(scope="module")
def functions(modules: dict[Path, str]) -> dict[str, int]:
    """The lines of every function, by place."""
    return {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, text in modules.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_module_is_under_300_lines(modules: dict[Path, str]) -> None:
    assert not {path: n for path, t in modules.items() if (n := len(t.splitlines())) >= 300}


def test_no_function_is_over_40_lines(functions: dict[str, int]) -> None:
    assert not {place: size for place, size in functions.items() if size > 40}


def test_half_of_the_functions_have_at_most_10_lines(functions: dict[str, int]) -> None:
    assert median(functions.values()) <= 10
