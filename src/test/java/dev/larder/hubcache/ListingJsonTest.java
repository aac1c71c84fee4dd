package dev.larder.hubcache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.hubcache.HubTree.ListedFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListingJsonTest {
  private static final String ID = "b".repeat(40);
  private static final String SHA = "c".repeat(64);

  private static ListedFile plain(String path, long size) {
    return new ListedFile(new EntryPath(path), size, ID, Optional.empty());
  }

  private static ListedFile lfs(String path, long size) {
    return new ListedFile(new EntryPath(path), size, ID, Optional.of(new Digest(SHA)));
  }

  /** Text of Python 3.13: {@code json.dump(data, f, indent=1)}. */
  @Test
  void write_plainAndLargeFile_isPythonsText() {
    String text =
        """
        {
         "format_version": 1,
         "files": {
          "config.json": {
           "size": 519,
           "blob_id": "%s"
          },
          "model.safetensors": {
           "size": 5000000000,
           "blob_id": "%s",
           "lfs_sha256": "%s",
           "lfs_size": 5000000000
          }
         }
        }"""
            .formatted(ID, ID, SHA);

    byte[] written =
        ListingJson.write(
            List.of(lfs("model.safetensors", 5_000_000_000L), plain("config.json", 519)));

    assertThat(new String(written, US_ASCII)).isEqualTo(text);
  }

  @Test
  void write_emptyRepo_isPythonsText() {
    assertThat(new String(ListingJson.write(List.of()), US_ASCII))
        .isEqualTo("{\n \"format_version\": 1,\n \"files\": {}\n}");
  }

  @Test
  void write_oddNames_areEscapedAndOrderedAsPythonDoes() {
    String written =
        new String(
            ListingJson.write(
                List.of(plain("\uff21", 1), plain("\ud83d\ude00", 2), plain("é \"q\"", 3))),
            US_ASCII);

    assertThat(written.lines().filter(line -> line.startsWith("  \"")))
        .containsExactly(
            "  \"\\u00e9 \\\"q\\\"\": {", "  \"\\uff21\": {", "  \"\\ud83d\\ude00\": {");
  }

  @Test
  void read_whatWasWritten_isTheSame() {
    List<ListedFile> files =
        List.of(plain("a/b c.txt", 0), lfs("z.bin", 7), plain("\ud83d\ude00", 2));

    assertThat(ListingJson.read(ListingJson.write(files))).contains(ListingJson.sorted(files));
  }

  @Test
  void read_fieldsOfXet_arePassedOver() {
    String text =
        "{\"format_version\":1,\"files\":{\"m.bin\":{\"size\":7,\"blob_id\":\"%s\",\"lfs_sha256\":\"%s\",\"lfs_size\":7,\"xet_hash\":\"x\"}}}"
            .formatted(ID, SHA);

    assertThat(ListingJson.read(text.getBytes(UTF_8))).contains(List.of(lfs("m.bin", 7)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"format_version\":2,\"files\":{}}",
        "{\"format_version\":1}",
        "{\"format_version\":1,\"files\":[]}",
        "{\"format_version\":1,\"files\":{\"a\":{}}}",
        "{\"format_version\":1,\"files\":{\"a\":{\"size\":-1,\"blob_id\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"}}}",
        "{\"format_version\":1,\"files\":{\"../a\":{\"size\":1,\"blob_id\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"}}}",
        "{\"format_version\":1,\"files\":{\"a\":{\"size\":1,\"blob_id\":\"../../../../etc/passwd\"}}}"
      })
  void read_whatIsNoListing_isEmpty(String text) {
    assertThat(ListingJson.read(text.getBytes(UTF_8))).isEmpty();
  }
}
