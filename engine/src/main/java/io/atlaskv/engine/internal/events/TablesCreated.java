package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.VersionEdit;

/// Tells of the tables that an edit brought into the store; those it moved were there before.
final class TablesCreated {
  private TablesCreated() {}

  static void by(VersionEdit edit, StoreEvents events) {
    for (VersionEdit.Added added : edit.added()) {
      TableMeta table = added.table();
      boolean isMoved =
          edit.removed().stream().anyMatch(removed -> removed.number() == table.number());
      if (!isMoved) {
        String file = FileName.table(table.number());
        events.tell(
            new StoreEvent.TableCreated(file, added.level(), table.bytes(), table.entries()));
      }
    }
  }
}
