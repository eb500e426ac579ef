package io.atlaskv.bench.compaction;

import io.atlaskv.bench.Zipf;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.example.eventstore.EventStore;
import io.atlaskv.example.sessioncache.Session;
import io.atlaskv.example.sessioncache.SessionCache;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// Programs whose work on a store is recorded. What they do comes from a seed, and time is theirs:
/// so each recording is the same whenever it is made.
enum Program {
  /// The example: streams of events, some longer than others, each append reading the last event.
  EVENT_STORE("event-store", "event store: 20,000 streams", 200_000, Duration.ofHours(1)) {
    private static final int STREAMS = 20_000;
    private static final List<String> TYPES =
        List.of("OrderPlaced", "ItemAdded", "ItemRemoved", "PaymentReceived", "ParcelSent");

    @Override
    void run(Stage stage, int operations) {
      var store = new EventStore(stage.db(), () -> Instant.ofEpochMilli(stage.nowMillis()));
      var streams = new Zipf(STREAMS, 0.8, stage.random());
      for (int i = 0; i < operations; i++) {
        String stream = "order-%06d".formatted(streams.next());
        long version = store.version(stream);
        store.append(stream, version, TYPES.get(stage.random().nextInt(TYPES.size())), i);
        stage.pass(250);
      }
    }
  },

  /// The example: log in, be used for some minutes, run out.
  SESSION_CACHE(
      "session-cache",
      "session cache: 20,000 sessions, over after 30 minutes",
      250_000,
      Duration.ofMinutes(10)) {
    private static final int USERS = 30_000;
    private static final int PRESENT = 20_000;

    @Override
    void run(Stage stage, int operations) {
      Random random = stage.random();
      var cache =
          new SessionCache(
              stage.db(),
              Duration.ofMinutes(30),
              5,
              1L << 30,
              () -> new UUID(random.nextLong(), random.nextLong()));
      var tokens = new ArrayList<UUID>();
      for (int i = 0; i < operations; i++) {
        if (tokens.size() < PRESENT || random.nextInt(10) == 0) {
          Session session =
              cache.begin("user-" + random.nextInt(USERS), "x".repeat(100 + random.nextInt(400)));
          if (tokens.size() < PRESENT) {
            tokens.add(session.token());
          } else {
            tokens.set(random.nextInt(PRESENT), session.token()); // whose was there has left
          }
        } else if (random.nextInt(50) == 0) {
          cache.end(tokens.get(random.nextInt(PRESENT)));
        } else {
          UUID token = tokens.get(random.nextInt(PRESENT));
          stage.reads(Operation.Kind.GET, "sessions", Codec.uuid().toBytes(token));
          cache.use(token);
        }
        stage.pass(100);
      }
    }
  },

  /// The benchmark: entries replaced and read, few of them most of the time.
  ZIPF_OVERWRITES(
      "zipf-overwrites", "overwrites and reads, zipf 0.99", 250_000, Duration.ofMinutes(5)) {
    private static final int ENTRIES = 40_000;

    @Override
    void run(Stage stage, int operations) {
      Random random = stage.random();
      var entries = new Zipf(ENTRIES, 0.99, random);
      for (int i = 0; i < operations; i++) {
        long entry = i < ENTRIES ? i : entries.next();
        byte[] key = Codec.int64().toBytes(spread(entry));
        if (i < ENTRIES || random.nextInt(3) > 0) {
          stage.db().put(key, new byte[100 + random.nextInt(600)]);
        } else {
          stage.reads(Operation.Kind.GET, "default", key);
        }
        stage.pass(20);
      }
    }

    // Neighbours in popularity are none in the order of keys.
    private static long spread(long entry) {
      return entry * 0x9e3779b97f4a7c15L;
    }
  },

  /// Points of sensors, a batch each minute, that are kept for six hours and read by ranges.
  TIME_SERIES(
      "time-series",
      "time series: points of 200 sensors, kept for 6 hours",
      1_440,
      Duration.ofMinutes(30)) {
    private static final int SENSORS = 200;

    @Override
    void run(Stage stage, int operations) {
      KeyValueStore points = stage.db().namespace("points");
      for (int minute = 0; minute < operations; minute++) {
        var batch = new WriteBatch();
        for (int sensor = 0; sensor < SENSORS; sensor++) {
          batch.put(
              key(sensor, stage.nowMillis()),
              new byte[60 + stage.random().nextInt(80)],
              Expiry.after(Duration.ofHours(6)));
        }
        points.write(batch);
        for (int i = 0; i < 20; i++) {
          int sensor = stage.random().nextInt(SENSORS);
          stage.reads(Operation.Kind.SEEK, "points", key(sensor, stage.nowMillis() - 3_600_000));
        }
        stage.pass(60_000);
      }
    }

    private static byte[] key(int sensor, long millis) {
      return ByteBuffer.allocate(12).putInt(sensor).putLong(millis).array();
    }
  };

  private final String fileName;
  private final String title;
  private final int operations;
  private final Duration window;

  Program(String fileName, String title, int operations, Duration window) {
    this.fileName = fileName;
    this.title = title;
    this.operations = operations;
    this.window = window;
  }

  /// Where a program plays.
  record Stage(Db db, Random random, VirtualTime time, WorkloadRecorder recorder) {
    long nowMillis() {
      return time.nowMillis();
    }

    void pass(long millis) {
      recorder.take();
      time.pass(millis);
    }

    /// Tells of a read, which the store does not.
    void reads(Operation.Kind kind, String namespace, byte[] key) {
      recorder.take();
      recorder.read(kind, nowMillis(), namespace, Bytes.of(key));
    }
  }

  /// Time that goes by when it is told to.
  interface VirtualTime {
    /// What the store's clock shows.
    long nowMillis();

    void pass(long millis);
  }

  /// Does so many things on the stage.
  abstract void run(Stage stage, int operations);

  /// What it does to a store, which must be empty.
  Recording record(Db db, VirtualTime time, int count) {
    try (WorkloadRecorder recorder = WorkloadRecorder.of(db)) {
      run(new Stage(db, new Random(42), time, recorder), count);
      recorder.take();
      return recorder.recording(title);
    }
  }

  /// Name of its recording, without an ending.
  String fileName() {
    return fileName;
  }

  /// How much it does for a recording.
  int operations() {
    return operations;
  }

  /// The styles that are compared on it.
  List<StyleSpec> styles() {
    return List.of(
        StyleSpec.of("leveled"),
        StyleSpec.of("size-tiered"),
        StyleSpec.of("size-tiered:8"),
        StyleSpec.of("time-windowed:" + window));
  }
}
