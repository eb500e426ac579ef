package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.atlaskv.engine.api.CompactionFilter;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.events.StoreEvents;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What is left of namespaces, and of their quotas, that go at a bad moment.
class NamespaceUpkeepTest {
  private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
  private static final NamespaceOptions QUOTA = NamespaceOptions.DEFAULT.withQuotaEntries(10);
  private static final Expiry LATER = Expiry.after(Duration.ofHours(1));

  private final FaultFileSystem files = FaultFileSystem.create(1);

  /// It is met when the drop has been committed, and ends all writes.
  @Test
  void aDropThatLacksMemoryLeavesNoNameOfWhatIsGone() {
    var starved = new StarvedPorts("NamespaceDirectory.drop");
    try (var store = SimStore.open(files, 1, Options.DEFAULT, starved::of)) {
      Db db = store.db();
      db.namespace("lost").put(KEY, KEY);
      starved.plant();
      assertThatThrownBy(() -> db.dropNamespace("lost")).isInstanceOf(OutOfMemoryError.class);
      assertThat(db.namespaces()).containsExactly("default");
      assertFalse(db.dropNamespace("lost"));
    }
  }

  /// The quota goes after a write was counted and before it is committed.
  @Test
  void aQuotaThatIsTakenAwayLeavesNoRows() {
    var onCount = new AtomicReference<Runnable>(() -> {});
    try (var store =
        SimStore.open(files, 1, Options.DEFAULT, ports -> whileCounting(ports, onCount))) {
      Db db = store.db();
      KeyValueStore namespace = db.namespace("bounded", QUOTA);
      namespace.put(KEY, KEY, LATER);
      assertEquals(1, rows(store.engine()));
      onCount.set(() -> db.namespace("bounded", NamespaceOptions.DEFAULT));
      namespace.put(KEY, "new".getBytes(StandardCharsets.UTF_8), LATER);
      assertEquals(NamespaceOptions.DEFAULT, namespace.options());
      assertThat(namespace.get(KEY)).asString(StandardCharsets.UTF_8).isEqualTo("new");
      assertEquals(0, rows(store.engine()));
    }
  }

  /// Runs what is given, once, when a write asks for the time while it counts.
  private static Ports whileCounting(Ports ports, AtomicReference<Runnable> onCount) {
    var clock =
        new Clock() {
          @Override
          public long nanoTime() {
            return ports.clock().nanoTime();
          }

          @Override
          public long currentTimeMillis() {
            if (StarvedPorts.isAtWork("QuotaCount")) {
              onCount.getAndSet(() -> {}).run();
            }
            return ports.clock().currentTimeMillis();
          }
        };
    return new Ports(ports.files(), clock, ports.scheduler(), ports.waiter(), ports.random());
  }

  private static int rows(Engine engine) {
    byte[] first = NamespaceKey.first(NamespaceKey.EXPIRIES);
    byte[] end = NamespaceKey.end(NamespaceKey.EXPIRIES);
    long sequence = engine.acquireSnapshot();
    int count = 0;
    try (EngineCursor rows =
        engine.cursor(engine.newReadContext(ReadContext.Mode.BLOCKING), sequence, first, end, 0)) {
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        count++;
      }
    } finally {
      engine.releaseSnapshot(sequence);
    }
    return count;
  }

  @Test
  void theFilterOfADroppedNamespaceIsForgotten() {
    var asked = new AtomicInteger();
    CompactionFilter filter =
        (_, value) -> {
          asked.incrementAndGet();
          return value;
        };
    var filters =
        new CompactionFilters(
            Map.of("filtered", filter), new StoreEvents(SimPorts.on(files, 1).ports().scheduler()));
    byte[] key = NamespaceKey.full(7, KEY);
    try (var value = new NativeBuffer(16, 16)) {
      filters.known("filtered", 7);
      filters.forJob().filter(key, key.length, value.segment(), 0, 1);
      assertEquals(1, asked.get());
      filters.forget(7);
      filters.forJob().filter(key, key.length, value.segment(), 0, 1);
      assertEquals(1, asked.get());
    }
  }
}
