package com.example.policy;

/** Why a request is not done, as the caller is told. {@code status}: of HTTP. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  Refused(int status, String code, String detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  /** What the body of the answer says of it; also of a job that failed. */
  Problem problem() {
    return new Problem(status, code, getMessage());
  }

  record Problem(int status, String code, String detail) {}
}
