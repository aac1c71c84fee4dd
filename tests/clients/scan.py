"""Scans the cache directory that HF_HUB_CACHE or HF_HOME names.
usage: scan.py     prints the repos with their revisions and refs, then the warnings"""
import huggingface_hub

found = huggingface_hub.scan_cache_dir()
for repo in sorted(found.repos, key=str):
    revisions = sorted(f"{len(r.files)}:{','.join(sorted(r.refs))}" for r in repo.revisions)
    print(repo.repo_type, repo.repo_id, *revisions)
for warning in found.warnings:
    print("warning", warning)
