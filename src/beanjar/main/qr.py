"""Text as a square that a phone's camera reads, drawn in a terminal."""

from io import StringIO

import segno

QR_BYTES = 2_953
"""What the largest QR code holds (ISO/IEC 18004: version 40, level L)."""


def draw(text: str) -> str:
    """Return the text as a QR code. Raises `segno.DataOverflowError` over `QR_BYTES`."""
    drawn = StringIO()
    segno.make_qr(text).terminal(drawn, compact=True)
    return drawn.getvalue()
