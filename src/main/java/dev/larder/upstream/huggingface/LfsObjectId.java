package dev.larder.upstream.huggingface;

import dev.larder.content.Digest;

/** A large file as an LFS pointer names it. */
public record LfsObjectId(Digest digest, long sizeBytes) {}
