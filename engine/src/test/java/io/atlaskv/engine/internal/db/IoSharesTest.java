package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What namespaces get of a store whose background I/O has a ceiling: two clients in simulated
/// time, of which one or both write as fast as they may.
class IoSharesTest {
  private static final long SECOND = 1_000_000_000;
  private static final int VALUE_BYTES = 1_000;
  private static final int KEYS = 4_000;
  private static final long CEILING = 16 << 20;
  private static final long PUT_NANOS = 50_000; // what a put takes of a client's time
  private static final int PUTS_PER_SECOND = 200; // some 200 kB, of the megabytes there are
  private static final long WARM_NANOS = 3 * SECOND;
  private static final long MEASURED_NANOS = 8 * SECOND;
  private static final long LONG_NANOS = 30 * SECOND; // many merges, the largest take 5 s

  /// Puts values in a namespace, so many a second, or as fast as it may.
  private static final class Writer {
    private final SimStore store;
    private final KeyValueStore namespace;
    private final long periodNanos; // 0: at once
    private final SplittableRandom random;
    private final byte[] value = new byte[VALUE_BYTES];
    private long due;
    private long puts;
    private long longestNanos;

    Writer(SimStore store, KeyValueStore namespace, int putsPerSecond) {
      this.store = store;
      this.namespace = namespace;
      periodNanos = putsPerSecond == 0 ? 0 : SECOND / putsPerSecond;
      random = new SplittableRandom(namespace.name().hashCode());
      due = store.clock().nanoTime();
    }

    boolean step() {
      long now = store.clock().nanoTime();
      if (now < due) {
        return true;
      }
      random.nextBytes(value);
      byte[] key = new byte[8];
      ByteArrays.putBeInt(key, 0, random.nextInt(KEYS) * 0x9E3779B9);
      namespace.put(key, value);
      store.clock().advance(PUT_NANOS);
      puts++;
      longestNanos = Math.max(longestNanos, store.clock().nanoTime() - now);
      due = periodNanos == 0 ? 0 : due + periodNanos;
      return true;
    }

    void begin() {
      puts = 0;
      longestNanos = 0;
    }
  }

  /// What both clients had.
  private record Outcome(long putsOfA, long putsOfB, long longestOfB) {}

  private static NamespaceOptions shares(int value) {
    return NamespaceOptions.DEFAULT.withIoShares(value);
  }

  private static SimStore open() {
    var options = RandomOptions.SMALL.withCompactionBytesPerSecondMax(CEILING);
    return SimStore.open(FaultFileSystem.create(42).withoutHistory(), 42, options);
  }

  /// Two clients of a store, the first of which writes all it may.
  private static final class Clients implements AutoCloseable {
    final SimStore store = open();
    final Writer a;
    final Writer b;

    Clients(int sharesOfA, int sharesOfB, int putsPerSecondOfB) {
      a = new Writer(store, store.db().namespace("a", shares(sharesOfA)), 0);
      b = new Writer(store, store.db().namespace("b", shares(sharesOfB)), putsPerSecondOfB);
      store.scheduler().addActor(a::step);
      store.scheduler().addActor(b::step);
    }

    Outcome measured(long nanos) {
      store.scheduler().runFor(WARM_NANOS);
      a.begin();
      b.begin();
      store.scheduler().runFor(nanos);
      return new Outcome(a.puts, b.puts, b.longestNanos);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private static Outcome paced(int sharesOfA, int sharesOfB) {
    try (var clients = new Clients(sharesOfA, sharesOfB, PUTS_PER_SECOND)) {
      return clients.measured(MEASURED_NANOS);
    }
  }

  @Test
  void whoeverWritesAllItMayGetsItsShareAndOthersFromThenOn() {
    try (var clients = new Clients(100, 300, 0)) {
      Outcome divided = clients.measured(LONG_NANOS);
      assertThat((double) divided.putsOfB / divided.putsOfA).as("%s", divided).isBetween(2.2, 3.8);
      clients.store.db().namespace("a", shares(300));
      clients.store.db().namespace("b", shares(100));
      Outcome after = clients.measured(LONG_NANOS);
      assertThat((double) after.putsOfA / after.putsOfB).as("%s", after).isBetween(2.0, 5.0);
    }
  }

  @Test
  void whoeverStaysWithinItsShareDoesNotWait() {
    Outcome undivided = paced(0, 0);
    Outcome divided = paced(100, 300);
    assertThat(undivided.longestOfB).as("%s", undivided).isGreaterThan(20 * PUT_NANOS);
    assertThat(divided.longestOfB).as("%s", divided).isLessThan(2 * PUT_NANOS);
    assertThat(divided.putsOfB).isCloseTo(PUTS_PER_SECOND * MEASURED_NANOS / SECOND, within(2L));
    assertThat(divided.putsOfA).as("what B leaves").isGreaterThan(undivided.putsOfA * 3 / 4);
  }

  @Test
  void batchesAndAsyncWritesOfBothGoOn() {
    try (SimStore store = open()) {
      KeyValueStore a = store.db().namespace("a", shares(1));
      KeyValueStore b = store.db().namespace("b", shares(10_000));
      CompletableFuture<?> last = CompletableFuture.completedFuture(null);
      for (int i = 0; i < 5_000; i++) {
        byte[] key = {(byte) i, (byte) (i >>> Byte.SIZE)};
        byte[] value = new byte[VALUE_BYTES];
        store.db().write(new WriteBatch().put(a, key, value).put(b, key, value).delete(b, key));
        last = a.async().put(key, value);
      }
      CompletableFuture<?> end = last;
      store.scheduler().runUntil(end::isDone);
      assertThat(end).isCompleted();
      assertThat(a.get(new byte[] {0, 0})).hasSize(VALUE_BYTES);
      assertThat(b.get(new byte[] {0, 0})).isNull();
    }
  }

  /// What was given up counts no more, and tables of a dropped namespace hold up nobody.
  @Test
  void aDroppedNamespaceHasNoShares() {
    try (var clients = new Clients(0, 0, 0)) {
      clients.store.db().namespace("c", shares(10_000)).put(new byte[1], new byte[1]);
      clients.store.db().dropNamespace("c");
      Outcome outcome = clients.measured(MEASURED_NANOS);
      assertThat(outcome.longestOfB).as("%s", outcome).isLessThan(SECOND / 10);
    }
  }

  @Test
  void sharesAreToldAndKept() {
    var files = FaultFileSystem.create(1);
    try (var store = SimStore.open(files, 1, RandomOptions.SMALL)) {
      store.db().namespace("a", shares(7));
      store.db().namespace("plain");
      store.db().namespace("default", shares(10_000));
    }
    try (var store = SimStore.open(files, 1, RandomOptions.SMALL)) {
      assertThat(store.db().namespaceStatistics().get("a").ioShares()).isEqualTo(7);
      assertThat(store.db().namespaceStatistics().get("plain").ioShares()).isZero();
      assertThat(store.db().options().ioShares()).isEqualTo(10_000);
    }
  }

  @Test
  void sharesHaveBounds() {
    assertThatThrownBy(() -> shares(-1)).hasMessage("ioShares must be 0 to 10000, is -1");
    assertThatThrownBy(() -> shares(10_001)).hasMessageContaining("10001");
  }
}
