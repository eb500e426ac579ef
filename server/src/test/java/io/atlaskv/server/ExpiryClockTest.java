package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.server.SimServer.SimClient;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Turns of the expirer between the rounds of a loop. Time stands still within a round, so a turn
/// that nobody waits for takes all that is due.
class ExpiryClockTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final long TURN_PERIOD_NANOS = 100_000_000;
  private static final long TTL_NANOS = 60_000_000_000L;
  private static final int KEYS = 2_000;
  private static final int SHORT_SLICE = 256;
  private static final int LONG_SLICE = 1024;
  private static final int LATCHED_SLICE = 128; // the first one of a backlog

  private final SimServer sim = new SimServer(SEED, 1, Durability.OS);
  private final SimClient client = sim.connect(0);
  private final RedisData data = sim.server.data();

  @BeforeEach
  void start() {
    new ExpiryClock(client.connection().loop, data).start();
  }

  private void fill() {
    var requests = new StringBuilder();
    for (int i = 0; i < KEYS; i++) {
      requests.append("SET k").append(i).append(" v PX 60000\r\n");
    }
    client.send(requests.toString());
    settleAndPutInOrder();
  }

  /// The first turn has the memtable put in order, and finds nothing due yet.
  private void settleAndPutInOrder() {
    sim.settle();
    sim.store.sim().clock().advance(TURN_PERIOD_NANOS);
    sim.settle();
    client.received();
  }

  /// Lets the time come, without a round.
  private void makeDue() {
    sim.store.sim().clock().advance(2 * TTL_NANOS);
  }

  @Test
  void withNobodyWaitingATurnTakesWhatItsTimeAllows() {
    fill();
    makeDue();
    sim.step(0);
    assertEquals(KEYS, data.expiredKeys());
  }

  @Test
  void aRequestWaitsForOneShortSliceAtMost() {
    fill();
    makeDue();
    long before = 0;
    for (int round = 0; before < KEYS; round++) {
      client.command("PING");
      sim.step(0);
      assertEquals("+PONG\r\n", client.received());
      long gone = data.expiredKeys() - before;
      int most = round == 0 ? LATCHED_SLICE : SHORT_SLICE;
      assertThat(gone).isBetween(1L, (long) most);
      before += gone;
    }
  }

  @Test
  void withAllEffortARequestWaitsForALongerOne() {
    client.command("CONFIG SET active-expire-effort 10");
    fill();
    makeDue();
    client.command("PING");
    sim.step(0);
    client.command("PING");
    sim.step(0);
    assertEquals(LATCHED_SLICE + LONG_SLICE, data.expiredKeys());
  }

  @Test
  void whileTheStoreHasNoRoomItAsksAgainBeforeTheNextPeriod() {
    fill();
    makeDue();
    sim.store.stall(true);
    sim.step(0);
    assertEquals(0, data.expiredKeys());
    sim.store.stall(false);
    sim.store.sim().clock().advance(TURN_PERIOD_NANOS / 10);
    sim.step(0);
    assertEquals(KEYS, data.expiredKeys());
  }

  @Test
  void repliesLeaveBeforeTheTurn() {
    fill();
    makeDue();
    var goneAtReply = new AtomicLong(-1);
    client.beforeWrite(() -> goneAtReply.set(data.expiredKeys()));
    client.command("PING");
    sim.step(0);
    assertEquals(0, goneAtReply.get());
    assertThat(data.expiredKeys()).isPositive();
  }

  /// The turn is the last thing of a round, so the loop must not sleep on what it has published.
  @Test
  void keyEventsOfATurnAreSentWithoutAnyRequest() {
    SimClient listener = sim.connect(0);
    listener.send("CONFIG SET notify-keyspace-events Kx\r\nSUBSCRIBE __keyspace@0__:k\r\n");
    client.send("SET k v PX 60000\r\n");
    settleAndPutInOrder();
    listener.received();
    makeDue();
    sim.step(0);
    assertEquals(1, data.expiredKeys());
    assertEquals(0, sim.sleepyStep(0));
    assertThat(listener.received()).contains("__keyspace@0__:k", "expired");
  }

  @Test
  void aReadThatFailsIsTriedAgainAfterAPause() {
    Logger logger = Logger.getLogger(ExpiryClock.class.getName());
    logger.setLevel(Level.OFF);
    try {
      fill();
      makeDue();
      sim.store.failGet(1);
      sim.step(0);
      assertEquals(0, data.expiredKeys());
      makeDue();
      sim.step(0);
      assertEquals(KEYS, data.expiredKeys());
    } finally {
      logger.setLevel(null);
    }
  }

  /// A loop goes on after a mistake in one of its tasks, and so does this one.
  @Test
  void whateverATurnThrowsThereIsANextOne() {
    fill();
    makeDue();
    sim.store.failGet(1, new IllegalStateException("planted"));
    assertThrows(IllegalStateException.class, () -> sim.step(0));
    assertEquals(0, data.expiredKeys());
    makeDue();
    sim.step(0);
    assertEquals(KEYS, data.expiredKeys());
  }

  /// Asks for a key amid a table, and lets a first turn go by; answers how many keys that took.
  private long turnBesideAFetch() {
    for (int i = 0; i < KEYS; i++) { // several blocks: the expirer reads the first or the last one
      client.send("SET cold" + i + " " + "v".repeat(50) + "\r\n");
    }
    sim.settle();
    sim.store.flush();
    sim.store.dropCache();
    fill();
    makeDue();
    client.command("GET cold2"); // in a middle block: most begin with cold1
    sim.step(0);
    long gone = data.expiredKeys();
    assertThat(gone).isBetween(1L, (long) LATCHED_SLICE);
    return gone;
  }

  /// The thread that fetches may have no core but the loop's.
  @Test
  void theNextTurnComesWhenWhatAClientWaitsForIsFetched() {
    long gone = turnBesideAFetch();
    sim.step(0);
    sim.step(0);
    assertEquals(gone, data.expiredKeys());
    assertEquals("", client.received());
    while (sim.store.sim().scheduler().step()) {} // no time passes
    sim.step(0);
    assertThat(client.received()).startsWith("$50\r\nv");
    assertThat(data.expiredKeys()).isGreaterThan(gone);
  }

  @Test
  void aSlowFetchForAClientPutsTheNextTurnOffForAMillisecond() {
    long gone = turnBesideAFetch();
    sim.store.sim().clock().advance(1_000_000);
    sim.step(0);
    assertThat(data.expiredKeys()).isGreaterThan(gone);
    assertEquals("", client.received());
  }

  @Test
  void withAllEffortTheNextTurnDoesNotWaitForFetchesOfClients() {
    client.command("CONFIG SET active-expire-effort 10");
    long gone = turnBesideAFetch();
    sim.step(0);
    assertThat(data.expiredKeys()).isGreaterThan(gone);
    assertEquals("", client.received());
  }

  @Test
  void withMoreEffortTheNextTurnIsPutOffForLess() {
    client.command("CONFIG SET active-expire-effort 7");
    long gone = turnBesideAFetch();
    sim.store.sim().clock().advance(333_000);
    sim.step(0);
    assertEquals(gone, data.expiredKeys());
    sim.store.sim().clock().advance(1_000);
    sim.step(0);
    assertThat(data.expiredKeys()).isGreaterThan(gone);
  }

  @Test
  void blocksThatCannotBeFetchedAreNotAskedForInEachRound() {
    fill();
    sim.store.flush();
    sim.store.dropCache();
    FaultFileSystem files = sim.store.sim().files();
    files.failAlways(operation -> operation.kind() == Operation.Kind.READ, Fault.EIO);
    makeDue();
    int before = files.count(Operation.Kind.READ);
    for (int round = 0; round < 100; round++) {
      sim.step(0);
      while (sim.store.sim().scheduler().step()) {} // what it has asked for, no time passes
    }
    assertThat(files.count(Operation.Kind.READ) - before).isBetween(1, 20);
    assertEquals(0, data.expiredKeys());
    files.clearFaults();
    for (int round = 0; round < 100 && data.expiredKeys() < KEYS; round++) {
      makeDue();
      sim.settle();
    }
    assertEquals(KEYS, data.expiredKeys());
  }
}
