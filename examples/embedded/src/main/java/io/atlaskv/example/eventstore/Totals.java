package io.atlaskv.example.eventstore;

import io.atlaskv.engine.api.Change;
import io.atlaskv.engine.api.ChangeBatch;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Transaction;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A projection: the sum over all streams for each type of event, kept up to date from the change
/// feed. How far it has come stands in the same transaction as the sums, so each event counts once,
/// whenever the process ends.
///
/// Needs a log that is kept long enough (`Options.withLogRetainedSegments`), and for the sums of
/// the past a history (`Options.withHistoryWindow`). One instance at a time may be updated.
public final class Totals {
  private static final byte[] NEXT = {};

  private final Db db;
  private final KeyValueStore totals;

  public Totals(Db db) {
    this.db = db;
    totals = db.namespace("totals");
  }

  /// The sum of all amounts of a type, as of the last update.
  public long of(String type) {
    return read(totals.get(Codec.utf8().toBytes(type), Codec.int64()));
  }

  /// The sum as it was told when `sequence` was the last one of the store: no event is read again.
  ///
  /// @throws io.atlaskv.engine.api.HistoryGoneException if that is longer ago than
  ///   `Options.withHistoryWindow` says
  public long of(String type, long sequence) {
    try (Snapshot past = db.snapshotAt(sequence)) {
      return read(past.of(totals).get(Codec.utf8().toBytes(type), Codec.int64()));
    }
  }

  /// The sum as it was told at an instant, but for what was taken in just before it.
  ///
  /// @throws io.atlaskv.engine.api.HistoryGoneException if that is too long ago
  public long of(String type, Instant instant) {
    try (Snapshot past = db.snapshotAt(instant)) {
      return read(past.of(totals).get(Codec.utf8().toBytes(type), Codec.int64()));
    }
  }

  /// Takes in what has been appended since the last update, or the first event.
  public void update() {
    long next = Math.max(1, read(totals.get(NEXT, Codec.int64())));
    try (ChangeFeed feed = db.changes(next, ChangeFeed.Delivery.WRITTEN)) {
      for (ChangeBatch batch = feed.poll(); batch != null; batch = feed.poll()) {
        take(batch);
      }
    }
  }

  private void take(ChangeBatch batch) {
    if (batch.changes().stream().noneMatch(Totals::isEvent)) {
      return; // its own writes, say
    }
    db.transact(tx -> {
      for (Change change : batch.changes()) {
        if (isEvent(change) && change instanceof Change.Put put) {
          Event event = Event.of(put.key(), put.value());
          add(tx, event.type(), event.amount());
        }
      }
      tx.of(totals).put(NEXT, Codec.int64().toBytes(batch.lastSequence() + 1));
    });
  }

  private void add(Transaction tx, String type, long amount) {
    byte[] key = Codec.utf8().toBytes(type);
    long sum = read(tx.of(totals).get(key, Codec.int64())) + amount;
    tx.of(totals).put(key, Codec.int64().toBytes(sum));
  }

  private static boolean isEvent(Change change) {
    return change.namespace().equals(EventStore.NAMESPACE);
  }

  private static long read(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
