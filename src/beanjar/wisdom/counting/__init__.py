"""How ballots are counted: pure functions of ballots, exact, with ties broken by a given lot."""
