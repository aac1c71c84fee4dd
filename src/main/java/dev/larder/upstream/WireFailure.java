package dev.larder.upstream;

import dev.larder.upstream.UpstreamException.UpstreamLied;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import dev.larder.upstream.UpstreamException.UpstreamUntrusted;
import dev.larder.upstream.WireSettings.MinimumRate;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What went wrong on the wire, in the words of this room. */
final class WireFailure {
  private WireFailure() {}

  static UpstreamException asking(String what, Origin origin, IOException cause) {
    return of("ask for", what, origin, cause);
  }

  static UpstreamException reading(String what, Origin origin, IOException cause) {
    return of("read", what, origin, cause);
  }

  static UpstreamUnreachable tooSlow(String what, Origin origin, MinimumRate minimum) {
    return new UpstreamUnreachable(
        "Tried to read %s from %s, but it came with less than %d bytes a second for %d seconds. Trying again may find a faster way."
            .formatted(what, origin, minimum.bytesPerSecond(), minimum.window().toSeconds()),
        true,
        null);
  }

  private static UpstreamException of(String verb, String what, Origin origin, IOException cause) {
    String tried = "Tried to %s %s from %s, but ".formatted(verb, what, origin);
    return switch (cause) {
      case MalformedAnswer e ->
          new UpstreamLied(
              tried
                  + "the answer is not proper HTTP: "
                  + e.getMessage()
                  + ". Is this address really an upstream?");
      case SocketTimeoutException e ->
          new UpstreamUnreachable(
              tried + "nothing came in time. Is it overloaded, or the way to it broken?",
              true,
              e,
              e instanceof ConnectTimeout);
      case SSLException e when certificate(e) ->
          new UpstreamUntrusted(
              tried
                  + "its certificate is not trusted ("
                  + e.getMessage()
                  + "). Larder trusts what this machine's Java trusts; there is no way around it.",
              e);
      default -> new UpstreamUnreachable(tried + reason(cause), false, cause, noConnection(cause));
    };
  }

  private static boolean noConnection(IOException cause) {
    return cause instanceof ConnectException
        || cause instanceof NoRouteToHostException
        || cause instanceof UnknownHostException
        || cause instanceof SSLHandshakeException;
  }

  private static boolean certificate(SSLException failure) {
    return failure instanceof SSLPeerUnverifiedException
        || failure.getCause() instanceof CertificateException;
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case UnknownHostException _ ->
          "its name could not be looked up. Check the name and this machine's DNS.";
      case ConnectException _ ->
          "it did not take the connection (" + cause.getMessage() + "). Is it running?";
      case SSLException _ ->
          "no trusted TLS connection came about ("
              + cause.getMessage()
              + "). Check its certificate.";
      case EOFException _ -> cause.getMessage() + ". Trying again may help.";
      default -> "the connection broke (" + text(cause.getMessage()) + "). Trying again may help.";
    };
  }

  private static String text(@Nullable String message) {
    return message == null ? "no reason given" : message;
  }
}
