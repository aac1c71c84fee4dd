package dev.larder.settings;

/** One name with the text that a source gives it. Never empty: that counts as not set. */
record Assigned(String name, String text, Origin origin) {
  /** As messages show where it is; another name than the setting's own is said. */
  String place(Setting setting) {
    return name.equals(setting.variable()) ? origin.toString() : name + ", " + origin;
  }
}
