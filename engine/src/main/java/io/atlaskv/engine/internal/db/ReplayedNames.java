package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Names of namespaces whose rows replay has met, created or dropped. Together with those in tables
/// they are all names there are; so opening need not put a memtable in order to find them.
final class ReplayedNames {
  private static final byte[] PREFIX = NamespaceKey.directory("");

  private final TreeSet<String> names = new TreeSet<>();

  /// Takes a full key of any kind.
  void note(MemorySegment bytes, long offset, int length) {
    if (length >= PREFIX.length
        && bytes.get(Layouts.BE_INT, offset) == NamespaceKey.SYSTEM
        && bytes.get(Layouts.BYTE, offset + NamespaceKey.ID_BYTES)
            == PREFIX[NamespaceKey.ID_BYTES]) {
      byte[] key = new byte[length];
      MemorySegment.copy(bytes, Layouts.BYTE, offset, key, 0, length);
      names.add(NamespaceKey.nameOf(key, length));
    }
  }

  SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(names);
  }
}
