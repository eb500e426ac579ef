package io.atlaskv.cli.client;

import java.io.Serial;

/// The server has answered with an error; the message is its text.
final class RefusedException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  RefusedException(String text) {
    super(text);
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
