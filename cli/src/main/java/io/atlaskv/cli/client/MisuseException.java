package io.atlaskv.cli.client;

import java.io.Serial;

/// The command line was not understood; says why in one sentence without the command's name.
final class MisuseException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  MisuseException(String sentence) {
    super(sentence);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
