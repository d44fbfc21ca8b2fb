"""Operations: what they are, how they are signed, chained, checked and written on the wire."""
