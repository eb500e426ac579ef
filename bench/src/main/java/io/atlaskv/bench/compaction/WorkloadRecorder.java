package io.atlaskv.bench.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Change;
import io.atlaskv.engine.api.ChangeBatch;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes a [Recording] of what is written to a store, from its change feed: the log is what is
/// recorded, so a store that nobody records pays nothing, and what its log still has can be
/// recorded afterwards. Reads leave no trace in a log; a program that wants them recorded tells
/// them.
///
/// One thread at a time uses it. It holds keys and operations in memory, some 150 bytes for each,
/// and refuses more than so many operations.
final class WorkloadRecorder implements AutoCloseable {
  /// Most operations of a recording.
  static final int OPERATIONS_MAX = 5_000_000;

  private final ChangeFeed feed;
  private final int operationsMax;
  private final Map<String, Map<Bytes, Key>> keys = new LinkedHashMap<>(); // by namespace
  private final List<Noted> noted = new ArrayList<>();

  /// A key that was seen, and what becomes its rank.
  private static final class Key {
    private int rank;
  }

  /// An operation whose ranks are not known yet.
  private record Noted(
      Operation.Kind kind,
      long atMillis,
      String namespace,
      Key key,
      Range range,
      int keyBytes,
      int valueBytes,
      long expiresAtMillis) {}

  private WorkloadRecorder(ChangeFeed feed, int operationsMax) {
    this.feed = feed;
    this.operationsMax = operationsMax;
  }

  /// Records from the oldest batch on that the log of a store still has.
  static WorkloadRecorder of(Db db) {
    return of(db, OPERATIONS_MAX);
  }

  static WorkloadRecorder of(Db db, int operationsMax) {
    for (long from = 1; ; ) {
      ChangeFeed feed = db.changes(from, ChangeFeed.Delivery.WRITTEN);
      var recorder = new WorkloadRecorder(feed, operationsMax);
      try {
        recorder.take(); // only now it is told what is gone
        return recorder;
      } catch (HistoryGoneException e) {
        recorder.close();
        if (!recorder.noted.isEmpty()) {
          throw e; // it went while it was read
        }
        from = e.firstAvailableSequence();
      } catch (RuntimeException e) {
        recorder.close();
        throw e;
      }
    }
  }

  /// Takes what has been written since the last call.
  ///
  /// @throws IllegalStateException if that is more than a recording may have
  /// @throws HistoryGoneException if the log no longer has it
  void take() {
    for (ChangeBatch batch = feed.poll(); batch != null; batch = feed.poll()) {
      for (Change change : batch.changes()) {
        note(change, batch.timeMillis());
      }
    }
  }

  private void note(Change change, long atMillis) {
    switch (change) {
      case Change.Put put ->
          note(
              Operation.Kind.PUT,
              atMillis,
              put.namespace(),
              put.key(),
              put.value().length(),
              put.expiresAtMillis() == Change.Put.NEVER ? Operation.NEVER : put.expiresAtMillis());
      case Change.Delete delete ->
          note(
              Operation.Kind.DELETE,
              atMillis,
              delete.namespace(),
              delete.key(),
              0,
              Operation.NEVER);
      case Change.DeleteRange deletion ->
          noteRange(atMillis, deletion.namespace(), deletion.range());
      case Change.NamespaceDropped dropped -> noteRange(atMillis, dropped.namespace(), Range.all());
      case Change.NamespaceCreated created -> keysOf(created.namespace());
      case Change.BulkLoaded load -> keysOf(load.namespace()); // its entries are not in the log
    }
  }

  /// Notes that a key is read, after what has been taken so far.
  ///
  /// @param kind `GET`, or `SEEK` for the first key of a range
  void read(Operation.Kind kind, long atMillis, String namespace, Bytes key) {
    note(kind, atMillis, namespace, key, 0, Operation.NEVER);
  }

  private void note(
      Operation.Kind kind,
      long atMillis,
      String namespace,
      Bytes key,
      int valueBytes,
      long expiresAtMillis) {
    Key known = keysOf(namespace).computeIfAbsent(key, _ -> new Key());
    add(
        new Noted(
            kind,
            atMillis,
            namespace,
            known,
            Range.all(),
            key.length(),
            valueBytes,
            expiresAtMillis));
  }

  private void noteRange(long atMillis, String namespace, Range range) {
    keysOf(namespace);
    add(
        new Noted(
            Operation.Kind.DELETE_RANGE,
            atMillis,
            namespace,
            new Key(),
            range,
            0,
            0,
            Operation.NEVER));
  }

  private void add(Noted operation) {
    if (noted.size() == operationsMax) {
      throw new IllegalStateException(
          "more than " + operationsMax + " operations: record a shorter part");
    }
    noted.add(operation);
  }

  private Map<Bytes, Key> keysOf(String namespace) {
    return keys.computeIfAbsent(namespace, _ -> new HashMap<>());
  }

  /// What was recorded so far.
  Recording recording(String title) {
    var namespaces = List.copyOf(keys.keySet());
    var numbers = new HashMap<String, Integer>();
    var sorted = new HashMap<String, TreeMap<Bytes, Key>>();
    int rank = 0;
    var ends = new HashMap<String, Integer>();
    for (String namespace : namespaces) {
      numbers.put(namespace, numbers.size());
      var ordered = new TreeMap<>(keysOf(namespace));
      for (Key key : ordered.values()) {
        key.rank = rank++;
      }
      sorted.put(namespace, ordered);
      ends.put(namespace, rank);
    }
    var operations = new ArrayList<Operation>();
    for (Noted operation : noted) {
      String namespace = operation.namespace();
      boolean isRange = operation.kind() == Operation.Kind.DELETE_RANGE;
      var ordered = sorted.getOrDefault(namespace, new TreeMap<>());
      int end = ends.getOrDefault(namespace, 0);
      operations.add(
          new Operation(
              operation.kind(),
              operation.atMillis(),
              numbers.getOrDefault(namespace, 0),
              isRange
                  ? rankOf(operation.range().lower(), ordered, end, end - ordered.size())
                  : operation.key().rank,
              isRange ? rankOf(operation.range().upper(), ordered, end, end) : 0,
              operation.keyBytes(),
              operation.valueBytes(),
              operation.expiresAtMillis()));
    }
    return new Recording(title, namespaces, rank, operations);
  }

  /// Rank of the first key at or after a bound.
  private static int rankOf(
      @Nullable Bytes bound, NavigableMap<Bytes, Key> ordered, int end, int ofNone) {
    if (bound == null) {
      return ofNone;
    }
    Map.Entry<Bytes, Key> at = ordered.ceilingEntry(bound);
    return at == null ? end : at.getValue().rank;
  }

  @Override
  public void close() {
    feed.close();
  }
}
