"""Beanjar: a network of equal nodes on which a crowd thinks, decides and acts together."""

__version__ = "0.1.0"
