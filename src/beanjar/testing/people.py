"""People for stories, who really sign: those of the laboratory."""

from beanjar.lab.people import Device, Person, make_key

__all__ = ["Device", "Person", "make_key"]
