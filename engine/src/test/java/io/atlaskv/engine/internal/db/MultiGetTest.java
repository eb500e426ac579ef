package io.atlaskv.engine.internal.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads of many keys at once against a sorted map, from memtables and tables, with and without
/// deletions of ranges, from the cache and from files, while and after the store changes.
class MultiGetTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = ", rerun: -Dtest=MultiGetTest -Datlaskv.seed=" + SEED;
  private static final int ROUNDS = 600;
  private static final int KEYS = 1_000;
  private static final int ASKED_MAX = 80;
  private static final int LONG_KEY_BYTES = 300; // more than is looked up together

  private final Random random = new Random(SEED);
  private final FaultFileSystem files = FaultFileSystem.create(SEED).withoutHistory();
  private final Options options = RandomOptions.SMALL.withMemtableEntriesMax(200);
  private SimStore store = SimStore.open(files, SEED, options);
  private TreeMap<String, String> model = new TreeMap<>();

  @AfterEach
  void close() {
    store.close();
  }

  private KeyValueStore namespace() {
    return store.db().namespace("n");
  }

  private String key() {
    int number = random.nextInt(KEYS);
    String text = String.format("k%04d", number);
    return number % 50 == 0 ? text + "x".repeat(LONG_KEY_BYTES) : text;
  }

  private List<String> keys() {
    var keys = new ArrayList<String>();
    for (int i = random.nextInt(ASKED_MAX); i > 0; i--) {
      keys.add(key());
    }
    return keys;
  }

  private void write(int round, boolean deletesRanges) {
    for (int i = random.nextInt(40); i > 0; i--) {
      String key = key();
      if (random.nextInt(5) == 0) {
        namespace().delete(key.getBytes(UTF_8));
        model.remove(key);
      } else {
        namespace().put(key.getBytes(UTF_8), (key + round).getBytes(UTF_8));
        model.put(key, key + round);
      }
    }
    if (deletesRanges && random.nextInt(10) == 0) {
      String from = key();
      String to = from + "zz";
      namespace().deleteRange(Range.closedOpen(from.getBytes(UTF_8), to.getBytes(UTF_8)));
      model.subMap(from, to).clear();
    }
    switch (random.nextInt(40)) {
      case 0 -> store.db().flush();
      case 1 -> store.db().compact();
      case 2 -> reopen();
      default -> {}
    }
  }

  /// Nothing is cached afterwards.
  private void reopen() {
    store.close();
    store = SimStore.open(files, random.nextLong(), options);
  }

  private static List<byte[]> bytes(List<String> keys) {
    return keys.stream().map(key -> key.getBytes(UTF_8)).toList();
  }

  private static List<@Nullable String> texts(List<byte @Nullable []> values) {
    var texts = new ArrayList<@Nullable String>();
    values.forEach(value -> texts.add(value == null ? null : new String(value, UTF_8)));
    return texts;
  }

  private static void check(
      Map<String, String> expected, List<String> keys, List<byte[]> found, int round) {
    assertEquals(
        Arrays.asList(keys.stream().map(expected::get).toArray()), texts(found), round + REPRO);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsReadIsWhatIsThere(boolean deletesRanges) {
    for (int round = 0; round < ROUNDS; round++) {
      write(round, deletesRanges);
      List<String> keys = keys();
      check(model, keys, namespace().getAll(bytes(keys)), round);
    }
    assertEquals(0, store.db().statistics().openSnapshots());
  }

  @Test
  void aSnapshotStaysWhatItWas() {
    for (int round = 0; round < ROUNDS / 20; round++) {
      write(round, true);
      var then = new TreeMap<>(model);
      Db db = store.db();
      try (Snapshot snapshot = db.snapshot()) {
        KeyValueReader reader = snapshot.of(namespace());
        for (int later = 0; later < 10; later++) {
          List<String> keys = keys();
          check(then, keys, reader.getAll(bytes(keys)), round);
          namespace().put(key().getBytes(UTF_8), new byte[0]);
          if (later % 3 == 0) {
            db.flush();
          }
        }
      }
      namespace().clear();
      model = new TreeMap<>();
    }
  }

  /// A batch is half answered when its blocks are asked for; what is written and merged then is no
  /// longer of its moment.
  @Test
  void aFutureIsOfTheMomentOfItsCall() throws Exception {
    int waited = 0;
    for (int round = 0; round < ROUNDS / 4; round++) {
      write(round, round % 2 == 0);
      if (round % 4 == 0) {
        store.db().flush();
        reopen();
      }
      List<String> keys = keys();
      var then = new TreeMap<>(model);
      List<byte[]> asked = bytes(keys);
      CompletableFuture<List<byte @Nullable []>> future = namespace().async().getAll(asked);
      asked.forEach(key -> Arrays.fill(key, (byte) 'z')); // the caller's again
      waited += future.isDone() ? 0 : 1;
      for (int i = 0; i < 5; i++) {
        String key = key();
        namespace().put(key.getBytes(UTF_8), new byte[] {'l'});
        model.put(key, "l");
      }
      while (!future.isDone()) {
        store.scheduler().runFor(1_000_000);
      }
      check(then, keys, future.get(), round);
    }
    assertThat(waited).as("futures not done at once").isGreaterThan(10);
    assertEquals(0, store.db().statistics().openSnapshots());
  }

  /// Keys that lie in one block read it once, though the cache keeps nothing.
  @Test
  void neighboursShareWhatIsRead() {
    for (int i = 0; i < KEYS; i++) {
      namespace().put(String.format("k%04d", i).getBytes(UTF_8), new byte[100]);
    }
    store.db().flush();
    reopen();
    var keys = new ArrayList<byte[]>();
    for (int i = 0; i < 16; i++) {
      keys.add(String.format("k%04d", 500 + i).getBytes(UTF_8));
    }
    long before = reads();
    assertThat(namespace().getAll(keys)).doesNotContainNull();
    assertThat(reads() - before).isLessThanOrEqualTo(2);
  }

  private long reads() {
    return Objects.requireNonNull(store.db().timings().get(Stage.BLOCK_READ)).count();
  }

  /// Neither a refusal nor a read that fails keeps a snapshot, and the next call is right.
  @Test
  void whatFailsLeavesNothing() {
    List<String> keys =
        IntStream.range(0, KEYS / 4).mapToObj(number -> String.format("k%04d", number)).toList();
    for (String key : keys) {
      String value = key + "x".repeat(LONG_KEY_BYTES);
      namespace().put(key.getBytes(UTF_8), value.getBytes(UTF_8));
      model.put(key, value);
    }
    store.db().flush();
    int failures = 0;
    boolean hasFailed = true;
    for (int skipped = 0; hasFailed; skipped++) {
      reopen();
      KeyValueStore namespace = namespace();
      int[] left = {skipped};
      files.fail(operation -> operation.kind() == Kind.READ && left[0]-- == 0, Fault.EIO);
      hasFailed = fails(() -> namespace.getAll(bytes(keys)), AtlasException.class);
      failures += hasFailed ? 1 : 0;
      files.clearFaults();
      check(model, keys, namespace.getAll(bytes(keys)), skipped);
    }
    assertThat(failures).as("reads that failed").isGreaterThan(3);
    KeyValueReader closed;
    try (Snapshot snapshot = store.db().snapshot()) {
      closed = snapshot.of(namespace());
    }
    assertThat(fails(() -> closed.getAll(bytes(keys)), ClosedException.class)).isTrue();
    List<byte[]> withNull = Arrays.asList(new byte[1], null);
    assertThat(fails(() -> namespace().getAll(withNull), NullPointerException.class)).isTrue();
    List<byte[]> withLong = List.of(new byte[KeyValueStore.KEY_BYTES_MAX + 1]);
    assertThat(fails(() -> namespace().getAll(withLong), IllegalArgumentException.class)).isTrue();
    check(model, keys, namespace().getAll(bytes(keys)), 0);
  }

  /// Whether a call fails so, and leaves no snapshot.
  private boolean fails(Runnable call, Class<? extends RuntimeException> how) {
    try {
      call.run();
      return false;
    } catch (RuntimeException e) {
      assertThat(e).isInstanceOf(how);
      return true;
    } finally {
      assertEquals(0, store.db().statistics().openSnapshots());
    }
  }

  @Test
  void anEmptyListHasAnEmptyAnswer() {
    assertThat(namespace().getAll(List.of())).isEmpty();
  }
}
