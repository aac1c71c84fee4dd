package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import java.util.Optional;

/**
 * What a response says of a file. {@code validator} is the text between the quotes of its entity
 * tag. {@code lfs}: the identity is a SHA-256 that the hub names {@code X-Linked-Etag}.
 */
public record EntryHead(
    Commit commit,
    EntryPath path,
    Optional<Identity> identity,
    String validator,
    long sizeBytes,
    boolean lfs) {}
