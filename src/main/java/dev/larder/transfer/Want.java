package dev.larder.transfer;

import dev.larder.content.ByteRange;

/**
 * What one reader still needs. {@code position}: where it waits. {@code wholeFile}: it ends with
 * the file, so all of the file is needed to verify it.
 */
record Want(long position, ByteRange range, boolean wholeFile) {}
