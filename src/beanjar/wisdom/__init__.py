"""What a crowd's answers add up to: pure, exact mathematics on arrays of whole numbers."""
