package io.atlaskv.engine.internal.backup;

import io.atlaskv.engine.internal.manifest.Lineage;
import io.atlaskv.engine.internal.manifest.StoreState;
import java.util.List;
import java.util.UUID;

/// The moment of a store that is backed up; its files stay as they are meanwhile.
///
/// @param state what the manifest of the store says
/// @param fork the backup's own, as each copy of a store has one
/// @param segments log segments, oldest first, each with its end; those below the state's log
///   number are history
/// @param nextSegment number of the segment after those
/// @param timeMillis when this moment was
public record BackupMoment(
    UUID storeUuid,
    StoreState state,
    Lineage.Fork fork,
    List<Long> segments,
    long nextSegment,
    long timeMillis) {
  public BackupMoment {
    segments = List.copyOf(segments);
  }
}
