"""What browsers let a page do: nothing but speak to its own node, and to doors of its space."""

from collections.abc import Collection

POLICY = b"content-security-policy"
"""The header that says so."""
_POLICY = (
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)


def write_policy(doors: Collection[str] = ()) -> str:
    """Return what browsers let a page do: speak to nobody but its own node and these doors."""
    return "; ".join([*_POLICY, " ".join(["connect-src 'self'", *doors])])
