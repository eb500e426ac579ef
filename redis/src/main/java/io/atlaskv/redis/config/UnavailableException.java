package io.atlaskv.redis.config;

import java.io.Serial;

/// A value that Redis would take and we cannot give; the server can do without it.
public final class UnavailableException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  UnavailableException(String reason) {
    super(reason);
  }
}
