package io.atlaskv.cli;

import java.io.Serial;

/// The command line was not understood; says why in one sentence without the command's name.
final class UsageException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String sentence;

  UsageException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }
}
