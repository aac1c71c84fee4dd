package dev.larder.doctor;

import dev.larder.settings.SettingSources;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What surrounds a doctor. {@code root} is where {@code proc} and {@code .dockerenv} are looked
 * for: {@code /}, or what a test puts in its place.
 */
public record Machine(SettingSources sources, Path root, InstantSource clock, Servers servers) {}
