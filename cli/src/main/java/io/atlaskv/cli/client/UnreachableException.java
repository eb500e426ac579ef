package io.atlaskv.cli.client;

import java.io.IOException;
import java.io.Serial;

/// No server there; the message says so in one sentence.
final class UnreachableException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  UnreachableException(String sentence) {
    super(sentence);
  }
}
