"""Addresses on which nobody reads along: https, and whatever stays on this very machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_local(name: str) -> bool:
    """Return whether *name*, of a host or an address, is this very machine."""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def is_safe(address: str) -> bool:
    """Return whether nobody reads on the way to *address*: https, or this very machine."""
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        return False
    return bool(name) and (parts.scheme == "https" or (parts.scheme == "http" and is_local(name)))
