package io.atlaskv.bench;

import java.util.function.Supplier;

/// What every program here does with arguments that are wrong.
public final class Arguments {
  private static final int EXIT_USAGE = 2;

  private Arguments() {}

  /// What the arguments say; a mistake is printed, and ends the program with 2.
  ///
  /// @param parse throws an `IllegalArgumentException` whose message is for people
  public static <T> T orExit(Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(EXIT_USAGE);
      throw e;
    }
  }
}
