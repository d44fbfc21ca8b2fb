"""What a person keeps on this machine: who they are, this device's key, and what it has said.

person.json              who is at home here, and which device this is
seed                     the person's 32 secret bytes, until they are forgotten here
devices/KEY/key          a device's 32 secret bytes; devices that were given up stay
devices/KEY/spaces/...   its own logs, see `beanjar.client.ownlog`

A folder that was copied is noticed by `beanjar.client.speaking`, before the copy can do harm.
"""

import secrets
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import SIZE, Hex
from beanjar.base.places import home_folder
from beanjar.client.ownlog import START_ANEW, Damaged, OwnLog, read_json
from beanjar.node.disk import locked, make_folder, sync_folder, write_safely
from beanjar.ops.signing import SigningKey


class Nobody(BeanjarError):
    """Nobody has said yet who they are on this machine."""


class AlreadySomebody(BeanjarError):
    """Somebody is at home here already."""


class SeedGone(BeanjarError):
    """The person's words are needed, and they are not on this machine."""


class Me(Struct, frozen=True):
    """Who is at home here: the keys of the person and of this device, in hex."""

    person: Hex
    name: str
    device: Hex


class Home:
    """One person's folder."""

    def __init__(self, path: Path | None = None) -> None:
        """Look at the folder, or at the usual one; nothing is made before `settle`."""
        self.path = path or home_folder()

    @property
    def is_empty(self) -> bool:
        """Whether nobody has settled here yet."""
        return not (self.path / "person.json").exists()

    @cached_property
    def me(self) -> Me:
        """Who is at home here. Raises `Nobody` or `Damaged`."""
        self._insist_on_somebody()
        return read_json(self.path / "person.json", Me)

    @cached_property
    def device(self) -> SigningKey:
        """This device's key. Raises `Nobody` or `Damaged`."""
        return _read_key(self._device_folder / "key")

    @property
    def knows_words(self) -> bool:
        """Whether the person's secret is on this machine."""
        return (self.path / "seed").exists()

    @property
    def person(self) -> SigningKey:
        """The person's key. Raises `Nobody`, `SeedGone` or `Damaged`."""
        self._insist_on_somebody()
        if not self.knows_words:
            raise SeedGone(
                "This needs your 24 words, which are not on this machine any more. Bring them "
                "back with: beanjar me restore."
            )
        return _read_key(self.path / "seed")

    def is_of(self, seed: bytes) -> bool:
        """Say whether this is the secret of the person who is at home here."""
        return SigningKey(seed).public.hex() == self.me.person

    def settle(self, name: str, seed: bytes) -> Me:
        """Let a person with this secret (32 bytes) be at home here, with a new device.

        A device that was used here before stays in its folder, and is never gone on with.
        """
        person, device = SigningKey(seed), SigningKey(secrets.token_bytes(SIZE))
        me = Me(person.public.hex(), name, device.public.hex())
        folder = make_folder(self._folder_of(me))
        write_safely(folder / "key", device.seed)
        sync_folder(folder.parent)
        self.keep_seed(seed)
        self._write(me)
        return me

    def rename(self, name: str) -> None:
        """Call whoever is at home here by another name."""
        self._write(msgspec.structs.replace(self.me, name=name))

    def keep_seed(self, seed: bytes) -> None:
        """Keep the person's secret (32 bytes) on this machine."""
        write_safely(make_folder(self.path) / "seed", seed)

    def forget_seed(self) -> None:
        """Remove the person's secret from this machine."""
        (self.path / "seed").unlink(missing_ok=True)
        sync_folder(self.path)

    def lock(self) -> AbstractContextManager[None]:
        """Keep every other program of this person waiting: two at once could fork a log."""
        return locked(make_folder(self.path) / "lock")

    def log(self, space: bytes) -> OwnLog:
        """Return this device's own log in a space (its id, 32 bytes)."""
        return OwnLog(self._device_folder / "spaces" / space.hex(), space)

    def logs(self) -> list[OwnLog]:
        """Return this device's logs in all spaces in which it has said something."""
        folder = self._device_folder / "spaces"
        names = sorted(each.name for each in folder.iterdir()) if folder.exists() else []
        logs = [self.log(bytes.fromhex(name)) for name in names]
        return [log for log in logs if len(log)]

    def _insist_on_somebody(self) -> None:
        if self.is_empty:
            raise Nobody(
                "This machine does not know you yet. Say who you are: beanjar me new NAME. Or come "
                "back with your 24 words: beanjar me restore."
            )

    def _write(self, me: Me) -> None:
        write_safely(self.path / "person.json", msgspec.json.encode(me))
        for known in ("me", "device"):
            vars(self).pop(known, None)

    @property
    def _device_folder(self) -> Path:
        return self._folder_of(self.me)

    def _folder_of(self, me: Me) -> Path:
        return self.path / "devices" / me.device


def _read_key(path: Path) -> SigningKey:
    seed = path.read_bytes()
    if len(seed) != SIZE:
        raise Damaged(f"The file {path} is damaged: it has not {SIZE} bytes. {START_ANEW}")
    return SigningKey(seed)
