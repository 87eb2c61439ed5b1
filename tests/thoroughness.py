"""How much of a test run is done: all of it in CI, a share of what takes long elsewhere."""

import os
from zlib import crc32

EVERYTHING = bool(os.environ.get("THOROUGH"))
"""Whether nothing is left out, and each test runs on both databases; `make test-all` sets it."""

THOROUGH = bool(os.environ.get("CI")) or EVERYTHING
"""Whether also what takes long is tried."""


def in_share(*named: str, of: int = 4) -> bool:
    """Return whether what is *named* is among the one in *of* that a quick run tries.

    It depends on the name alone, so that both databases and every worker try the same.
    """
    return THOROUGH or in_part(*named, of=of)


def in_part(*named: str, of: int = 4) -> bool:
    """Return whether what is *named* is among the one in *of* that is enough in CI as well.

    That holds for what says the same again as what is tried in full.
    """
    return EVERYTHING or crc32("\0".join(named).encode()) % of == 0
