package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.wal.Wal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One moment of the store, and the files that hold it: tables and log segments are neither deleted
/// nor reused until this is closed.
///
/// @param version the tables
/// @param segments the log segments that hold what is not in tables, oldest first; each ends here
/// @param nextSegment number of the segment after those
/// @param lastSequence last commit of the moment
/// @param timeMillis when it was
record CheckpointMoment(
    Wal wal,
    Version version,
    List<Long> segments,
    long nextSegment,
    long lastSequence,
    long timeMillis)
    implements AutoCloseable {

  /// The moment of the call, which is under the commit lock; null if the log has no segment for
  /// what comes after it yet.
  ///
  /// @param from oldest segment to take along, if it is older than those that are needed
  static @Nullable CheckpointMoment now(
      Wal wal, Views views, long lastSequence, long from, long timeMillis) {
    if (!wal.rotate()) {
      return null;
    }
    View view = views.acquire();
    try {
      Version version = view.version();
      version.retain();
      return new CheckpointMoment(
          wal,
          version,
          wal.retainFrom(Math.min(from, version.state().logNumber())),
          wal.currentSegment(),
          lastSequence,
          timeMillis);
    } finally {
      view.release();
    }
  }

  /// What a manifest has to say of it.
  StoreState state() {
    return version.state().apply(VersionEdit.builder().lastSequence(lastSequence).build());
  }

  @Override
  public void close() {
    segments.forEach(wal::unretain);
    version.release();
  }
}
