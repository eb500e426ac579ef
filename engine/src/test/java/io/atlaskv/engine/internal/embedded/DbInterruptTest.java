package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.Backups;
import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.internal.db.RandomOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Interrupts at random moments of whatever a store can be asked for: none is lost, no call fails
/// or gives up, and all that was acknowledged is there, and nothing else.
class DbInterruptTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int INTERRUPTS = Integer.getInteger("atlaskv.interrupts", 10_000);
  private static final int CALLERS = 4;
  private static final long MINUTES_NANOS = 180_000_000_000L;
  private static final Options OPTIONS =
      RandomOptions.SMALL.withMemtableEntriesMax(200).withHistoryWindow(Duration.ofMinutes(10));

  @TempDir private Path directory;

  @Test
  void interruptsAreHarmless() throws Exception {
    var callers = new ArrayList<InterruptedCaller>();
    int sent;
    int noticed;
    Path store = directory.resolve("store");
    try (Db db = AtlasKv.open(store, OPTIONS)) {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(new InterruptedCaller(db, i, SEED + i, directory.resolve("of" + i)));
      }
      var surprises = new ConcurrentLinkedQueue<Throwable>();
      var seen = new AtomicInteger();
      sent = interrupt(callers, surprises, seen);
      noticed = seen.get();
      for (Throwable surprise : surprises) {
        throw new AssertionError("seed " + SEED + ", after " + sent + " interrupts", surprise);
      }
      requireAll(db, callers);
    }
    System.out.println(
        "DbInterruptTest: "
            + sent
            + " interrupts, "
            + noticed
            + " still set after the call, of which there were "
            + callers.stream().mapToInt(InterruptedCaller::steps).sum()
            + ", of the first thread "
            + callers.getFirst().calls());
    assertEquals(INTERRUPTS, sent);
    assertThat(noticed).isPositive();
    try (Db db = AtlasKv.open(store, OPTIONS)) {
      requireAll(db, callers);
      db.verify();
    }
    for (InterruptedCaller caller : callers) {
      requireCopies(caller);
    }
  }

  /// Lets all of them call, and interrupts them; returns how often.
  private static int interrupt(
      List<InterruptedCaller> callers,
      ConcurrentLinkedQueue<Throwable> surprises,
      AtomicInteger seen)
      throws InterruptedException {
    var isOver = new AtomicBoolean();
    var threads = new ArrayList<Thread>();
    for (InterruptedCaller caller : callers) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (!isOver.get() || caller.isFirstRound()) {
                    caller.step();
                    seen.addAndGet(Thread.interrupted() ? 1 : 0);
                  }
                } catch (Throwable e) {
                  surprises.add(e);
                }
              }));
    }
    var random = new Random(SEED);
    long end = System.nanoTime() + MINUTES_NANOS;
    int sent = 0;
    while (sent < INTERRUPTS && surprises.isEmpty() && System.nanoTime() < end) {
      threads.get(random.nextInt(threads.size())).interrupt();
      sent++;
      LockSupport.parkNanos(1 + random.nextInt(200_000));
    }
    isOver.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    return sent;
  }

  /// Each namespace holds what all callers together wrote, and no more.
  private static void requireAll(Db db, List<InterruptedCaller> callers) {
    for (String name : InterruptedCaller.NAMESPACES) {
      var expected = new TreeMap<String, String>();
      callers.forEach(caller -> expected.putAll(caller.acknowledged(name)));
      assertThat(contents(db.namespace(name))).as(name + ", seed " + SEED).isEqualTo(expected);
    }
    int sum = callers.stream().mapToInt(InterruptedCaller::added).sum();
    assertEquals(sum, InterruptedCaller.total(db), "seed " + SEED);
  }

  private static Map<String, String> contents(KeyValueReader reader) {
    var found = new TreeMap<String, String>();
    try (Stream<Entry> entries = reader.range(Range.all()).stream()) {
      entries.forEach(entry ->
          found.put(
              InterruptedCaller.text(entry.key().toArray()),
              InterruptedCaller.text(entry.value().toArray())));
    }
    return found;
  }

  /// The last checkpoint and the last backup hold what their caller had written by then.
  private void requireCopies(InterruptedCaller caller) {
    caller
        .lastCheckpoint()
        .ifPresent(copy -> requireCopy(copy.directory(), caller, copy.acknowledged()));
    caller
        .lastBackup()
        .ifPresent(copy -> {
          List<BackupInfo> backups = Backups.list(copy.directory());
          Path target = directory.resolve("restored" + caller.number());
          Backups.restore(copy.directory(), backups.getLast().number(), target);
          requireCopy(target, caller, copy.acknowledged());
        });
  }

  private static void requireCopy(
      Path copy, InterruptedCaller caller, Map<String, Map<String, String>> acknowledged) {
    try (Db db = AtlasKv.open(copy, OPTIONS)) {
      acknowledged.forEach((name, expected) -> {
        Map<String, String> found = contents(db.namespace(name));
        found.keySet().removeIf(key -> !caller.isOwn(key));
        assertThat(found).as(copy + ", " + name + ", seed " + SEED).isEqualTo(expected);
      });
    }
  }
}
