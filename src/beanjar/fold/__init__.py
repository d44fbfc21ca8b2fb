"""Folds: pure functions from a set of operations to a view, and the engine that keeps them warm."""
