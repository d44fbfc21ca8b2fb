"""The node: joins store and, later, sync. The only room with a real clock and real chance."""
