"""Where a node keeps operations. `Store` is the way in; nothing else here is for other rooms."""

from beanjar.store.errors import (
    Damaged,
    DiskFailed,
    DiskFull,
    InUse,
    NotAStore,
    ReadOnly,
    StoreError,
    TooNew,
    Unknown,
)
from beanjar.store.store import Store
from beanjar.store.writer import Writer

__all__ = [
    "Damaged",
    "DiskFailed",
    "DiskFull",
    "InUse",
    "NotAStore",
    "ReadOnly",
    "Store",
    "StoreError",
    "TooNew",
    "Unknown",
    "Writer",
]
