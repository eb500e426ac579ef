package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Each file operation of a workload fails in turn, once or from then on, in each way. Nothing
/// acknowledged is lost, no answer is wrong, nobody waits forever.
class DbIoErrorTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String ONLY = System.getProperty("atlaskv.ioerror.workload", "");

  /// Every so many operations one is failed; the first is drawn from the seed.
  private static final int STRIDE = Integer.getInteger("atlaskv.ioerror.stride", 1);

  private static final List<Workload> WORKLOADS =
      List.of(
          Workload.OPEN_ONLY,
          Workload.OVERWRITES_AND_DELETES,
          Workload.BATCHES_OVER_NAMESPACES,
          Workload.NAMESPACES_COME_AND_GO,
          Workload.RANGE_DELETES,
          Workload.FLUSHES,
          Workload.COMPACTIONS,
          Workload.SEGMENTS_RECYCLED,
          Workload.VALUE_LARGER_THAN_A_SEGMENT,
          Workload.REOPENS,
          Workload.CHECKPOINTS);

  /// Held, as the logging system forgets loggers that nobody holds.
  private static final Logger LOGGER = Logger.getLogger("io.atlaskv");

  @BeforeAll
  static void expectWarnings() {
    LOGGER.setLevel(Level.OFF); // files that could not be deleted, thousands of times
  }

  @AfterAll
  static void expectNone() {
    LOGGER.setLevel(null);
  }

  @Test
  void anyCallMayFailOnce() {
    failEach(WORKLOADS, false, STRIDE);
  }

  @Test
  void allCallsMayFailFromOneOn() {
    failEach(WORKLOADS, true, STRIDE);
  }

  @Test
  @Tag("slow")
  void anyCallOfAnyWorkloadMayFail() {
    failEach(List.of(Workload.values()), false, 1);
    failEach(List.of(Workload.values()), true, 1);
  }

  private static void failEach(List<Workload> workloads, boolean isSticky, int stride) {
    int runs = 0;
    for (Workload workload : workloads) {
      if (ONLY.isEmpty() || ONLY.equals(workload.name())) {
        runs += failEach(workload, isSticky, stride);
      }
    }
    System.out.println(
        "DbIoErrorTest: " + runs + " failing runs, sticky=" + isSticky + ", seed " + SEED);
  }

  private static int failEach(Workload workload, boolean isSticky, int stride) {
    var clean = FaultFileSystem.create(SEED);
    Options options = workload.options().withDurability(Durability.ALWAYS);
    var untroubled = new FaultedClient(clean, SEED, options);
    untroubled.run(workload);
    assertEquals(0, untroubled.failures(), workload::toString);
    int operations = clean.operationCount();
    untroubled.judge(1);
    int runs = 0;
    int reported = 0;
    for (Fault fault : List.of(Fault.EIO, Fault.ENOSPC, Fault.SHORT)) {
      for (int n = (int) (SEED % stride); n < operations; n += stride) {
        reported += failOne(workload, options, fault, n, isSticky) > 0 ? 1 : 0;
        runs++;
      }
    }
    System.out.println(
        "DbIoErrorTest: "
            + workload
            + " "
            + operations
            + " operations, "
            + runs
            + " failing runs, "
            + reported
            + " noticed by the caller");
    return runs;
  }

  private static int failOne(
      Workload workload, Options options, Fault fault, int n, boolean isSticky) {
    var files = FaultFileSystem.create(SEED);
    if (isSticky) {
      files.failFrom(n, fault);
    } else {
      files.failAt(n, fault);
    }
    var client = new FaultedClient(files, SEED, options);
    String what =
        workload
            + " with "
            + fault
            + (isSticky ? " from op " : " at op ")
            + n
            + "; replay: ./mvnw test -pl engine -am -Dtest=DbIoErrorTest -Datlaskv.ioerror.workload="
            + workload
            + " -Datlaskv.seed="
            + SEED;
    try {
      client.run(workload);
      files.clearFaults();
      client.readWhileOpen();
      client.judge(n);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what + operation(files, n), e);
    }
    assertEquals(List.of(), client.problems(), what + operation(files, n));
    return client.failures();
  }

  private static String operation(FaultFileSystem files, int n) {
    return n < files.operationCount() ? "\n  " + files.operations().get(n) : "";
  }

  /// Whichever call fails: an opening that ends by that has no file open any more, and not the
  /// lock.
  @Test
  void anOpeningThatFailsLetsGoOfEveryFile() {
    for (Fault fault : List.of(Fault.EIO, Fault.ENOSPC)) {
      int refused = 0;
      boolean wasReached = true;
      for (int call = 0; wasReached; call++) {
        FaultFileSystem files = storeWithLeftovers();
        int failing = files.operationCount() + call;
        files.failAt(failing, fault);
        boolean isOpen = false;
        try (SimStore _ = SimStore.open(files, SEED, RandomOptions.SMALL)) {
          isOpen = true;
        } catch (AtlasException _) {
          // of the opening, or of the close
        }
        wasReached = files.operationCount() > failing;
        if (wasReached && !isOpen) {
          refused++;
          String what = fault + " at call " + call + operation(files, failing);
          assertThat(files.openFiles()).as(what).isZero();
          files.clearFaults();
          SimStore.open(files, SEED, RandomOptions.SMALL).close();
        }
      }
      assertThat(refused).isGreaterThan(20);
    }
  }

  /// A store with a table that has rows of the store's own, a log that is to be replayed, and a
  /// table that no manifest names.
  private static FaultFileSystem storeWithLeftovers() {
    var files = FaultFileSystem.create(SEED);
    try (SimStore store = SimStore.open(files, SEED, RandomOptions.SMALL)) {
      store.db().namespace("one").put(new byte[] {1}, new byte[100]);
      store.db().flush();
      store.db().put(new byte[] {2}, new byte[100]);
    }
    files.put("000099.sst", new byte[1]);
    return files;
  }

  /// A failed sync of the log: the write that waits for it fails, all later ones are refused, reads
  /// go on, and the sync is never tried again.
  @Test
  void failedSyncOfTheLogEndsWritesForGood() {
    var files = FaultFileSystem.create(SEED);
    var options = RandomOptions.SMALL.withDurability(Durability.ALWAYS);
    var store = SimStore.open(files, SEED, options);
    store.db().put(bytes("before"), bytes("1"));
    files.fail(DbIoErrorTest::isLogSync, Fault.EIO);
    assertThrows(AtlasException.class, () -> store.db().put(bytes("during"), bytes("2")));
    Operation failed =
        files.operations().stream().filter(DbIoErrorTest::isLogSync).toList().getLast();
    for (int i = 0; i < 5; i++) {
      var refusal =
          assertThrows(ReadOnlyException.class, () -> store.db().put(bytes("after"), bytes("3")));
      assertThat(refusal).hasMessageContaining("read-only").hasMessageContaining("Input/output");
      store.scheduler().runFor(10_000_000_000L);
    }
    assertThat(store.db().get(bytes("before"))).isEqualTo(bytes("1"));
    assertThat(store.db().get(bytes("after"))).isNull();
    store.abandon();
    assertThat(files.operations())
        .as("a failed sync is not tried again")
        .filteredOn(DbIoErrorTest::isLogSync)
        .filteredOn(operation -> operation.name().equals(failed.name()))
        .last()
        .isEqualTo(failed);
    try (var again = SimStore.open(files.crash(SEED), SEED, options)) {
      assertThat(again.db().get(bytes("before"))).isEqualTo(bytes("1"));
      assertThat(again.db().get(bytes("after"))).isNull();
      again.db().put(bytes("after"), bytes("4"));
    }
  }

  private static boolean isLogSync(Operation operation) {
    return operation.kind() == Kind.SYNC && operation.name().endsWith(".log");
  }

  /// A full disk: writes are refused with a clear error, reads go on, and writes go on as soon as
  /// there is room, without a restart.
  @Test
  void fullDiskRefusesWritesUntilThereIsRoom() {
    for (int round = 0; round < 10; round++) {
      fillAndFree(SEED + round);
    }
  }

  private static void fillAndFree(long seed) {
    var random = new Random(seed);
    var files = FaultFileSystem.create(seed).withoutHistory();
    var options = RandomOptions.SMALL.withDurability(Durability.OS);
    var model = new StoreModel();
    String replay = "replay: -Dtest=DbIoErrorTest -Datlaskv.seed=" + seed;
    try (var store = SimStore.open(files, seed, options)) {
      files.capacity(600_000 + random.nextInt(600_000));
      ReadOnlyException refusal = null;
      for (int i = 0; refusal == null; i++) {
        assertThat(i).as(replay).isLessThan(10_000);
        byte[] value = new byte[random.nextInt(8_000)];
        random.nextBytes(value);
        byte[] key = bytes("key" + i % 300);
        try {
          store.db().put(key, value);
          model.entries(StoreModel.DEFAULT).put(Bytes.of(key), Bytes.of(value));
        } catch (ReadOnlyException e) {
          refusal = e;
        }
      }
      assertThat(refusal).as(replay).hasMessageContaining("room on the disk");
      assertEquals("", model.difference(StoreModel.readAllWays(store.db())), replay);
      files.capacity(Long.MAX_VALUE);
      store.scheduler().runFor(10_000_000_000L);
      store.db().put(bytes("room"), bytes("again"));
      Write.put("room", "again").to(model);
      store.db().flush();
      store.db().compact();
      assertEquals("", model.difference(StoreModel.readAllWays(store.db())), replay);
    }
    try (var store = SimStore.open(files, seed, options)) {
      assertEquals("", model.difference(StoreModel.readAllWays(store.db())), replay);
      assertTrue(store.db().recoveryReport().wasCleanShutdown(), replay);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
