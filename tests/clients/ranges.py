"""Reads pieces of one file through HfFileSystem, as datasets and safetensors do.
usage: ranges.py REPO PATH OFFSET LENGTH ...     prints the SHA-256 of each piece"""
import hashlib
import sys

import huggingface_hub

repo, path, *numbers = sys.argv[1:]
with huggingface_hub.HfFileSystem().open(f"{repo}/{path}", "rb", block_size=4096) as file:
    for offset, length in zip(map(int, numbers[::2]), map(int, numbers[1::2])):
        file.seek(offset)
        print(hashlib.sha256(file.read(length)).hexdigest())
