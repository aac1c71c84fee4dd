"""Downloads one file and says whether the library could have used Xet.
usage: xet.py REPO PATH     prints yes or no, then the SHA-256 of the file"""
import hashlib
import importlib.util
import sys

import huggingface_hub

print("yes" if importlib.util.find_spec("hf_xet") else "no")
with open(huggingface_hub.hf_hub_download(*sys.argv[1:]), "rb") as file:
    print(hashlib.file_digest(file, "sha256").hexdigest())
