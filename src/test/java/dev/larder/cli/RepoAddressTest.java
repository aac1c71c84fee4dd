package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.LarderException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RepoAddressTest {
  private static final URI HUB = URI.create("http://mirror.example:8080/hub");

  private static RepoAddress parse(String text) {
    return RepoAddress.parse(text, HUB);
  }

  @ParameterizedTest
  @CsvSource({
    "org/name, org/name, '', ''",
    "datasets/org/name@v1, datasets/org/name, v1, ''",
    "hf://org/name, org/name, '', ''",
    "hf://org/name/, org/name, '', ''",
    "hf://gpt2, gpt2, '', ''",
    "hf://datasets/org/name@v1.0/data/x.csv, datasets/org/name, v1.0, data/x.csv",
    "hf://org/name/onnx/, org/name, '', onnx/",
    "hf://org/name@refs%2Fpr%2F1/a.txt, org/name, refs/pr/1, a.txt",
    "hf://org/name@refs/pr/1/a.txt, org/name, refs/pr/1, a.txt",
    "https://huggingface.co/org/name, org/name, '', ''",
    "https://huggingface.co/org/name/?library=x#top, org/name, '', ''",
    "https://hf.co/datasets/org/name, datasets/org/name, '', ''",
    "https://huggingface.co/gpt2/tree/main, gpt2, main, ''",
    "https://huggingface.co/org/name/tree/v1, org/name, v1, ''",
    "https://huggingface.co/org/name/tree/main/onnx, org/name, main, onnx/",
    "https://huggingface.co/org/name/tree/refs%2Fpr%2F1, org/name, refs/pr/1, ''",
    "https://huggingface.co/org/name/tree/refs/pr/1, org/name, refs/pr/1, ''",
    "https://huggingface.co/org/name/blob/main/a%20b.txt, org/name, main, a b.txt",
    "https://huggingface.co/org/name/resolve/main/a+b.txt?download=true, org/name, main, a+b.txt",
    "http://mirror.example:8080/hub/spaces/org/name, spaces/org/name, '', ''",
  })
  void parse_findsRepoRevisionAndFile(String text, String repo, String revision, String file) {
    RepoAddress address = parse(text);

    assertThat(address.repo()).hasToString(repo);
    assertThat(address.revision().map(Object::toString).orElse("")).isEqualTo(revision);
    assertThat(String.join(",", address.files())).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org/org/name",
        "https://huggingface.co",
        "http://mirror.example:8080/hubs/name",
        "https://huggingface.co/",
        "https://huggingface.co/org/name/discussions/1",
        "https://huggingface.co/org/name/tree",
        "https://huggingface.co/a b",
        "https://huggingface.co/org/na%zzme/tree/%zz",
        "hf://",
        "hf://buckets/org/name",
        "hf://org/..",
      })
  void parse_anythingElse_isWrongUsage(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            LarderException.class,
            failure -> assertThat(ExitCodes.of(failure)).isEqualTo(ExitCodes.USAGE));
  }

  @Test
  void pull_pageOfAFolder_asksForIt() {
    CliFixture cli = new CliFixture();
    cli.workshop.failure = FakeWorkshop.failing("not-found", "It is not there.");

    cli.run("pull", "https://huggingface.co/org/name/tree/v1/onnx");

    assertThat(cli.workshop.asked)
        .singleElement()
        .isInstanceOfSatisfying(
            dev.larder.mirror.PullRequest.class,
            request -> {
              assertThat(request.repo()).hasToString("org/name");
              assertThat(request.revision()).hasToString("v1");
              assertThat(request.selection().files()).containsExactly("onnx/");
            });
  }
}
