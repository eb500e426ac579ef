package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Names of namespaces whose rows replay has met, created or dropped. Together with those in tables
/// they are all names there are; so opening need not put a memtable in order to find them. And the
/// largest id that a namespace with any key has.
final class ReplayedNames {
  private static final byte[] PREFIX = NamespaceKey.directory("");

  private final TreeSet<String> names = new TreeSet<>();
  private int nextId = NamespaceKey.FIRST_FREE;

  /// Takes a full key of any kind.
  void note(MemorySegment bytes, long offset, int length) {
    if (length < NamespaceKey.ID_BYTES) {
      return;
    }
    int id = bytes.get(Layouts.BE_INT, offset);
    nextId = Math.max(nextId, NamespaceIds.after(id));
    if (length >= PREFIX.length
        && id == NamespaceKey.SYSTEM
        && bytes.get(Layouts.BYTE, offset + NamespaceKey.ID_BYTES)
            == PREFIX[NamespaceKey.ID_BYTES]) {
      byte[] key = new byte[length];
      MemorySegment.copy(bytes, Layouts.BYTE, offset, key, 0, length);
      names.add(NamespaceKey.nameOf(key, length));
    }
  }

  /// First id that may be given out, after those of all keys.
  int nextId() {
    return nextId;
  }

  SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(names);
  }
}
