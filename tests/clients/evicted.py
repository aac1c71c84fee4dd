"""Downloads and reads, in the cache directory that a running Larder evicts from.
usage: evicted.py WANTED ROUNDS
WANTED: a JSON file {repo: sha256 of its model.bin}. A file or its snapshot may be gone a moment after it was there; a file that can be opened has the right bytes to its end."""
import hashlib
import json
import random
import sys

import huggingface_hub

wanted = json.load(open(sys.argv[1]))
chance = random.Random(7)
gone = 0
for turn in range(int(sys.argv[2])):
    repo = chance.choice(sorted(wanted))
    try:
        file = huggingface_hub.hf_hub_download(repo, "model.bin")
        with open(file, "rb") as opened:
            found = hashlib.sha256(opened.read()).hexdigest()
    except FileNotFoundError:
        gone += 1
        continue
    if found != wanted[repo]:
        sys.exit(f"{file} hashes to {found}, not to {wanted[repo]}, turn {turn}")
print(huggingface_hub.__version__, "ended well, gone", gone)
