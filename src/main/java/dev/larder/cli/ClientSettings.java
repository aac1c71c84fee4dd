package dev.larder.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How each tool is told to use the Larder at {@code url}. */
record ClientSettings(URI url) {
  /** {@code export} lines, safe to evaluate. Only what this version answers. */
  String shell() {
    return "export HF_ENDPOINT=" + quoted(hub());
  }

  Map<String, @Nullable Object> json() {
    return Json.object("url", base(), "variables", Json.object("HF_ENDPOINT", hub()));
  }

  String docker() {
    return Json.text(
        Json.object(
            "registry-mirrors",
            List.of(base()),
            "insecure-registries",
            plain() ? List.of(authority()) : List.of()));
  }

  String podman() {
    return """
    [[registry]]
    location = "docker.io"

    [[registry.mirror]]
    location = "%s"
    insecure = %s"""
        .formatted(authority(), plain());
  }

  String pip() {
    return """
    [global]
    index-url = %s/pypi/simple/
    trusted-host = %s"""
        .formatted(base(), url.getHost());
  }

  String nix() {
    return "substituters = " + base() + "/nix";
  }

  private String hub() {
    return base() + "/hf";
  }

  private String base() {
    String text = url.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private String authority() {
    return url.getRawAuthority();
  }

  private boolean plain() {
    return "http".equalsIgnoreCase(url.getScheme());
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9_./:\\[\\]-]*") && !text.contains("[")
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }
}
