"""For tests: people who sign, a clock one holds in the hand, a space in memory."""
