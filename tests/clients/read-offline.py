"""Reads a whole snapshot straight from a cache directory, as a program with HF_HUB_OFFLINE=1 does.
usage: read-offline.py REPO REVISION TYPE [PATTERN...]     prints "path size sha256" for each file, sorted"""
import hashlib
import os
import sys

import huggingface_hub

repo, revision, kind, *patterns = sys.argv[1:]
root = huggingface_hub.snapshot_download(repo, revision=revision, repo_type=kind, allow_patterns=patterns or None)
for folder, _, names in os.walk(root):
    for name in names:
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            data = file.read()
        print(os.path.relpath(path, root), len(data), hashlib.sha256(data).hexdigest(), sep="\t")
