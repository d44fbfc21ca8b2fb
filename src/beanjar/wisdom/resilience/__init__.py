"""What a network withstands: whom one loss cuts off, and what is left after many."""
