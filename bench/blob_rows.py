"""Makes a Larder's store with very many blobs: empty files under the names of digests, and a row in the catalog for each."""

import hashlib
import os
import pathlib
import sqlite3


def fill(home, count):
    """Into the root `home`, whose catalog a Larder has made: `count` blobs and their rows."""
    larder = pathlib.Path(home) / "larder"
    blobs = larder / "store" / "sha256"
    for shard in range(256):
        (blobs / f"{shard:02x}").mkdir(exist_ok=True)
    rows = []
    for number in range(count):
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        os.close(os.open(blobs / digest[:2] / digest, os.O_CREAT | os.O_WRONLY, 0o444))
        rows.append((digest, number + 1, 0, 1, 1, "ready"))
    with sqlite3.connect(larder / "catalog.db") as catalog:
        catalog.executemany(
            "INSERT INTO blob (digest, inode, size_bytes, modified_nanos, changed_nanos, state) VALUES (?, ?, ?, ?, ?, ?)", rows)
