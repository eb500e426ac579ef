package io.atlaskv.testkit.hostile;

import java.nio.file.Path;

/// One hostile condition.
///
/// @param name what is done to the server
/// @param body does it in an empty directory; throws if the server did not bear it
record Scenario(String name, Body body) {
  /// Throws an exception that says what went wrong.
  @FunctionalInterface
  interface Body {
    void run(ServerLauncher launcher, Path directory) throws Exception;
  }

  /// This machine cannot make the condition, for lack of a right.
  static final class ImpossibleHere extends Exception {
    private static final long serialVersionUID = 1;

    ImpossibleHere(String why) {
      super(why);
    }
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
