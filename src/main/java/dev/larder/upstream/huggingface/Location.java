package dev.larder.upstream.huggingface;

import dev.larder.upstream.Credential;
import java.net.URI;

/**
 * Where outside of the hub the bytes of one file of a commit lie, as the hub told one caller. A
 * secret that does not last: it may carry a signature, so it is handed on and neither written down
 * nor shown.
 */
public final class Location {
  private final URI file;
  private final Credential asker;
  private final URI address;

  /** {@code file} is the file's own address at the hub, by its commit. */
  Location(URI file, Credential asker, URI address) {
    this.file = file;
    this.asker = asker;
    this.address = address;
  }

  /**
   * Whether it is of {@code wanted} and for {@code caller}: what the hub tells anybody is for
   * everybody.
   */
  boolean serves(URI wanted, Credential caller) {
    return file.equals(wanted) && (asker.equals(Credential.ANONYMOUS) || asker.equals(caller));
  }

  URI address() {
    return address;
  }

  @Override
  public String toString() {
    return "Location[***]";
  }
}
