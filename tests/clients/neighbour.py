"""One of many programs that use one cache directory at once.
usage: neighbour.py REPO ROUNDS SEED WANTED [no-locks]
WANTED: a JSON file {revision: {path: sha256}}. Ends with 1 and says why when a file that huggingface_hub gave is not what it should be.
no-locks: flock(2) pretends to work, as it does on some network file systems."""
import hashlib
import json
import random
import sys

repo, rounds, seed, wanted, *more = sys.argv[1:]
if "no-locks" in more:
    import fcntl

    fcntl.flock = lambda *_: None

import huggingface_hub

wanted = json.load(open(wanted))
chance = random.Random(int(seed))


def check(path, sha256, how):
    with open(path, "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != sha256:
        sys.exit(f"{path} hashes to {found}, not to {sha256}, after {how}")


for turn in range(int(rounds)):
    revision = chance.choice(sorted(wanted))
    files = wanted[revision]
    force = chance.random() < 0.5
    if chance.random() < 0.4:
        # Always without force: two programs that replace each other's snapshot know nothing of the rest.
        root = huggingface_hub.snapshot_download(repo, revision=revision, max_workers=4)
        for path, sha256 in files.items():
            check(f"{root}/{path}", sha256, f"snapshot of {revision}, turn {turn}")
    else:
        path = chance.choice(sorted(files))
        file = huggingface_hub.hf_hub_download(repo, path, revision=revision, force_download=force)
        check(file, files[path], f"{path} of {revision}, force {force}, turn {turn}")
print(huggingface_hub.__version__, "ended well")
