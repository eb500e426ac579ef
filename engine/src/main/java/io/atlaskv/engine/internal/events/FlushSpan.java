package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.memtable.Memtable;
import org.jspecify.annotations.Nullable;

/// One flush, from its begin on. One thread at a time.
public final class FlushSpan {
  private final StoreEvents events;
  private final Clock clock;
  private final long memtableBytes;
  private final long entries;
  private final long startNanos;
  private final @Nullable FlushRecording recording = Recorder.isOn() ? new FlushRecording() : null;

  public FlushSpan(StoreEvents events, Clock clock, Memtable memtable) {
    this.events = events;
    this.clock = clock;
    memtableBytes = memtable.bytes();
    entries = memtable.entries();
    startNanos = clock.nanoTime();
    if (recording != null) {
      recording.begin();
    }
    if (events.isHeard()) {
      events.tell(new StoreEvent.FlushBegan(memtableBytes, entries));
    }
  }

  /// Its tables are part of the store.
  public void ended(VersionEdit tables) {
    long tableBytes = 0;
    for (VersionEdit.Added added : tables.added()) {
      tableBytes += added.table().bytes();
    }
    if (recording != null) {
      recording.memtableBytes = memtableBytes;
      recording.entries = entries;
      recording.tableBytes = tableBytes;
      recording.commit();
    }
    if (events.isHeard()) {
      TablesCreated.by(tables, events);
      long nanos = clock.nanoTime() - startNanos;
      events.tell(new StoreEvent.FlushEnded(memtableBytes, entries, tableBytes, nanos));
    }
  }
}
