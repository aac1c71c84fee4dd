package dev.larder.settings;

/** Where a value came from. {@code detail} is the flag, the line or the key. */
public record Origin(Source source, String detail) {
  /** The sources, the one that decides first. */
  public enum Source {
    FLAG,
    ENVIRONMENT,
    DOT_ENV,
    YAML,
    DEFAULT
  }

  static final Origin DEFAULT = new Origin(Source.DEFAULT, "default");
  static final Origin ENVIRONMENT = new Origin(Source.ENVIRONMENT, "environment");

  static Origin flag(String flag) {
    return new Origin(Source.FLAG, flag);
  }

  static Origin dotEnv(int line) {
    return new Origin(Source.DOT_ENV, ".env line " + line);
  }

  static Origin yaml(String key) {
    return new Origin(Source.YAML, "larder.yaml: settings." + key);
  }

  /** {@code environment}, {@code .env line 3}, {@code larder.yaml: settings.port}. */
  @Override
  public String toString() {
    return detail;
  }
}
