"""A laboratory: networks that are simulated, and the measures that others have published."""
