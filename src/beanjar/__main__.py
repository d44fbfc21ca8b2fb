"""Lets `python -m beanjar` do what the command `beanjar` does."""

from beanjar.main.cli import main

main()
