package dev.larder.upkeep;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When the store is hashed by night and how fast. {@code at}: empty for never. {@code rateBytes}: a
 * second, at most.
 */
public record ScrubSettings(Optional<LocalTime> at, ZoneId zone, long rateBytes) {}
