"""Nodes as a keeper starts them: `beanjar up` in a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 30
# Unbuffered, so that what follows the first line is not lost between two ways of reading.
PIPES: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0}
UP = [sys.executable, "-m", "beanjar", "up", "--alone", "--port", "0"]


@contextmanager
def started(folder: Path, *words: str) -> Iterator[Any]:
    """Run a node on a folder; give what it says of itself, as JSON."""
    command = [*UP, "--data", str(folder), *words, "--json"]
    with subprocess.Popen(command, **PIPES) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            yield json.loads(said)
        finally:
            _stop(process)


def say_hello(folder: Path, *words: str) -> tuple[str, str]:
    """Start a node, stop it, and return what its keeper read: the greeting, and what went wrong."""
    command = [*UP, "--data", str(folder), *words]
    with subprocess.Popen(command, **PIPES) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        more, wrong = _stop(process)
        assert process.returncode == 0, wrong
        return (said + more).decode(), wrong.decode()


def stop_while_followed(folder: Path, by: signal.Signals) -> tuple[int, str]:
    """Start a node, stop it while a page follows it; return how it ended, and what went wrong."""
    command = [*UP, "--data", str(folder), "--json"]
    with subprocess.Popen(command, **PIPES) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with httpx.stream("GET", f"{url}/api/events", timeout=PATIENCE) as page:
            told = page.iter_lines()
            assert next(told).startswith(":")
            _, wrong = _stop(process, by)
            assert not any(told)
        return process.returncode, wrong.decode()


def _stop(
    process: "subprocess.Popen[bytes]", by: signal.Signals = signal.SIGINT
) -> tuple[bytes, bytes]:
    process.send_signal(by)
    try:
        return process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
