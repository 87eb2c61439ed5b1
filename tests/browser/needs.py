"""What the browser tests need of the machine: a browser, and the checkers that npm installs."""

import os
import shutil
import subprocess
from functools import cache

from app.core.config import ROOT

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""Debian's first: the shell has no windows of its own to draw, which takes a third of the time."""

CHECKERS = ROOT / "tools" / "browser"
AXE = CHECKERS / "node_modules" / "axe-core" / "axe.min.js"


@cache
def chromium():
    """Return where the browser is: the one that CHROMIUM names, else one that is found, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def missing():
    """Return what is missing, by its name in Debian."""
    found = {NAMES[0]: chromium(), "nodejs": shutil.which("node"), "npm": shutil.which("npm")}
    return [name for name, path in found.items() if path is None]


def install():
    """Install the checkers where the lock file names others than are there."""
    told = subprocess.run(
        ["sh", CHECKERS / "install.sh"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, f"npm ci failed: {told.stdout}\n{told.stderr}"
