"""Makes a cache directory as huggingface_hub lays it out: many repos, many files, none with bytes worth hashing."""

import json
import pathlib
import random


def hexes(rng, digits):
    return f"{rng.getrandbits(4 * digits):0{digits}x}"


def names(count):
    """Of a model as they come: weights in pieces, a few texts, some of it in folders."""
    for at in range(count):
        yield ("config.json", f"model-{at:05}.safetensors", f"onnx/model_{at}.onnx", f"1_Pooling/deep/{at}.json")[
            0 if at == 0 else 1 + at % 3]


def repo(hub, rng, number, files):
    """One model; every tenth has a second snapshot that shares all blobs but one, every fifth has a ref of a pull request
    and every second one no listing, as older libraries leave it."""
    folder = hub / f"models--org{number % 40}--model-{number}"
    for part in ("blobs", "snapshots", "refs"):
        (folder / part).mkdir(parents=True)
    blobs = {}
    for name in names(files):
        blob = hexes(rng, 64 if name.endswith((".safetensors", ".onnx")) else 40)
        with open(folder / "blobs" / blob, "wb") as out:
            out.truncate(rng.randrange(1, 1 << 30) if len(blob) == 64 else rng.randrange(1, 9000))
        blobs[name] = blob
    commit = hexes(rng, 40)
    snapshot(folder, commit, blobs)
    (folder / "refs" / "main").write_text(commit)
    if number % 10 == 0:
        old = hexes(rng, 40)
        snapshot(folder, old, {name: blob for name, blob in blobs.items() if name != "config.json"})
    if number % 5 == 0:
        (folder / "refs" / "refs" / "pr").mkdir(parents=True)
        (folder / "refs" / "refs" / "pr" / "1").write_text(commit)
    if number % 2 == 0:
        listing(folder, commit, blobs)


def snapshot(folder, commit, blobs):
    root = folder / "snapshots" / commit
    for name, blob in blobs.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to("../" * (name.count("/") + 2) + "blobs/" + blob)


def listing(folder, commit, blobs):
    files = {}
    for name in sorted(blobs):
        blob = blobs[name]
        size = (folder / "blobs" / blob).stat().st_size
        files[name] = {"size": size, "blob_id": blob[:40]}
        if len(blob) == 64:
            files[name] |= {"lfs_sha256": blob, "lfs_size": size}
    (folder / "trees").mkdir()
    (folder / "trees" / f"{commit}.json").write_text(json.dumps({"format_version": 1, "files": files}, indent=1))


def make(home, repos, files):
    """Below `home`, which must not exist: `repos` repos with `files` files in all."""
    rng = random.Random(1)
    hub = pathlib.Path(home) / "hub"
    for number in range(repos):
        repo(hub, rng, number, files // repos)
