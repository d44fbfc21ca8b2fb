"""The demonstration: a crowd of real keys, a real node, one sealed question."""
