package dev.larder.mirror;

import dev.larder.content.Identity;
import dev.larder.content.RepoId;

/** What a flight of a file is called: by its bytes, and the repo whose rights they go by. */
record FlightName(RepoId repo, Identity identity) {
  private static final String BLOB = "blob ";
  private static final String OF = " of ";

  /** Reads what {@code toString} writes. */
  static FlightName read(String object) {
    int of = object.indexOf(OF);
    return new FlightName(
        RepoId.parse(object.substring(of + OF.length())),
        Identity.ofHex(object.substring(BLOB.length(), of)));
  }

  @Override
  public String toString() {
    return BLOB + identity.hex() + OF + repo;
  }
}
