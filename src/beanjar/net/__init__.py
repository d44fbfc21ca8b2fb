"""How bytes travel between nodes: links over iroh, or in memory."""
