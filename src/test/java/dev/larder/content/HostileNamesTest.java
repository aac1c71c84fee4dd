package dev.larder.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that were made to be something else than a name. */
class HostileNamesTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../x",
        "a/..",
        "./x",
        "a//b",
        "a/",
        "..\\x",
        "C:\\x",
        "a\0b",
        "a\\..\\b",
        "\ud800",
        "a\udc00/b"
      })
  void path_thatLeavesItsDirectory_isRefused(String path) {
    assertThatThrownBy(() -> new EntryPath(path)).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> new Revision(path)).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> RepoId.model(path)).isInstanceOf(InvalidName.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CON",
        "con.txt",
        "aux.",
        "a/NUL.bin",
        "lpt1",
        "x ",
        "dir /x",
        "x.",
        "a\r\nb",
        "a\u001b[31mb",
        "ri\u200fght",
        "\u202egnp.exe",
        "a\u0085b",
        "a\u007fb"
      })
  void path_thatIsNoOrdinaryFileEverywhere_isRefusedToWhoAsksForIt(String path) {
    assertThatThrownBy(() -> EntryPath.ordinary(path)).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> new Revision(path)).isInstanceOf(InvalidName.class);
  }

  @Test
  void path_withAPartOf256Bytes_isRefused() {
    assertThat(EntryPath.ordinary("é".repeat(127)).fileName()).hasSize(127);
    assertThatThrownBy(() -> EntryPath.ordinary("é".repeat(128))).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> EntryPath.ordinary("a/".repeat(600) + "a"))
        .isInstanceOf(InvalidName.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {".locks", ".no_exist", "x.incomplete", ".gitattributes", "blobs/refs"})
  void path_thatTheCacheTreeUsesElsewhere_isAnOrdinaryName(String path) {
    assertThat(EntryPath.ordinary(path)).hasToString(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".locks",
        ".no_exist",
        "o/.n",
        "o./n",
        "o/n.",
        "o/n.git",
        "o/n..m",
        "o--m/n",
        "o/n--m",
        "-o/n",
        "o/n/m",
        "o%2Fn",
        "o n",
        "ö/n",
        "o/n\n",
        "o;x=1/n",
        "CACHEDIR.TAG/"
      })
  void repo_thatTheHubWouldNotName_isRefused(String name) {
    assertThatThrownBy(() -> RepoId.model(name)).isInstanceOf(InvalidName.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model--o--n", "dataset--n", "space--o--n", "models--", "o--n", "models"})
  void folder_thatTheCacheTreeWouldCallOtherwise_isRefused(String folder) {
    assertThatThrownBy(() -> RepoId.ofFolder(folder)).isInstanceOf(InvalidName.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256:", "sha256-", "sha512:", " ", "0x"})
  void digest_withAnythingBeforeIt_isRefused(String before) {
    assertThatThrownBy(() -> new Digest(before + HEX)).isInstanceOf(InvalidName.class);
  }

  @Test
  void digest_ofAnotherLengthOrCase_isRefused() {
    assertThat(new Digest(HEX).hex()).isEqualTo(HEX);
    for (String wrong :
        new String[] {
          HEX.substring(1),
          HEX + "0",
          HEX + "\n",
          HEX + "\0",
          HEX.toUpperCase(java.util.Locale.ROOT),
          "../" + HEX.substring(3),
          HEX.replace('0', '\u0660')
        }) {
      assertThatThrownBy(() -> new Digest(wrong)).as(wrong).isInstanceOf(InvalidName.class);
    }
  }

  @Test
  void refusal_quotesWhatWasSent_onOneShortLineOfAscii() {
    String hostile = "a\r\nERROR all is lost\u001b[31m\u202e" + "x".repeat(1 << 20) + "/..";

    assertThatThrownBy(() -> new EntryPath(hostile))
        .message()
        .matches("[\\x20-\\x7e…]+")
        .hasSizeLessThan(400);
  }
}
