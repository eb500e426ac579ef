package io.atlaskv.example.eventstore;

/// Somebody else has appended to the stream: read what is new, decide again, append again.
public final class StaleVersionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StaleVersionException(String stream, long expected, long found) {
    super("stream " + stream + ": expected version " + expected + ", found " + found);
  }
}
