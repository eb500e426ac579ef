package io.atlaskv.redis.pubsub;

/// Classes of key events, with Redis' letters.
public enum KeyEventClass {
  GENERIC('g', 1 << 0),
  STRING('$', 1 << 1),
  LIST('l', 1 << 2),
  SET('s', 1 << 3),
  HASH('h', 1 << 4),
  ZSET('z', 1 << 5),
  EXPIRED('x', 1 << 6),
  EVICTED('e', 1 << 7),
  STREAM('t', 1 << 8),
  MODULE('d', 1 << 9),
  /// A key was made.
  NEW('n', 1 << 10),
  /// A key was asked for that is not there.
  MISS('m', 1 << 11);

  final char letter;
  final int bit;

  KeyEventClass(char letter, int bit) {
    this.letter = letter;
    this.bit = bit;
  }

  /// The class with this letter.
  static KeyEventClass of(char letter) {
    for (KeyEventClass type : values()) {
      if (type.letter == letter) {
        return type;
      }
    }
    throw new IllegalArgumentException("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
  }
}
