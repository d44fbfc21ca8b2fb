"""The demonstration: a crowd of real keys, several nodes, one sealed question."""
