"""Simulated networks, and the published results that they reproduce."""
