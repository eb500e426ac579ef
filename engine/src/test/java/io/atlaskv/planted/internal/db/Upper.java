package io.atlaskv.planted.internal.db;

/// An upper layer for a lower one to know wrongly.
public final class Upper {
  private Upper() {}

  public static int answer() {
    return 42;
  }
}
