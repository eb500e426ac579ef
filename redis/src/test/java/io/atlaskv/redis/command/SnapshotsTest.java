package io.atlaskv.redis.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.redis.store.SimStore;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// SAVE and its kin, and the times of `save`, on a simulated store and clock.
class SnapshotsTest {
  private static final long SECOND = 1_000_000_000L;

  private final SimStore store = SimStore.create(1, Durability.OS);
  private final LocalClient client = new LocalClient(store);
  private final Snapshots snapshots = client.data().snapshots();

  @AfterEach
  void close() {
    store.close();
  }

  /// Time passes, with the looks at what is due; what began has ended afterwards.
  private void pass(long seconds) {
    for (long i = 0; i < seconds; i++) {
      store.sim().clock().advance(SECOND);
      snapshots.turn();
      store.settle();
    }
  }

  private String info(String name) {
    Matcher line =
        Pattern.compile("^" + name + ":(.*)\r$", Pattern.MULTILINE | Pattern.UNIX_LINES)
            .matcher(client.call("INFO", "persistence"));
    assertTrue(line.find(), name);
    return line.group(1);
  }

  private String getIn(String snapshot, String key) {
    try (SimStore copy = store.openCheckpoint(snapshot, 1)) {
      return new LocalClient(copy).call("GET", key);
    }
  }

  @Test
  void aSnapshotHoldsItsMomentAndOpensAsAStore() {
    client.call("SET", "k", "before");
    assertEquals("+OK\r\n", client.call("SAVE"));
    client.call("SET", "k", "after");
    assertEquals("+OK\r\n", client.call("SAVE"));
    assertEquals("$6\r\nbefore\r\n", getIn(store.checkpoints().getFirst(), "k"));
    assertEquals("$5\r\nafter\r\n", getIn(store.checkpoints().getLast(), "k"));
  }

  @Test
  void itIsNamedAfterItsTime() {
    store.sim().clock().advance(1_234_000_000L);
    client.call("SAVE");
    client.call("SAVE"); // in the same millisecond
    assertEquals(
        List.of("2023-11-14T22-13-21.234Z", "2023-11-14T22-13-21.235Z"), store.checkpoints());
  }

  @Test
  void theNewestStayAndWhatIsNotOursToo() {
    store.checkpoint("mine");
    store.checkpoint("2026-11-61T00-00-00.000Z"); // looks like ours, but is no time
    client.call("CONFIG", "SET", "snapshots-keep", "3");
    for (int i = 0; i < 5; i++) {
      client.call("SET", "k", "v" + i);
      client.call("SAVE");
      store.sim().clock().advance(SECOND);
    }
    assertThat(store.checkpoints()).hasSize(5).contains("mine", "2026-11-61T00-00-00.000Z");
    assertEquals("$2\r\nv2\r\n", getIn(store.checkpoints().getFirst(), "k"));
  }

  /// Else it would be taken for the oldest, and deleted for being one too many.
  @Test
  void aClockThatWasSetBackDoesNotMakeTheNewestTheOldest() {
    client.call("CONFIG", "SET", "snapshots-keep", "2");
    for (int i = 0; i < 3; i++) {
      client.call("SET", "k", "v" + i);
      assertEquals("+OK\r\n", client.call("SAVE"));
      store.sim().clock().jumpWall(-3_600_000);
    }
    assertThat(store.checkpoints()).hasSize(2);
    assertEquals("$2\r\nv1\r\n", getIn(store.checkpoints().getFirst(), "k"));
    assertEquals("$2\r\nv2\r\n", getIn(store.checkpoints().getLast(), "k"));
  }

  @Test
  void infoAndLastSaveTellOfIt() {
    store.sim().clock().advance(50 * SECOND);
    long start = Long.parseLong(info("rdb_last_save_time"));
    client.call("SET", "k", "v");
    assertThat(Long.parseLong(info("rdb_changes_since_last_save"))).isPositive();
    assertEquals("-1", info("rdb_last_bgsave_time_sec"));
    assertEquals("+Background saving started\r\n", client.call("BGSAVE"));
    assertEquals("1", info("rdb_bgsave_in_progress"));
    assertEquals("0", info("rdb_current_bgsave_time_sec"));
    store.settle();
    assertEquals("0", info("rdb_bgsave_in_progress"));
    assertEquals("-1", info("rdb_current_bgsave_time_sec"));
    assertEquals("0", info("rdb_last_bgsave_time_sec"));
    assertEquals("0", info("rdb_changes_since_last_save"));
    assertEquals("1", info("rdb_saves"));
    assertEquals("ok", info("rdb_last_bgsave_status"));
    assertEquals(start + 50, Long.parseLong(info("rdb_last_save_time")));
    assertEquals(":" + (start + 50) + "\r\n", client.call("LASTSAVE"));
  }

  @Test
  void aChangeDuringASnapshotIsOneSinceIt() {
    client.call("SET", "a", "v");
    client.call("BGSAVE");
    store.settle();
    client.call("SET", "b", "v");
    assertThat(Long.parseLong(info("rdb_changes_since_last_save"))).isPositive();
  }

  @Test
  void savePointsAreKept() {
    client.call("CONFIG", "SET", "save", "100 1 10 3");
    pass(200);
    assertEquals(List.of(), store.checkpoints()); // no change
    client.call("SET", "a", "v");
    pass(1); // more than 100 seconds since the start
    assertThat(store.checkpoints()).hasSize(1);
    client.call("SET", "a", "w");
    pass(100);
    assertThat(store.checkpoints()).hasSize(1);
    pass(1);
    assertThat(store.checkpoints()).hasSize(2);
    client.call("CONFIG", "SET", "snapshots-keep", "10");
    for (int i = 0; i < 3; i++) {
      client.call("SET", "b" + i, "v");
    }
    pass(10);
    assertThat(store.checkpoints()).hasSize(2);
    pass(1);
    assertThat(store.checkpoints()).hasSize(3);
    client.call("CONFIG", "SET", "save", "");
    client.call("SET", "a", "x");
    pass(300);
    assertThat(store.checkpoints()).hasSize(3);
  }

  @Test
  void whatFailsIsToldAndTriedAgain() {
    Logger logger = Logger.getLogger("io.atlaskv");
    logger.setLevel(Level.OFF); // it is logged, too
    try {
      client.call("CONFIG", "SET", "save", "1 1");
      store
          .sim()
          .files()
          .fail(
              operation ->
                  operation.kind() == Operation.Kind.RENAME
                      && operation.name().endsWith(".atlaskv-unfinished/"),
              Fault.EIO);
      client.call("SET", "a", "v");
      pass(2);
      assertEquals("err", info("rdb_last_bgsave_status"));
      assertEquals(List.of(), store.checkpoints());
      assertThat(Long.parseLong(info("rdb_changes_since_last_save"))).isPositive();
      pass(4);
      assertEquals(List.of(), store.checkpoints()); // not at once
      pass(2);
      assertEquals("ok", info("rdb_last_bgsave_status"));
      assertThat(store.checkpoints()).hasSize(1);
      store.sim().files().fail(operation -> operation.kind() == Operation.Kind.LINK, Fault.ENOSPC);
      client.call("SET", "b", "v");
      assertThat(client.call("SAVE")).startsWith("-ERR ").contains("No space left");
      assertEquals("+OK\r\n", client.call("SET", "c", "v"));
    } finally {
      logger.setLevel(null);
    }
  }

  @Test
  void whatATransactionSchedulesBeginsAfterIt() {
    client.call("MULTI");
    client.call("SET", "k", "v");
    client.call("BGREWRITEAOF");
    client.call("BGSAVE");
    client.call("EXEC");
    assertFalse(snapshots.saves().isRunning());
    assertEquals("1", info("aof_rewrite_scheduled"));
    snapshots.turn();
    assertTrue(snapshots.rewrites().isRunning());
    assertFalse(snapshots.saves().isRunning()); // one after the other
    assertThat(client.call("BGSAVE")).startsWith("-ERR Another child process is active");
    assertEquals("+Background saving scheduled\r\n", client.call("BGSAVE", "SCHEDULE"));
    store.settle();
    snapshots.turn();
    assertTrue(snapshots.saves().isRunning());
    assertEquals(
        "+Background append only file rewriting scheduled\r\n", client.call("BGREWRITEAOF"));
    store.settle();
    assertEquals("$1\r\nv\r\n", getIn(store.checkpoints().getFirst(), "k"));
    assertEquals("1", info("aof_rewrites"));
  }

  @Test
  void aRewriteLeavesNothingInTheLogOnly() {
    client.call("SET", "k", "v");
    assertThat(store.statistics().memtableEntries()).isPositive();
    client.call("BGREWRITEAOF");
    assertEquals("1", info("aof_rewrite_in_progress"));
    store.settle();
    assertEquals("0", info("aof_rewrite_in_progress"));
    assertEquals(0, store.statistics().memtableEntries());
  }

  @Test
  void shutdownSavesIfAskedToOrIfTheServerSavesByItself() {
    client.call("SHUTDOWN");
    assertEquals(List.of(), store.checkpoints());
    client.call("SHUTDOWN", "SAVE");
    assertThat(store.checkpoints()).hasSize(1);
    client.call("CONFIG", "SET", "save", "3600 1");
    client.call("SHUTDOWN", "NOSAVE");
    assertThat(store.checkpoints()).hasSize(1);
    client.call("SHUTDOWN");
    assertThat(store.checkpoints()).hasSize(2);
    assertTrue(client.isShutdown());
  }

  @Test
  void shutdownWaitsForTheSnapshotUnderWayWithoutAWorker() {
    client.call("SET", "k", "v");
    assertThat(client.call("BGSAVE")).startsWith("+Background saving started");
    assertTrue(snapshots.saves().isRunning());
    client.call("SHUTDOWN", "SAVE"); // what it waits for runs on this thread, between its tries
    assertThat(store.checkpoints()).hasSize(2);
    assertEquals(2, snapshots.saves().count());
    assertTrue(client.isShutdown());
  }

  @Test
  void shutdownStaysIfTheSnapshotFails() {
    Logger logger = Logger.getLogger("io.atlaskv");
    logger.setLevel(Level.OFF);
    try {
      store
          .sim()
          .files()
          .failAlways(operation -> operation.name().contains(".atlaskv-unfinished"), Fault.EIO);
      assertEquals(
          "-ERR Errors trying to SHUTDOWN. Check logs.\r\n", client.call("SHUTDOWN", "SAVE"));
      assertFalse(client.isShutdown());
      client.call("SHUTDOWN", "SAVE", "FORCE");
      assertTrue(client.isShutdown());
      store.sim().files().clearFaults();
    } finally {
      logger.setLevel(null);
    }
  }
}
