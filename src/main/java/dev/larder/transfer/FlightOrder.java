package dev.larder.transfer;

import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.upstream.RemoteContent;
import java.util.function.Consumer;

/**
 * What a flight is to bring. {@code published} runs once on a thread of the flight when the blob is
 * durable, before the flight ends: rows, tree and refs are written there.
 */
public record FlightOrder(
    FlightKey key,
    Identity expected,
    long sizeBytes,
    RemoteContent content,
    Consumer<Digest> published) {}
