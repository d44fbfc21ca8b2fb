"""At which addresses this node's neighbours see it, which it cannot know behind a translation."""

from collections import Counter

from beanjar.base.limits import ADDRESS_CHARACTERS, NODE_ADDRESSES, SEEN_AT
from beanjar.net.addresses import is_dialable
from beanjar.net.link import Endpoint


class Sightings:
    """Where a node is, by its own knowledge and its neighbours' word."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Begin with what the endpoint knows of itself."""
        self._endpoint = endpoint
        self._seen: dict[bytes, str] = {}

    def note(self, peer: bytes, address: str) -> None:
        """Take a neighbour's word."""
        if is_dialable(address):
            self._seen[peer] = address

    def forget(self, peer: bytes) -> None:
        """Let go of the word of a neighbour that has gone."""
        self._seen.pop(peer, None)

    def by(self, peer: bytes) -> str:
        """Return where a neighbour sees this node, "" if it has not said."""
        return self._seen.get(peer, "")

    def addresses(self) -> tuple[str, ...]:
        """Return where to dial this node: what it knows, then what several neighbours agree on.

        One alone could have strangers sent wherever it likes. What is too long to be told, as the
        address of a relay may be, is left out.
        """
        known = [each for each in self._endpoint.addresses() if len(each) <= ADDRESS_CHARACTERS]
        agreed = [each for each, many in Counter(self._seen.values()).items() if many >= SEEN_AT]
        return tuple(dict.fromkeys([*known, *sorted(agreed)]))[:NODE_ADDRESSES]
