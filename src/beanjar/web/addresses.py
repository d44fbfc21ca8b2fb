"""What the parts of an address mean."""

import re

from beanjar.web.refusals import NotHere

_ID = re.compile("[0-9a-f]{64}")


def read_id(text: str) -> bytes:
    """Return the 32 bytes of an id or key in an address, or raise `NotHere`."""
    if not _ID.fullmatch(text):
        raise NotHere(
            "This address is not whole: an id in it has 64 digits from 0 to 9 and a to f. Copy all "
            "of the link."
        )
    return bytes.fromhex(text)
