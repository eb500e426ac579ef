package io.atlaskv.redis.command;

/// Which arguments are keys: from `first` to `last` (negative: from the end) each `step`.
public record KeySpec(int first, int last, int step) {
  public static final KeySpec NONE = new KeySpec(0, 0, 0);
  public static final KeySpec ONE = new KeySpec(1, 1, 1);
  public static final KeySpec ALL = new KeySpec(1, -1, 1);
  public static final KeySpec PAIRS = new KeySpec(1, -1, 2);

  /// Index of the last key among `count` arguments; less than `first` if there is none.
  public int last(int count) {
    return first == 0 ? -1 : last >= 0 ? last : count + last;
  }
}
