package dev.larder.upstream.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import java.net.URI;
import org.junit.jupiter.api.Test;

class HubAddressesTest {
  private final HubAddresses hub = HubAddresses.below(URI.create("https://host/hf/"));

  @Test
  void file_keepsThePrefixAndEncodesEachPart() {
    URI address =
        hub.file(RepoId.parse("datasets/o/n"), "resolve", "refs/pr/1", "a b/ü+#%25/c?.txt");
    assertThat(address.toString())
        .isEqualTo(
            "https://host/hf/datasets/o/n/resolve/refs%2Fpr%2F1/a%20b/%C3%BC%2B%23%2525/c%3F.txt");
  }

  @Test
  void api_namesTheKindAlways() {
    assertThat(hub.api(RepoId.model("gpt2"), "", "tree", "main", "a/b").toString())
        .isEqualTo("https://host/hf/api/models/gpt2/tree/main/a%2Fb");
    assertThat(hub.api(RepoId.model("o/n"), "x=1&y=%20").toString())
        .isEqualTo("https://host/hf/api/models/o/n?x=1&y=%20");
    assertThat(hub.api(RepoId.model("o/n"), "expand[]=a b|%zz%4\r\nX: y#é").toString())
        .isEqualTo(
            "https://host/hf/api/models/o/n?expand[]=a%20b%7C%25zz%254%0D%0AX:%20y%23%C3%A9");
  }

  @Test
  void routeFromAClient_withBrackets_isAnAddress() {
    assertThat(hub.withQuery("/o/[x]/bar", "a[]=1").toString())
        .isEqualTo("https://host/hf/o/%5Bx%5D/bar?a[]=1");
  }
}
