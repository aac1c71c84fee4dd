package dev.larder.access;

/** Whose rights a request has. Holds no token. */
public sealed interface Principal {
  /** Nobody in particular: a caller of its own, not the sum of all others. */
  record Anonymous() implements Principal {
    @Override
    public String scope() {
      return "anonymous";
    }
  }

  /** Whoever has a token of the upstream; {@code fingerprint} is its keyed hash. */
  record Upstream(String fingerprint) implements Principal {
    @Override
    public String scope() {
      return "token-" + fingerprint;
    }
  }

  /** A person or machine with a token of this Larder. */
  record Account(String id) implements Principal {
    @Override
    public String scope() {
      return "account-" + id;
    }
  }

  /** Who has the admin token: a member of every group. */
  record Admin() implements Principal {
    @Override
    public String scope() {
      return "admin";
    }
  }

  Principal ANONYMOUS = new Anonymous();

  /** A name that gives nothing away: flights, decisions and log lines have it. */
  String scope();

  /** Whether its rights are grants of this Larder, so that nothing of it goes upstream. */
  default boolean local() {
    return this instanceof Account || this instanceof Admin;
  }
}
