"""One module for each version, named by it. What is released is never edited."""
