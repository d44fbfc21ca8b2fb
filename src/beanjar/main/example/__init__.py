"""The example: a space of made-up people with real keys, made for whoever wants to look around."""
