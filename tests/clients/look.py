"""Looks at a repo without downloading it: names by pattern, sizes, the tensors of its weights.
usage: look.py REPO PATTERN PATH     prints the names that match, the size of PATH, how many tensors and numbers there are"""
import sys

import huggingface_hub

repo, pattern, path = sys.argv[1:]
files = huggingface_hub.HfFileSystem()
print(*sorted(name.removeprefix(repo + "/") for name in files.glob(f"{repo}/{pattern}")))
print(files.info(f"{repo}/{path}")["size"], files.exists(f"{repo}/no-such-file"))
weights = huggingface_hub.get_safetensors_metadata(repo)
print(len(weights.weight_map), sum(weights.parameter_count.values()))
