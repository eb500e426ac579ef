package io.atlaskv.redis.data;

/// A row of the store is not what this version writes. Bad data fails one command, not the server.
public final class MetadataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MetadataException(String message) {
    super(message);
  }
}
