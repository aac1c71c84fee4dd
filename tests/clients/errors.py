"""Asks for what is not there, and expects the library's own errors, none of which may look like an outage.
usage: errors.py REPO     exit status 0 when each question raised its own error"""
import sys

import huggingface_hub
from huggingface_hub import errors

repo = sys.argv[1]
for want, question in (
    (errors.EntryNotFoundError, {"repo_id": repo, "filename": "no/such.file"}),
    (errors.RevisionNotFoundError, {"repo_id": repo, "filename": "README.md", "revision": "no-such-branch"}),
    (errors.RepositoryNotFoundError, {"repo_id": "no-such-org/no-such-repo", "filename": "README.md"}),
):
    try:
        raise SystemExit(f"no error for {question}: {huggingface_hub.hf_hub_download(**question)}")
    except want as got:
        if isinstance(got, errors.LocalEntryNotFoundError):
            raise SystemExit(f"looks like an outage: {got!r}")
        print(type(got).__name__)
