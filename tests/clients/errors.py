"""Asks for what is not there or not for this caller, and expects the library's own errors, none of which may look like an outage.
usage: errors.py REPO GATED DISABLED     exit status 0 when each question raised its own error"""
import sys

import huggingface_hub
from huggingface_hub import errors

repo, gated, disabled = sys.argv[1:]
file = huggingface_hub.hf_hub_download
for want, ask, question in (
    (errors.EntryNotFoundError, file, (repo, "no/such.file")),
    (errors.RevisionNotFoundError, lambda *names: file(*names, revision="no-such-branch"), (repo, "README.md")),
    (errors.RepositoryNotFoundError, file, ("no-such-org/no-such-repo", "README.md")),
    (errors.GatedRepoError, file, (gated, "README.md")),
    # The library takes this one for an outage when it is asked for a file, of the real hub as well.
    (errors.DisabledRepoError, huggingface_hub.model_info, (disabled,)),
):
    try:
        raise SystemExit(f"no error for {question}: {ask(*question)}")
    except want as got:
        if isinstance(got, errors.LocalEntryNotFoundError):
            raise SystemExit(f"looks like an outage: {got!r}")
        print(type(got).__name__)

# It remembers what a commit lacks: only an answer that names the commit lets it.
if huggingface_hub.try_to_load_from_cache(repo, "no/such.file") is not huggingface_hub._CACHED_NO_EXIST:
    raise SystemExit("the library did not note that the file is not there")
