package dev.larder.testing;

import dev.larder.content.RepoId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The side of a {@link FakeHub} that git speaks to: git's own server program over a bare repo. */
final class HubGit {
  private static final List<String> RPC = List.of("git-upload-pack", "git-receive-pack");
  private static final List<String> REFS = List.of("info", "refs");

  private HubGit() {}

  /** {@code [datasets|spaces/][org/]name[.git]/info/refs} and the two remote calls. */
  static Optional<HubRoutes.Route> route(List<String> parts) {
    int words =
        switch (parts.getLast()) {
          case "refs" -> REFS.size();
          case "batch" -> FakeLfs.BATCH.size();
          default -> 1;
        };
    if (parts.size() <= words) {
      return Optional.empty();
    }
    List<String> rest = parts.subList(parts.size() - words, parts.size());
    if (!isGit(rest) && !rest.equals(FakeLfs.BATCH)) {
      return Optional.empty();
    }
    String name = String.join("/", parts.subList(0, parts.size() - words));
    RepoId repo = RepoId.parse(name.endsWith(".git") ? name.substring(0, name.length() - 4) : name);
    return Optional.of(new HubRoutes.Route(repo, rest, false));
  }

  static boolean isGit(List<String> rest) {
    return rest.equals(REFS) || (rest.size() == 1 && RPC.contains(rest.get(0)));
  }

  static HubReply answer(HubRequest request, Optional<Path> bare, List<String> rest) {
    if (bare.isEmpty()) {
      return HubRoutes.notFound();
    }
    try {
      return parsed(run(request, bare.get(), String.join("/", rest)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] run(HubRequest request, Path bare, String below) throws IOException {
    ProcessBuilder backend = new ProcessBuilder("git", "http-backend");
    Map<String, String> variables = backend.environment();
    variables.put("GIT_PROJECT_ROOT", bare.getParent().toString());
    variables.put("GIT_HTTP_EXPORT_ALL", "1");
    variables.put("PATH_INFO", "/" + bare.getFileName() + "/" + below);
    variables.put("REQUEST_METHOD", request.method());
    variables.put("QUERY_STRING", request.query());
    variables.put("CONTENT_TYPE", request.header("content-type").orElse(""));
    variables.put("CONTENT_LENGTH", Integer.toString(request.body().length));
    variables.put("HTTP_CONTENT_ENCODING", request.header("content-encoding").orElse(""));
    variables.put("GIT_PROTOCOL", request.header("git-protocol").orElse(""));
    Process process = backend.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var in = process.getOutputStream()) {
      in.write(request.body());
    }
    try (InputStream out = process.getInputStream()) {
      return out.readAllBytes();
    }
  }

  /** RFC 3875 §6: header lines, {@code Status} among them, an empty line, the body. */
  private static HubReply parsed(byte[] answer) throws IOException {
    InputStream in = new ByteArrayInputStream(answer);
    List<String[]> fields =
        Stream.iterate(line(in), line -> !line.isEmpty(), _ -> line(in))
            .map(line -> line.split(": ", 2))
            .toList();
    int status =
        fields.stream()
            .filter(field -> field[0].equals("Status"))
            .map(field -> Integer.valueOf(field[1].substring(0, 3)))
            .findFirst()
            .orElse(200);
    HubReply reply = new HubReply(status, FakeContent.of(in.readAllBytes()));
    fields.stream()
        .filter(field -> !field[0].equals("Status"))
        .forEach(field -> reply.with(field[0], field[1]));
    return reply;
  }

  private static String line(InputStream in) {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        line.write(c);
      }
      return line.toString(StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
