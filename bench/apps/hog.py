"""An app that holds HOG_MIB MiB of memory, touched, for the bench of a small memory cgroup."""
import os

from app import app  # noqa: F401  (the server asks this module for it)

HELD = bytearray(int(os.environ.get("HOG_MIB", "350")) << 20)
for page in range(0, len(HELD), 4096):
    HELD[page] = 1
