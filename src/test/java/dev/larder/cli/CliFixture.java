package dev.larder.cli;

import dev.larder.settings.SettingSources;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Runs command lines against a {@link FakeWorkshop} and keeps what they print. */
final class CliFixture {
  static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  final FakeWorkshop workshop = new FakeWorkshop();
  final Map<String, String> environment = new HashMap<>();
  boolean interactive;
  String typed = "";
  private ByteArrayOutputStream out = new ByteArrayOutputStream();
  private StringWriter err = new StringWriter();

  int run(String... arguments) {
    out = new ByteArrayOutputStream();
    err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new DataWriter(out),
            new PrintWriter(err, true),
            interactive,
            Optional.of(new BufferedReader(new StringReader(typed))));
    Path nowhere = Path.of("/nowhere");
    SettingSources surroundings =
        new SettingSources(Map.of(), environment, nowhere, Path.of("/home/ann"));
    return new Cli(workshop, terminal, surroundings, InstantSource.fixed(NOW)).run(arguments);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString();
  }
}
