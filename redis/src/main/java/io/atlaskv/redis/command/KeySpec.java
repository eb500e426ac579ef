package io.atlaskv.redis.command;

import java.util.List;

/// Which arguments are keys, and what happens to them: from `first` to `last` (negative: from the
/// end) each `step`.
public record KeySpec(int first, int last, int step, List<KeyFlag> flags) {
  public static final KeySpec NONE = new KeySpec(0, 0, 0, List.of());
  public static final KeySpec ONE = new KeySpec(1, 1, 1, List.of());
  public static final KeySpec ALL = new KeySpec(1, -1, 1, List.of());
  public static final KeySpec PAIRS = new KeySpec(1, -1, 2, List.of());

  public KeySpec {
    flags = List.copyOf(flags);
  }

  /// Argument `index` alone.
  public static KeySpec at(int index) {
    return new KeySpec(index, index, 1, List.of());
  }

  /// The same arguments, and what happens to them.
  public KeySpec as(KeyFlag... what) {
    return new KeySpec(first, last, step, List.of(what));
  }

  /// Index of the last key among `count` arguments; less than `first` if there is none.
  public int last(int count) {
    return first == 0 ? -1 : last >= 0 ? last : count + last;
  }

  /// The range that has the keys of all of `specs`, as Redis' first key, last key and step.
  static KeySpec covering(List<KeySpec> specs) {
    if (specs.size() < 2) {
      return specs.isEmpty() ? NONE : specs.getFirst();
    }
    int first = specs.getFirst().first;
    int last = specs.getFirst().last;
    for (KeySpec spec : specs.subList(1, specs.size())) {
      if (last < 0 || spec.first != last + 1 || spec.step != 1) {
        throw new IllegalArgumentException("keys of one command are to follow each other");
      }
      last = spec.last;
    }
    return new KeySpec(first, last, 1, List.of());
  }
}
