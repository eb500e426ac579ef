package io.atlaskv.cli.client;

import java.io.Serial;

/// The command line was not understood; says why in one sentence without the command's name.
public final class MisuseException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public MisuseException(String sentence) {
    super(sentence);
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
