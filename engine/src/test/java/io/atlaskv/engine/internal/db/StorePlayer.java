package io.atlaskv.engine.internal.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Plays steps on a store in a simulated process.
final class StorePlayer implements Player {
  /// What a restart of the script means.
  enum Restarts {
    NONE,
    CLOSE,
    KILL,
    DRAWN
  }

  private static final byte[] NO_KEY = "no script writes this".getBytes(UTF_8);
  private static final long BACKGROUND_NANOS = 20_000_000;
  private static final long HOUR_NANOS = 2_000_000_000; // what ages by durations notices of one

  private final FaultFileSystem files;
  private final Options options;
  private final Restarts restarts;
  private final SplittableRandom random;
  private final SplittableRandom styles;
  private final @Nullable OpenSnapshot[] snapshots = new OpenSnapshot[Step.SLOTS];
  private final @Nullable Cursor[] cursors = new Cursor[Step.SLOTS];
  private final @Nullable Moment[] moments = new Moment[Step.MOMENTS];
  private final Map<String, Integer> drops = new HashMap<>();
  private SimStore store;
  private int hour;
  private int pastReads;

  /// A sequence, when it was the last one, the namespaces there were, and how often each had been
  /// dropped.
  private record Moment(long sequence, int hour, Set<String> names, Map<String, Integer> drops) {}

  /// A snapshot and its readers of the namespaces there were, whatever became of them since.
  private record OpenSnapshot(Snapshot snapshot, Map<String, KeyValueReader> readers) {}

  StorePlayer(long seed, Options options, Restarts restarts) {
    this.files = FaultFileSystem.create(seed).withoutHistory();
    this.options = options;
    this.restarts = restarts;
    this.random = new SplittableRandom(seed);
    this.styles = new SplittableRandom(~seed);
    this.store = SimStore.open(files, random.nextLong(), options);
  }

  void checkpoint(String name) {
    store.checkpoint(name);
  }

  /// Opens a checkpoint, beside the store.
  SimStore openCheckpoint(String name) {
    SimStore copy = SimStore.openCheckpoint(files, name, random.nextLong(), options);
    copy.passHours(hour);
    return copy;
  }

  /// Hours that have passed.
  int hour() {
    return hour;
  }

  Db db() {
    return store.db();
  }

  /// Hash of all file operations so far.
  long trace() {
    return files.trace();
  }

  @Override
  public String play(Step step) {
    return switch (step) {
      case Step.Apply apply -> {
        apply.write().needs().forEach(name -> StoreModel.namespace(db(), name));
        apply.write().to(db());
        if (apply.write() instanceof Write.Drop drop) {
          drops.merge(drop.namespace(), 1, Integer::sum);
        }
        yield DONE;
      }
      case Step.Get get -> get(get);
      case Step.Scan scan -> scan(scan);
      case Step.OpenSnapshot open -> {
        closeSnapshot(open.slot());
        snapshots[open.slot()] = snapshot();
        yield DONE;
      }
      case Step.CloseSnapshot close -> {
        closeSnapshot(close.slot());
        yield DONE;
      }
      case Step.Remember remember -> {
        long sequence = db().statistics().lastSequence();
        moments[remember.moment()] =
            new Moment(sequence, hour, Set.copyOf(db().namespaces()), Map.copyOf(drops));
        yield DONE;
      }
      case Step.ReadPast past -> {
        Moment moment = moments[past.moment()];
        yield moment == null ? EMPTY_SLOT : readPast(moment, past.on());
      }
      case Step.OpenCursor open -> open(open);
      case Step.MoveCursor move -> {
        Cursor cursor = cursors[move.slot()];
        yield cursor == null ? EMPTY_SLOT : move(cursor, move);
      }
      case Step.CloseCursor close -> {
        closeCursor(close.slot());
        yield DONE;
      }
      case Step.Maintain maintain -> {
        maintain(maintain.work());
        yield DONE;
      }
      case Step.PassHour _ -> {
        hour++;
        store.passHours(1);
        store.scheduler().runFor(HOUR_NANOS);
        yield DONE;
      }
      case Step.ExpiryOf of -> expiryOf(of);
      case Step.Restart _ -> {
        restart();
        yield DONE;
      }
      case Step.ReadAll _ -> {
        StoreModel all = StoreModel.readAllWays(db());
        yield all + " " + Integer.toHexString(all.hashCode());
      }
    };
  }

  private void maintain(Step.Work work) {
    switch (work) {
      case FLUSH -> db().flush();
      case COMPACT -> db().compact();
      case SYNC -> db().sync();
      case VERIFY -> db().verify();
      case RESTYLE -> {
        String name = anyNamespace();
        NamespaceOptions before = db().namespace(name).options();
        db().namespace(
                name,
                before
                    .withCompaction(RandomOptions.style(styles))
                    .withIoShares(RandomOptions.ioShares(styles))
                    .withPrefixBytes(RandomOptions.prefixBytes(styles)));
      }
      case COMPACT_RANGE -> {
        Bytes from = Bytes.ofUtf8("key" + styles.nextInt(100));
        db().namespace(anyNamespace()).compact(new Range(from, null));
      }
      case BACKGROUND -> store.scheduler().runFor(BACKGROUND_NANOS);
    }
  }

  private String anyNamespace() {
    List<String> names = db().namespaces();
    return names.get(styles.nextInt(names.size()));
  }

  private OpenSnapshot snapshot() {
    Snapshot snapshot = db().snapshot();
    var readers = new HashMap<String, KeyValueReader>();
    readers.put(StoreModel.DEFAULT, snapshot);
    for (String name : db().namespaces()) {
      if (!name.equals(StoreModel.DEFAULT)) {
        readers.put(name, snapshot.of(db().namespace(name)));
      }
    }
    return new OpenSnapshot(snapshot, readers);
  }

  private String get(Step.Get get) {
    if (get.slot() != Step.LATEST && snapshots[get.slot()] == null) {
      return EMPTY_SLOT;
    }
    KeyValueReader reader = reader(get.slot(), get.namespace());
    if (reader == null) {
      return NO_NAMESPACE;
    }
    byte[] value = reader.get(get.key().toArray());
    boolean isThere = reader.contains(get.key().toArray());
    if (isThere != (value != null)) {
      return "get and contains differ";
    }
    return value == null ? END : Player.text(Bytes.of(value));
  }

  private String expiryOf(Step.ExpiryOf of) {
    if (of.slot() != Step.LATEST && snapshots[of.slot()] == null) {
      return EMPTY_SLOT;
    }
    KeyValueReader reader = reader(of.slot(), of.namespace());
    if (reader == null) {
      return NO_NAMESPACE;
    }
    Instant expiry = reader.expiryOf(of.key().toArray());
    return expiry == null ? END : "hour " + SimStore.hourOf(expiry);
  }

  private @Nullable KeyValueReader reader(int slot, String namespace) {
    if (slot == Step.LATEST) {
      Optional<KeyValueStore> found = db().findNamespace(namespace);
      return found.orElse(null);
    }
    OpenSnapshot snapshot = snapshots[slot];
    return snapshot == null ? null : snapshot.readers.get(namespace);
  }

  private String scan(Step.Scan scan) {
    if (scan.slot() != Step.LATEST && snapshots[scan.slot()] == null) {
      return EMPTY_SLOT;
    }
    KeyValueReader reader = reader(scan.slot(), scan.namespace());
    if (reader == null) {
      return NO_NAMESPACE;
    }
    return scan(reader, scan);
  }

  private static String scan(KeyValueReader reader, Step.Scan scan) {
    var text = new StringBuilder();
    var found = new LinkedHashMap<Bytes, Bytes>();
    try (Cursor cursor = cursor(reader, scan)) {
      for (; cursor.isValid(); cursor.next()) {
        byte[] value = reader.get(cursor.key());
        if (!Arrays.equals(value, cursor.value())) {
          return "get and cursor differ at " + Bytes.of(cursor.key());
        }
        text.append(place(cursor)).append(' ');
        found.put(Bytes.of(cursor.key()), Bytes.of(value));
      }
    }
    if (!areReadTogether(reader, found)) {
      return "getAll and cursor differ";
    }
    return text.append(END).toString();
  }

  /// Whether all keys, and one more that is not there, have these values when they are read at
  /// once.
  private static boolean areReadTogether(KeyValueReader reader, Map<Bytes, Bytes> found) {
    List<byte[]> keys = new ArrayList<>();
    found.keySet().forEach(key -> keys.add(key.toArray()));
    keys.add(NO_KEY);
    Collections.swap(keys, 0, keys.size() - 1);
    List<byte[]> values = reader.getAll(keys);
    boolean isRight = values.size() == keys.size();
    for (int i = 0; isRight && i < keys.size(); i++) {
      Bytes expected = found.get(Bytes.of(keys.get(i)));
      byte[] value = values.get(i);
      isRight =
          expected == null
              ? value == null
              : expected.equals(value == null ? null : Bytes.of(value));
    }
    return isRight;
  }

  private String readPast(Moment moment, Step.Scan scan) {
    String name = scan.namespace();
    boolean isSame = Objects.equals(moment.drops.get(name), drops.get(name));
    if (!isSame || !moment.names.contains(name)) {
      return NO_NAMESPACE;
    }
    if (moment.sequence == 0) {
      return HISTORY_GONE; // nothing had ever been written: there is no such sequence
    }
    boolean isPast = moment.sequence < db().statistics().lastSequence();
    try (Snapshot then = db().snapshotAt(moment.sequence)) {
      KeyValueReader reader =
          name.equals(StoreModel.DEFAULT) ? then : then.of(db().namespace(name));
      pastReads += isPast ? 1 : 0;
      return scan(reader, scan);
    } catch (HistoryGoneException e) {
      Duration since = Duration.ofHours(hour - moment.hour + 1L);
      boolean isKept = options.historyWindow().compareTo(since) >= 0;
      if (!isPast || isKept) {
        throw new AssertionError(since + " ago is not in " + options.historyWindow(), e);
      }
      return HISTORY_GONE;
    }
  }

  /// Reads as of a moment that was not the last one.
  int pastReads() {
    return pastReads;
  }

  private static Cursor cursor(KeyValueReader reader, Step.Scan scan) {
    var query = reader.range(scan.range());
    if (scan.isReverse()) {
      query = query.reverse();
    }
    if (scan.limit() != Integer.MAX_VALUE) {
      query = query.limit(scan.limit());
    }
    return query.open();
  }

  private String open(Step.OpenCursor open) {
    closeCursor(open.slot());
    Step.Scan on = open.on();
    if (on.slot() != Step.LATEST && snapshots[on.slot()] == null) {
      return EMPTY_SLOT;
    }
    KeyValueReader reader = reader(on.slot(), on.namespace());
    if (reader == null) {
      return NO_NAMESPACE;
    }
    Cursor cursor = cursor(reader, on);
    cursors[open.slot()] = cursor;
    return place(cursor);
  }

  private static String move(Cursor cursor, Step.MoveCursor move) {
    boolean needsEntry = move.move() == Step.Move.NEXT || move.move() == Step.Move.PREV;
    boolean isOnEntry = cursor.isValid();
    try {
      switch (move.move()) {
        case NEXT -> cursor.next();
        case PREV -> cursor.prev();
        case FIRST -> cursor.seekToFirst();
        case LAST -> cursor.seekToLast();
        case SEEK -> cursor.seek(move.target().toArray());
      }
    } catch (IllegalStateException e) {
      if (needsEntry && !isOnEntry) {
        return REFUSED;
      }
      throw e;
    }
    return place(cursor);
  }

  private static String place(Cursor cursor) {
    if (!cursor.isValid()) {
      return END;
    }
    Bytes value = Bytes.of(cursor.value());
    return value.length() == cursor.valueLength()
        ? Player.text(Bytes.of(cursor.key()), value)
        : "valueLength is " + cursor.valueLength() + " of " + value.length();
  }

  private void restart() {
    boolean isKill =
        restarts == Restarts.KILL || (restarts == Restarts.DRAWN && random.nextBoolean());
    boolean isTidy = random.nextBoolean(); // if not, closing the store closes what it handed out
    if (restarts == Restarts.NONE || isTidy || isKill) {
      for (int slot = 0; slot < Step.SLOTS; slot++) {
        closeCursor(slot);
        closeSnapshot(slot);
      }
    }
    Arrays.fill(cursors, null);
    Arrays.fill(snapshots, null);
    if (restarts == Restarts.NONE) {
      return;
    }
    if (isKill) {
      store.kill();
    } else {
      store.close();
    }
    store = SimStore.open(files, random.nextLong(), options);
    store.passHours(hour); // its clock began anew
  }

  private void closeSnapshot(int slot) {
    OpenSnapshot open = snapshots[slot];
    if (open != null) {
      open.snapshot.close();
      snapshots[slot] = null;
    }
  }

  private void closeCursor(int slot) {
    Cursor open = cursors[slot];
    if (open != null) {
      open.close();
      cursors[slot] = null;
    }
  }

  @Override
  public void close() {
    store.close();
  }

  /// Gives memory back after a failure, whatever state the store is in.
  void abandon() {
    store.kill();
  }
}
