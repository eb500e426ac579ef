package io.atlaskv.bench.compaction;

/// One operation of a [Recording].
///
/// @param atMillis when it was done, in milliseconds since 1970
/// @param namespace its number among those of the recording
/// @param key its rank among all keys of the recording; of a range, that of its first key
/// @param end of a range delete: rank of the first key behind the range; else 0
/// @param keyBytes length of the key; of a range delete 0
/// @param valueBytes length of the value that is put; else 0
/// @param expiresAtMillis when the value expires, `NEVER` if it does not
record Operation(
    Kind kind,
    long atMillis,
    int namespace,
    int key,
    int end,
    int keyBytes,
    int valueBytes,
    long expiresAtMillis) {
  /// The time of what does not expire.
  static final long NEVER = Long.MAX_VALUE;

  /// What is done.
  enum Kind {
    PUT(0),
    DELETE(1),
    DELETE_RANGE(2),
    GET(3),
    SEEK(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /// What files have.
    int code() {
      return code;
    }

    static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("kind=" + code);
    }
  }

  Operation {
    if (atMillis < 0 || namespace < 0 || key < 0 || keyBytes < 0 || valueBytes < 0) {
      throw new IllegalArgumentException(
          "atMillis="
              + atMillis
              + " namespace="
              + namespace
              + " key="
              + key
              + " keyBytes="
              + keyBytes
              + " valueBytes="
              + valueBytes);
    }
    if (kind == Kind.DELETE_RANGE ? end < key : end != 0) {
      throw new IllegalArgumentException("kind=" + kind + " key=" + key + " end=" + end);
    }
  }

  /// Whether it changes the store.
  boolean isWrite() {
    return kind.compareTo(Kind.DELETE_RANGE) <= 0;
  }
}
