package io.atlaskv.engine.internal.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atlaskv.engine.api.ApproximateSize;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sizes of ranges against what is known to be there: entries that are all alike and do not
/// compress, merged to one version each.
class ApproximateSizeTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=ApproximateSizeTest -Datlaskv.seed=" + SEED;
  private static final int KEYS = 9_000;
  private static final int VALUE_BYTES = 200;
  private static final int BLOCK_BYTES = 4 << 10;
  private static final int RANGES = 2_000;

  /// Half a block at each of two bounds, and one entry for each where a block is not full.
  private static final long ENTRIES_OFF_MAX = BLOCK_BYTES / VALUE_BYTES + 2;

  private static final ApproximateSize NOTHING = new ApproximateSize(0, 0, 0);

  private final Random random = new Random(SEED);
  private SimStore store =
      SimStore.open(FaultFileSystem.create(SEED).withoutHistory(), SEED, RandomOptions.SMALL);

  @BeforeEach
  void fill() {
    put(store.db().namespace("a"), 0, 500); // so that bounds of a namespace cut tables
    put(namespace(), 0, KEYS);
    put(store.db().namespace("z"), 0, 500);
    store.db().compact();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private KeyValueStore namespace() {
    return store.db().namespace("n");
  }

  private static byte[] key(int number) {
    return "key%06d".formatted(number).getBytes(UTF_8);
  }

  private void put(KeyValueStore namespace, int from, int to) {
    byte[] value = new byte[VALUE_BYTES];
    for (int i = from; i < to; i++) {
      random.nextBytes(value);
      namespace.put(key(i), value);
    }
  }

  private ApproximateSize size(int from, int to) {
    return namespace().approximateSize(Range.closedOpen(key(from), key(to)));
  }

  @Test
  void rangesAreRightButForHalfABlockAtEachBound() {
    ApproximateSize all = namespace().approximateSize(Range.all());
    assertThat(all.tables()).as("tables").isGreaterThan(3);
    double entryBytes = (double) all.tableBytes() / all.tableEntries();
    assertThat(entryBytes).isBetween(VALUE_BYTES + 1.0, VALUE_BYTES * 1.2);
    for (int i = 0; i < RANGES; i++) {
      int from = random.nextInt(KEYS);
      int to = from + random.nextInt(KEYS - from + 1);
      ApproximateSize size = size(from, to);
      String what = from + " to " + to + ": " + size + ", " + REPRO;
      assertThat(size.tableEntries()).as(what).isCloseTo(to - from, within(ENTRIES_OFF_MAX));
      assertThat((double) size.tableBytes())
          .as(what)
          .isCloseTo(
              (to - from) * entryBytes,
              within(ENTRIES_OFF_MAX * entryBytes + 0.01 * all.tableBytes()));
    }
  }

  @Test
  void sizesOfRangesThatMeetAddUp() {
    long all = namespace().approximateSize(Range.all()).tableBytes();
    for (int i = 0; i < RANGES / 10; i++) {
      int at = random.nextInt(KEYS);
      long below = namespace().approximateSize(Range.lessThan(key(at))).tableBytes();
      long above = namespace().approximateSize(Range.atLeast(key(at))).tableBytes();
      assertThat(below + above).as(at + ", " + REPRO).isCloseTo(all, within(2L)); // rounded
    }
  }

  @Test
  void nothingIsReadForIt() {
    long before = reads();
    for (int i = 0; i < 100; i++) {
      size(random.nextInt(KEYS), KEYS);
    }
    assertThat(reads()).isEqualTo(before);
  }

  private long reads() {
    return Objects.requireNonNull(store.db().timings().get(Stage.BLOCK_READ)).count();
  }

  @Test
  void memtablesAreNotInItAndWhatIsDeletedIsUntilItIsMerged() {
    ApproximateSize before = size(0, KEYS);
    put(namespace(), 0, 100);
    assertThat(size(0, KEYS)).isEqualTo(before);
    namespace().deleteRange(Range.all());
    store.db().compact();
    assertThat(size(0, KEYS).tableEntries()).isZero();
  }

  @Test
  void whereNoKeyIsThereIsNothing() {
    assertThat(size(5, 5)).isEqualTo(NOTHING);
    assertThat(size(6, 5)).isEqualTo(NOTHING);
    assertThat(store.db().namespace("new").approximateSize(Range.all()).tableEntries()).isZero();
  }

  @Test
  void theStoreIsItsDefaultNamespace() {
    put(store.db(), 0, 1_000);
    store.db().flush();
    assertThat(store.db().approximateSize(Range.all()).tableEntries())
        .isCloseTo(1_000, within(ENTRIES_OFF_MAX));
  }
}
