package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.larder.provision.ProvisionException.ArchiveRefused;
import dev.larder.testing.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Archives that nobody who means well has made. Each is refused whole, and leaves nothing. */
class HostileArchivesTest extends ProvisionFixture {
  private static final byte[] MODEL = Bytes.of(1, 5_000);
  private static final String NAME = Bytes.digest(MODEL).hex();
  private static final String BLOB = FOLDER + "/blobs/" + NAME;
  private static final String SNAPSHOT = FOLDER + "/snapshots/" + COMMIT.hex() + "/";
  private static final String TARGET = "../../blobs/" + NAME;

  /** By what is wrong: the archive, and what its refusal has to name. */
  private final Map<String, Case> cases = new LinkedHashMap<>();

  private record Case(byte[] archive, String named) {}

  private static TarBytes sound() {
    return new TarBytes()
        .directory(FOLDER + "/")
        .file(BLOB, MODEL)
        .link(SNAPSHOT + "model.bin", TARGET)
        .file(FOLDER + "/refs/main", COMMIT.hex());
  }

  /** Something beside what is sound. */
  private void more(String what, String named, Consumer<TarBytes> wrong) {
    TarBytes tar = sound();
    wrong.accept(tar);
    cases.put(what, new Case(TarBytes.gzip(tar.end()), named));
  }

  private void whole(String what, String named, byte[] archive) {
    cases.put(what, new Case(archive, named));
  }

  @Test
  void soundArchive_isRestored() throws IOException {
    Site site = site("sound");
    Path file = Files.write(directory.resolve("a.tgz"), TarBytes.gzip(sound().end()));

    assertThat(site.restore(file).files()).isEqualTo(1);
    assertThat(snapshot(site.hub(), COMMIT).get("model.bin")).isEqualTo(MODEL);
  }

  @Test
  void soundArchive_underEveryTop_isRestored() throws IOException {
    for (String top : new String[] {"./", "hub/", "./hub/"}) {
      Site site = site("top" + top.length());
      TarBytes tar =
          new TarBytes()
              .directory(top)
              .file(top + "CACHEDIR.TAG", "Signature")
              .directory(top + ".locks/" + FOLDER + "/")
              .file(top + ".locks/" + FOLDER + "/" + NAME + ".lock", "")
              .file(top + FOLDER + "/.no_exist/" + COMMIT + "/a.json", "")
              .file(top + FOLDER + "/trees/" + COMMIT + ".json", "{}")
              .file(top + BLOB, MODEL)
              .link(top + SNAPSHOT + "model.bin", TARGET);
      Path file = Files.write(directory.resolve("a.tgz"), TarBytes.gzip(tar.end()));

      assertThat(site.restore(file).files()).as(top).isEqualTo(1);
      assertThat(snapshot(site.hub(), COMMIT).get("model.bin")).isEqualTo(MODEL);
    }
  }

  @TestFactory
  Stream<DynamicTest> hostileArchive_isRefusedWholeAndNamed() {
    names();
    kinds();
    links();
    contents();
    headers();
    extensions();
    ends();
    compression();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(60);
    return cases.entrySet().stream()
        .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> refused(each.getValue())));
  }

  private void refused(Case hostile) throws IOException {
    try (Site site = site("s" + Integer.toHexString(System.identityHashCode(hostile)))) {
      Path file = Files.write(directory.resolve("hostile"), hostile.archive());
      assertThatThrownBy(() -> site.restore(file))
          .isInstanceOf(ArchiveRefused.class)
          .hasMessageContaining("nothing of it was restored")
          .hasMessageContaining(hostile.named());
      site.assertEmpty();
      assertThat(files(directory.resolve("x"))).isEmpty();
    }
  }

  private void names() {
    more("up and out", "../evil", tar -> tar.file("../evil", "x"));
    more("out in the middle", "../../../evil", t -> t.file(FOLDER + "/../../../evil", "x"));
    more("absolute", "/etc/cron.d/x", tar -> tar.file("/etc/cron.d/x", "x"));
    more("absolute link", "/tmp/l", tar -> tar.link("/tmp/l", "/etc"));
    more("dot inside", "/./", tar -> tar.file(FOLDER + "/./blobs/x", "x"));
    more("empty part", "//", tar -> tar.file(FOLDER + "//blobs", "x"));
    more("backslash", "blobs\\x", tar -> tar.file(FOLDER + "\\blobs\\x", "x"));
    more("file at the top", "token", tar -> tar.file("token", "hf_secret"));
    more("directory at the top", "xet", tar -> tar.directory("xet/"));
    more("no repo's folder", "models--", tar -> tar.file("models--/refs/main", "x"));
    more("folder of an odd name", "models--o--r..", t -> t.directory("models--o--r../"));
    more("place that a repo has not", "hooks/x", tar -> tar.file(FOLDER + "/hooks/x", "x"));
    more("blob of no hash", "blobs/abc", tar -> tar.file(FOLDER + "/blobs/abc", "x"));
    more("half a download", ".incomplete", t -> t.file(BLOB + ".incomplete", "x"));
    more("blob in upper case", "blobs/A", t -> t.file(FOLDER + "/blobs/" + "A".repeat(64), "x"));
    more("blob in a directory", "/y", tar -> tar.file(BLOB + "x/y", "x"));
    more(
        "snapshot of no commit",
        "snapshots/main",
        t -> t.link(FOLDER + "/snapshots/main/a", TARGET));
    more("device's name", "aux", tar -> tar.link(SNAPSHOT + "aux.json", TARGET));
    more("ends in a dot", "a.", tar -> tar.link(SNAPSHOT + "a.", TARGET));
    more("direction mark", "\\u{202e}", tar -> tar.link(SNAPSHOT + "a\u202eb", TARGET));
    more("control character", "\\u{7}", tar -> tar.link(SNAPSHOT + "a\u0007", TARGET));
    more("twice", "there twice", tar -> tar.file(BLOB, MODEL));
    more("twice with a dot", "there twice", tar -> tar.file("./" + BLOB, MODEL));
    more("twice with hub", "there twice", tar -> tar.file("hub/" + BLOB, MODEL));
    more("same in another case", "upper and lower", t -> t.link(SNAPSHOT + "MODEL.bin", TARGET));
    more(
        "same by composition",
        "upper and lower",
        t -> t.link(SNAPSHOT + "e\u0301", TARGET).link(SNAPSHOT + "\u00e9", TARGET));
    more("file in a file", "no directory", t -> t.link(SNAPSHOT + "model.bin/x", "../" + TARGET));
    more("slash behind a file", "refs/v1/", tar -> tar.file(FOLDER + "/refs/v1/", COMMIT.hex()));
  }

  private void kinds() {
    more("hard link", "hard link", t -> t.entry(SNAPSHOT + "h", '1', new byte[0], BLOB, _ -> {}));
    more("hard link out", "hard link", t -> t.entry("h", '1', new byte[0], "/etc/passwd", _ -> {}));
    more("character device", "device", tar -> tar.kind('3', SNAPSHOT + "d"));
    more("block device", "device", tar -> tar.kind('4', SNAPSHOT + "d"));
    more("pipe", "pipe", tar -> tar.kind('6', SNAPSHOT + "p"));
    more("contiguous file", "unknown kind", tar -> tar.kind('7', SNAPSHOT + "p"));
    more("sparse file", "sparse", tar -> tar.kind('S', BLOB + "0"));
    more("volume label", "unknown kind", tar -> tar.kind('V', "label"));
    more("file of many volumes", "unknown kind", tar -> tar.kind('M', "label"));
    more("pipe among locks", "pipe", tar -> tar.kind('6', ".locks/p"));
    more("link among locks", "ordinary file", tar -> tar.link(".locks/p", "/etc"));
    more(
        "blob that is a link",
        "bytes themselves",
        t -> t.link(BLOB.replace(NAME, "0".repeat(64)), "x"));
    more("ref that is a link", "holds a commit", t -> t.link(FOLDER + "/refs/v1", "main"));
    more("blobs that are a link", "bytes themselves", t -> t.link("models--o--x/blobs", "/etc"));
    more("folder that is a link", "directory", tar -> tar.link("models--o--x", "/etc"));
    more(
        "snapshot that is a link",
        "directory of a commit",
        t -> t.link(FOLDER + "/snapshots/" + "2".repeat(40), "/etc"));
    more("file in a snapshot", "no link to a blob", t -> t.file(SNAPSHOT + "real.bin", MODEL));
  }

  private void links() {
    more("link out", "leads to", tar -> tar.link(SNAPSHOT + "a", "../../../../../etc/passwd"));
    more("absolute target", "leads to", tar -> tar.link(SNAPSHOT + "a", "/etc/passwd"));
    more(
        "to another repo",
        "leads to",
        t -> t.link(SNAPSHOT + "a", "../../../models--o--x/blobs/" + NAME));
    more("by a longer way", "leads to", t -> t.link(SNAPSHOT + "a", "../../refs/../blobs/" + NAME));
    more("too far up", "leads to", tar -> tar.link(SNAPSHOT + "a", "../" + TARGET));
    more(
        "to no blob there is",
        "not in the archive",
        t -> t.link(SNAPSHOT + "a", "../../blobs/" + "0".repeat(64)));
    more("empty target", "leads to", tar -> tar.link(SNAPSHOT + "a", ""));
  }

  private void contents() {
    more("wrong bytes", "bytes hash to", t -> t.file(FOLDER + "/blobs/" + "0".repeat(64), "x"));
    more("wrong git bytes", "bytes hash to", t -> t.file(FOLDER + "/blobs/" + "0".repeat(40), "x"));
    more("torn ref", "has 10 bytes", t -> t.file(FOLDER + "/refs/v1", "0123456789"));
    more("ref that is none", "holds no commit", t -> t.file(FOLDER + "/refs/v1", "g".repeat(40)));
    more("large lock", "has at most", t -> t.file(".locks/x", new byte[(1 << 20) + 1]));
    more("manifest of another", Place.MANIFEST, t -> t.file(Place.MANIFEST, "{}"));
    more("manifest that is none", Place.MANIFEST, t -> t.file(Place.MANIFEST, "\0"));
  }

  private void headers() {
    more(
        "wrong checksum",
        "checksum",
        t -> {
          byte[] header = TarBytes.header(SNAPSHOT + "a", '2', 0, TARGET, _ -> {});
          header[0] ^= 1;
          t.raw(header);
        });
    more(
        "old format",
        "no known tar format",
        t -> t.entry("a", '0', new byte[0], "", h -> Arrays.fill(h, 257, 265, (byte) 0)));
    more("no UTF-8", "no UTF-8", t -> t.entry("a", '0', new byte[0], "", h -> h[1] = (byte) 0xff));
    more(
        "name behind a name",
        "behind the end",
        t -> t.entry("a", '0', new byte[0], "", h -> h[50] = 'x'));
    more(
        "negative size",
        "size",
        t -> t.entry("a", '0', new byte[0], "", h -> Arrays.fill(h, 124, 136, (byte) 0xff)));
    more(
        "size of eight exbibytes",
        "size",
        t ->
            t.entry(
                "a",
                '0',
                new byte[0],
                "",
                h -> {
                  Arrays.fill(h, 124, 136, (byte) 0);
                  h[124] = (byte) 0x80;
                  h[127] = 1;
                }));
    more(
        "size that is none",
        "octal",
        t -> t.entry("a", '0', new byte[0], "", h -> TarBytes.put(h, 124, "9999")));
    more(
        "directory with bytes",
        "no file",
        t -> t.entry(".locks/", '5', new byte[600], "", _ -> {}));
    more(
        "bytes behind a file",
        "behind its end",
        t -> {
          t.raw(TarBytes.header(".locks/a", '0', 1, "", _ -> {}));
          t.raw("a".repeat(512).getBytes(StandardCharsets.US_ASCII));
        });
  }

  private void extensions() {
    more("path by extension", "../evil", t -> t.pax("path=../evil").file("ok", "x"));
    more(
        "target by extension",
        "leads to",
        t -> t.pax("linkpath=/etc/passwd").link(SNAPSHOT + "a", TARGET));
    more("two sizes", "two sizes", t -> t.pax("size=1").file(".locks/a", "xx"));
    more(
        "sparse by extension",
        "GNU.sparse",
        t -> t.pax("GNU.sparse.realsize=9999999").file(".locks/a", "x"));
    more(
        "another character set",
        "hdrcharset",
        t -> t.pax("hdrcharset=BINARY").file(".locks/a", "x"));
    more("said twice", "twice", t -> t.pax("path=.locks/a", "path=.locks/b").file("x", "x"));
    more(
        "extension that cannot be read",
        "cannot be read",
        t -> t.entry("x", 'x', "999 path=a\n".getBytes(StandardCharsets.UTF_8), "", _ -> {}));
    more(
        "two extensions",
        "two extended",
        t -> t.pax("mtime=1").pax("mtime=1").file(".locks/a", "x"));
    more(
        "extension for all",
        "for all entries",
        t -> t.entry("g", 'g', "9 mtime=1\n".getBytes(StandardCharsets.UTF_8), "", _ -> {}));
    more(
        "huge extension",
        "extended header of",
        t -> t.raw(TarBytes.header("x", 'x', 1L << 30, "", _ -> {})));
    more(
        "huge name",
        "name of",
        t -> t.raw(TarBytes.header("././@LongLink", 'L', 1L << 30, "", _ -> {})));
    more(
        "long name with an end in it",
        "does not end",
        t -> t.entry("././@LongLink", 'L', "a\0b\0".getBytes(StandardCharsets.UTF_8), "", _ -> {}));
    more(
        "long name alone",
        "without an entry",
        t -> t.entry("././@LongLink", 'L', "abc\0".getBytes(StandardCharsets.UTF_8), "", _ -> {}));
    more(
        "long name out",
        "../evil",
        t ->
            t.entry("././@LongLink", 'L', "../evil\0".getBytes(StandardCharsets.UTF_8), "", _ -> {})
                .file("ok", "x"));
    more(
        "name beyond all bounds",
        "longer than",
        t ->
            t.entry(
                    "././@LongLink",
                    'L',
                    ("a/".repeat(1000) + "\0").getBytes(StandardCharsets.UTF_8),
                    "",
                    _ -> {})
                .file("ok", "x"));
  }

  private void ends() {
    byte[] good = sound().end();
    byte[] extra = new TarBytes().file(".locks/after", "x").end();
    whole("entries behind the end", "more behind the end", TarBytes.gzip(joined(good, extra)));
    whole("no end", "cut off", TarBytes.gzip(sound().bytes()));
    whole("half an end", "cut off", TarBytes.gzip(Arrays.copyOf(good, good.length - 512)));
    whole("cut in a blob", "cut off", TarBytes.gzip(Arrays.copyOf(good, 3000)));
    whole("one block of zeros inside", "more behind", TarBytes.gzip(joined(new byte[512], good)));
    whole("nothing", "neither", new byte[0]);
    whole("no archive", "neither", "hello".getBytes(StandardCharsets.US_ASCII));
  }

  private void compression() {
    byte[] good = sound().end();
    byte[] gz = TarBytes.gzip(good);
    whole("cut gzip", "cut off", Arrays.copyOf(gz, gz.length - 9));
    whole("gzip without its checksum", "cut off", Arrays.copyOf(gz, gz.length - 4));
    byte[] flipped = gz.clone();
    flipped[gz.length - 6] ^= 1;
    whole("gzip of another checksum", "checksum", flipped);
    whole("two gzip members", "more behind", joined(gz, TarBytes.gzip(good)));
    whole("bytes behind gzip", "more behind", joined(gz, new byte[] {1}));
    whole("zstd without a manifest", "not whole", Zstd.compress(good, 1));
    byte[] zstd = Zstd.compress(good, 1);
    whole("cut zstd", "cut off", Arrays.copyOf(zstd, zstd.length - 3));
    whole("bytes behind zstd", "", joined(zstd, new byte[] {1, 2, 3, 4, 5}));
    whole("two zstd frames", "more behind", joined(zstd, zstd));
    whole(
        "a gibibyte of nothing",
        "at most",
        Zstd.compress(
            joined(TarBytes.header(".locks/bomb", '0', 1L << 40, "", _ -> {}), new byte[1 << 20]),
            1));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
