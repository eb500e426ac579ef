package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.internal.sstable.PrefixLengths;

/// Which namespaces have a prefix filter in tables that are begun now. Any thread.
final class NamespacePrefixes {
  private volatile PrefixLengths lengths = PrefixLengths.NONE;

  PrefixLengths lengths() {
    return lengths;
  }

  /// Has tables that are begun from now on note so many bytes of the keys of a namespace; 0 for
  /// none.
  synchronized void set(int namespace, int bytes) {
    lengths = lengths.with(namespace, bytes);
  }

  /// Takes what the namespaces of a store were last given, so that what opening it sets off knows
  /// it as well. Rows that cannot be read are left to who opens the namespaces: it refuses them.
  void load(Engine engine) {
    try {
      for (String name : engine.possibleNames()) {
        byte[] row = engine.row(NamespaceKey.directory(name));
        if (row != null && NamespaceRow.isRaw(row)) {
          NamespaceRow known = NamespaceRow.decode(name, row);
          set(known.id(), known.options().prefixBytes());
        }
      }
    } catch (AtlasException _) {
      // tables that are written before it is told have no filter, which is no damage
    }
  }
}
