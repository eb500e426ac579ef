package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;

/// Plays steps and says what came of each, in words that are equal if and only if the answers are.
public interface Player extends AutoCloseable {
  String DONE = "done";
  String EMPTY_SLOT = "empty slot";
  String NO_NAMESPACE = "no namespace";
  String END = "end";
  String REFUSED = "refused";
  String HISTORY_GONE = "history gone";

  /// Plays one step.
  String play(Step step);

  @Override
  void close();

  /// Whether a store's answer is right: a moment that is no longer in its history is nobody's
  /// fault.
  static boolean isRight(String expected, String found) {
    return found.equals(expected) || found.equals(HISTORY_GONE);
  }

  /// A value, short.
  static String text(Bytes value) {
    return value.length() + "#" + Integer.toHexString(value.hashCode());
  }

  /// An entry, short.
  static String text(Bytes key, Bytes value) {
    return key.length() > 40 ? text(key) + "=" + text(value) : key + "=" + text(value);
  }
}
