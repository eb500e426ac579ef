package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.redis.command.HashSlot;
import io.atlaskv.redis.command.LocalClient;
import io.atlaskv.server.SimServer.SimClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLoopTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final String REPRO = "rerun: -Dtest=EventLoopTest -Datlaskv.seed=" + SEED;

  @Test
  void aPipelineIsAnsweredByOneWrite() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("SET a 1\r\nINCR a\r\nGET a\r\nPING\r\n");
    sim.step(0);
    assertEquals("+OK\r\n:2\r\n$1\r\n2\r\n+PONG\r\n", client.received());
    assertEquals(1, client.writes());
  }

  @Test
  void inModeAlwaysNoReplyLeavesBeforeTheSync() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    sim.settle();
    SimClient writer = sim.connect(0);
    SimClient reader = sim.connect(0);
    writer.command("SET a 1");
    reader.send("PING\r\nGET none\r\nGET a\r\nPING\r\n");
    sim.run();
    assertEquals("", writer.received());
    assertEquals("+PONG\r\n$-1\r\n", reader.received(), "what shows nothing unsynced leaves");
    sim.store.settle();
    sim.run();
    assertEquals("+OK\r\n", writer.received());
    assertEquals("$1\r\n1\r\n+PONG\r\n", reader.received());
  }

  @Test
  void inModeAlwaysWhatComesDuringASyncIsWrittenWhenItHasEnded() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient[] clients = {sim.connect(0), sim.connect(0)};
    sim.settle();
    long written = sim.store.writtenSequence();
    sim.store.holdSync(true);
    for (SimClient client : clients) {
      client.command("SET a 1");
      sim.step(0);
      sim.step(0); // finds none
      assertEquals(written, sim.store.writtenSequence(), "the sync does not cover it");
    }
    sim.store.holdSync(false);
    sim.step(0);
    assertEquals(written + clients.length, sim.store.writtenSequence());
    sim.settle();
    for (SimClient client : clients) {
      assertEquals("+OK\r\n", client.received());
    }
  }

  @Test
  void inModeAlwaysNothingWaitsForASecondSync() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient first = sim.connect(0);
    SimClient second = sim.connect(0);
    sim.settle();
    long written = sim.store.writtenSequence();
    sim.store.holdSync(true);
    first.command("SET a 1");
    sim.step(0);
    sim.store.writeLog(); // as another loop does
    second.command("SET b 1");
    sim.step(0);
    assertEquals(written + 1, sim.store.writtenSequence());
    sim.store.requestSync();
    sim.store.settle();
    sim.step(0);
    assertEquals(written + 2, sim.store.writtenSequence(), "a sync has ended since it came");
    sim.store.settle();
    sim.step(0);
    assertEquals("+OK\r\n", first.received());
    assertEquals("+OK\r\n", second.received());
  }

  @Test
  void inModeAlwaysTheNextWriteComesBeforeTheRepliesOfTheLastSync() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient first = sim.connect(0);
    SimClient second = sim.connect(0);
    sim.settle();
    long written = sim.store.writtenSequence();
    first.command("SET a 1");
    sim.step(0);
    sim.step(0); // writes it and asks for a sync
    sim.store.holdSync(true);
    second.command("SET b 1");
    sim.step(0);
    sim.store.settle();
    sim.store.holdSync(false);
    var writtenAtReply = new ArrayList<Long>();
    first.beforeWrite(() -> writtenAtReply.add(sim.store.writtenSequence()));
    sim.step(0);
    assertEquals("+OK\r\n", first.received());
    assertEquals(List.of(written + 2), writtenAtReply);
  }

  @Test
  void inModeAlwaysALoopIsWokenByTheSyncNotByItsOwnWrite() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient client = sim.connect(0);
    sim.settle();
    long written = sim.store.writtenSequence();
    client.command("SET a 1");
    sim.step(0);
    int before = sim.wakeUps(0);
    sim.step(0);
    assertEquals(written + 1, sim.store.writtenSequence());
    assertEquals(before, sim.wakeUps(0));
    sim.store.settle();
    assertEquals(before + 1, sim.wakeUps(0));
  }

  @Test
  void inModeAlwaysRoundsThatFindInputShareOneSync() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient[] clients = {sim.connect(0), sim.connect(0), sim.connect(0)};
    sim.settle();
    long syncs = sim.store.statistics().logSyncs();
    long written = sim.store.writtenSequence();
    for (SimClient client : clients) {
      client.command("SET a 1");
      sim.step(0);
      assertEquals(written, sim.store.writtenSequence(), "more input may be there");
    }
    sim.step(0); // finds none
    assertEquals(written + clients.length, sim.store.writtenSequence());
    sim.settle();
    for (SimClient client : clients) {
      assertEquals("+OK\r\n", client.received());
    }
    assertEquals(syncs + 1, sim.store.statistics().logSyncs());
  }

  @Test
  void inModeAlwaysALoopThatAlwaysFindsInputStillWritesItsLog() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient client = sim.connect(0);
    SimClient busy = sim.connect(0);
    sim.settle();
    client.command("SET a 1");
    int rounds = 0;
    while (client.received().isEmpty()) {
      busy.command("PING");
      sim.step(0);
      sim.store.settle();
      assertTrue(++rounds < 100, "rounds=" + rounds);
    }
  }

  @Test
  void inModeAlwaysAnAnsweredWriteSurvivesAPowerCut() {
    assertEquals(0, lostAfterPowerCuts(false), REPRO);
  }

  @Test
  void aPlantedReplyBeforeSyncIsFound() {
    assertTrue(lostAfterPowerCuts(true) > 0, REPRO);
  }

  /// How many answered writes are gone after a power cut at a random moment, over some rounds.
  private static int lostAfterPowerCuts(boolean isPlanted) {
    var random = new Random(SEED);
    int lost = 0;
    for (int round = 0; round < 20; round++) {
      var sim = new SimServer(SEED + round, 2, Durability.ALWAYS);
      if (isPlanted) {
        sim.store.claimWrittenIsDurable();
      }
      SimClient client = sim.connect(0);
      int answered = 0;
      for (int i = 0; i < 30; i++) {
        client.command("SET k" + i + " v");
        sim.step();
        if (random.nextInt(3) == 0) {
          sim.store.settle();
          sim.run();
        }
        answered += client.received().length() / "+OK\r\n".length();
      }
      var left = new LocalClient(sim.store.afterPowerCut(SEED + round));
      for (int i = 0; i < answered; i++) {
        lost += left.call("GET", "k" + i).equals("$1\r\nv\r\n") ? 0 : 1;
      }
    }
    return lost;
  }

  @Test
  void aDeleteThatWasReadIsGatedToo() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient client = sim.connect(0);
    client.command("SET a 1");
    sim.settle();
    client.received();
    SimClient other = sim.connect(0);
    client.command("DEL a");
    other.command("GET a");
    sim.run();
    assertEquals("", other.received());
    sim.settle();
    assertEquals("$-1\r\n", other.received());
  }

  @Test
  void afterAFailedSyncGatedRepliesBecomeErrorsAndReadsGoOn() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient client = sim.connect(0);
    client.command("SET a 1");
    sim.settle();
    assertEquals("+OK\r\n", client.received());
    sim.store.sim().files().fail(op -> op.name().endsWith(".log"), Fault.EIO);
    client.send("SET b 2\r\nPING\r\nGET a\r\n");
    sim.settle();
    String replies = client.received();
    assertTrue(
        replies.startsWith("-MISCONF Errors writing to the AOF file: ")
            && replies.endsWith("\r\n+PONG\r\n$1\r\n1\r\n"),
        replies);
    client.send("SET c 3\r\nGET a\r\n");
    sim.settle();
    replies = client.received();
    assertTrue(replies.startsWith("-MISCONF ") && replies.endsWith("\r\n$1\r\n1\r\n"), replies);
    assertFalse(client.isClosed());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aParkedCommandLetsOthersPassButNotItsOwnConnection(int loops) {
    var sim = new SimServer(SEED, loops, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient other = sim.connect(0);
    client.command("MSET a 1 b 2");
    sim.settle();
    client.received();
    sim.store.missFirst();
    client.send("GET a\r\nPING\r\nGET b\r\n");
    other.command("PING");
    sim.run();
    assertEquals("", client.received());
    assertEquals("+PONG\r\n", other.received());
    sim.settle();
    assertEquals("$1\r\n1\r\n+PONG\r\n$1\r\n2\r\n", client.received());
  }

  @Test
  void aCommandCutInPiecesIsParkedAndGoesOn() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    sim.store.missFirst();
    SimClient client = sim.connect(0);
    String value = "x".repeat(200_000);
    client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$200000\r\n" + value.substring(0, 70_000));
    sim.run();
    client.send(value.substring(70_000) + "\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nPING\r\n");
    sim.settle();
    assertEquals("+OK\r\n$200000\r\n" + value + "\r\n+PONG\r\n", client.received());
    assertEquals(0, sim.server.bufferBytes().get(), "all buffers are given back");
  }

  @Test
  void aStalledWriteWaitsAndReadsOfOthersGoOn() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient writer = sim.connect(0);
    SimClient reader = sim.connect(0);
    sim.store.stall(true);
    writer.send("SET a 1\r\nPING\r\n");
    reader.command("GET a");
    sim.settle();
    assertEquals("", writer.received());
    assertEquals("$-1\r\n", reader.received());
    sim.store.stall(false);
    sim.settle();
    assertEquals("+OK\r\n+PONG\r\n", writer.received());
  }

  @Test
  void aLatchHeldByAnotherMakesAWriterWait() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.command("DELRANGE - +"); // takes all latches, for a moment
    client.command("SET a 1");
    sim.settle();
    assertEquals(":0\r\n+OK\r\n", client.received());
    assertFalse(sim.server.data().latches().isTaken(HashSlot.COUNT / 4 - 1));
  }

  /// Clients on several loops add to few counters, with misses, parking and workers: no increment
  /// is lost, every client sees its replies in order.
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void incrementsOfManyClientsAddUp(int loops) {
    var random = new Random(SEED);
    var sim = new SimServer(SEED, loops, Durability.ALWAYS);
    sim.store.missFirst();
    var clients = new ArrayList<SimClient>();
    for (int i = 0; i < 8; i++) {
      clients.add(sim.connect(i % loops));
    }
    int sent = 0;
    for (int round = 0; round < 200; round++) {
      SimClient client = clients.get(random.nextInt(clients.size()));
      client.command("INCR n" + random.nextInt(3));
      sent++;
      if (random.nextInt(10) == 0) {
        client.send("MSET x 1 n9 " + round + "\r\n");
      }
      sim.step();
      if (random.nextInt(5) == 0) {
        sim.store.sim().scheduler().step();
      }
    }
    sim.settle();
    long sum = 0;
    SimClient client = clients.get(0);
    client.received();
    client.command("MGET n0 n1 n2");
    sim.settle();
    for (String line : client.received().split("\r\n", -1)) {
      sum += line.matches("[0-9]+") ? Long.parseLong(line) : 0;
    }
    assertEquals(sent, sum, REPRO);
    for (int latch = 0; latch < 4096; latch++) {
      assertFalse(sim.server.data().latches().isTaken(latch), "latch " + latch + " was left taken");
    }
  }

  @Test
  void aSlowReaderIsPausedAndThenServed() {
    var limits = new Limits(1 << 20, 1 << 20, 1 << 16, 1 << 20, 1 << 24);
    var sim = new SimServer(SEED, 1, Durability.OS, limits);
    SimClient client = sim.connect(0);
    client.command("SET k " + "v".repeat(10_000));
    sim.settle();
    client.received();
    client.window(0);
    int count = 500;
    client.send("GET k\r\n".repeat(count));
    sim.settle();
    assertTrue(sim.server.bufferBytes().get() < 4 * (1 << 16), "" + sim.server.bufferBytes());
    assertFalse(client.isClosed());
    client.window(Integer.MAX_VALUE);
    sim.settle();
    assertEquals(count * (10_000 + "$10000\r\n\r\n".length()), client.received().length());
    assertEquals(0, sim.server.bufferBytes().get());
  }

  @Test
  void aReplyThatIsTooLargeIsAnError() {
    var limits = new Limits(1 << 20, 1 << 20, 1 << 16, 1 << 17, 1 << 24);
    var sim = new SimServer(SEED, 1, Durability.OS, limits);
    SimClient client = sim.connect(0);
    client.command("SET k " + "v".repeat(50_000));
    client.command("MGET k k k");
    client.command("PING");
    sim.settle();
    assertEquals(
        "+OK\r\n-ERR reply is larger than the output limit of 131072 bytes\r\n+PONG\r\n",
        client.received());
  }

  /// A worker writes its reply apart from those that wait; both together must fit.
  @Test
  void aReplyOfAWorkerThatIsTooLargeBesideOthersIsAnError() {
    var limits = new Limits(1 << 20, 1 << 20, 1 << 16, 1 << 17, 1 << 24);
    var sim = new SimServer(SEED, 1, Durability.OS, limits);
    SimClient client = sim.connect(0);
    String name = "k".repeat(500);
    for (int i = 100; i < 300; i++) {
      client.command("SET " + name + i + " v");
    }
    client.command("SET large " + "v".repeat(50_000));
    sim.settle();
    client.received();
    client.window(0);
    client.send("GET large\r\nKEYS " + name + "*\r\nPING\r\n");
    sim.settle();
    client.window(Integer.MAX_VALUE);
    sim.settle();
    String replies = client.received();
    assertTrue(replies.startsWith("$50000\r\n"));
    String rest = replies.substring("$50000\r\n".length() + 50_000 + "\r\n".length());
    assertTrue(rest.startsWith("-ERR reply is larger than the output limit of "), rest);
    assertTrue(rest.endsWith(" bytes\r\n+PONG\r\n"), rest);
    client.send("KEYS " + name + "*\r\nPING\r\n");
    sim.settle();
    replies = client.received();
    assertTrue(replies.startsWith("*200\r\n$503\r\n" + name), rest);
    assertTrue(replies.endsWith("299\r\n+PONG\r\n"), rest);
    assertEquals(0, sim.server.bufferBytes().get());
  }

  @Test
  void whatManyLeaveUnreadIsBoundedTogetherAndOthersAreServed() {
    int all = 1 << 20;
    var limits = new Limits(1 << 20, 1 << 20, 1 << 18, 1 << 18, all);
    var sim = new SimServer(SEED, 2, Durability.OS, limits);
    SimClient reader = sim.connect(0);
    reader.command("SET k " + "v".repeat(60_000));
    sim.settle();
    assertEquals("+OK\r\n", reader.received());
    var hoarders = new ArrayList<SimClient>();
    for (int i = 0; i < 20; i++) {
      SimClient hoarder = sim.connect(i % 2);
      hoarder.window(0);
      hoarder.command("GET k");
      hoarders.add(hoarder);
      sim.settle();
      assertTrue(sim.server.bufferBytes().get() <= all, "" + sim.server.bufferBytes());
      reader.command("PING");
      sim.settle();
      assertEquals("+PONG\r\n", reader.received());
    }
    assertFalse(hoarders.getFirst().isClosed());
    assertTrue(hoarders.getLast().isClosed());
  }

  @Test
  void aRequestOverTheLimitEndsTheConnectionOnly() {
    var limits = new Limits(1 << 20, 1 << 18, 1 << 16, 1 << 20, 1 << 24);
    var sim = new SimServer(SEED, 1, Durability.OS, limits);
    SimClient client = sim.connect(0);
    client.send("*2\r\n$3\r\nGET\r\n$1000000\r\n" + "x".repeat(500_000));
    sim.settle();
    assertTrue(client.isClosed());
    assertEquals(0, sim.server.bufferBytes().get());
    SimClient other = sim.connect(0);
    other.command("PING");
    sim.settle();
    assertEquals("+PONG\r\n", other.received());
  }

  /// What a web page can make a browser send.
  @ParameterizedTest
  @ValueSource(strings = {"POST / HTTP/1.1\r\n", "GET /\r\nhOsT: 127.0.0.1:6379\r\n", "post\r\n"})
  void anHttpRequestEndsTheConnectionWithoutAWordAndRunsNothing(String head) {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send(head + "Content-Length: 11\r\n\r\nSET k pwned\r\n");
    sim.settle();
    assertTrue(client.isClosed());
    assertEquals("", client.received());
    SimClient other = sim.connect(0);
    other.command("EXISTS k");
    sim.settle();
    assertEquals(":0\r\n", other.received());
    assertEquals(1, sim.server.connectionCount());
    assertTrue(other.connection().loop.isIdle());
  }

  @Test
  void aCommandForWhichThereIsNoMemoryCostsItselfOnly() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient client = sim.connect(0);
    sim.store.starveGet(1);
    client.send("INCR n\r\nPING\r\n");
    sim.settle();
    assertEquals("-ERR no memory for this command\r\n+PONG\r\n", client.received());
    SimClient other = sim.connect(1);
    other.command("INCR n"); // the latch is free
    sim.settle();
    assertEquals(":1\r\n", other.received());
  }

  @Test
  void aProtocolErrorIsAnsweredThenClosed() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("PING\r\n*1\r\n$abc\r\nPING\r\n");
    sim.settle();
    assertEquals("+PONG\r\n-ERR Protocol error: invalid bulk length\r\n", client.received());
    assertTrue(client.isClosed());
  }

  @Test
  void aClientThatHangsUpWhileParkedLeavesNothingBehind() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    sim.store.missFirst();
    SimClient client = sim.connect(0);
    client.command("INCR n");
    sim.run();
    sim.server.connections().forEach(connection -> connection.loop.close(connection));
    sim.settle();
    SimClient other = sim.connect(0);
    other.command("GET n");
    sim.settle();
    assertEquals("$1\r\n1\r\n", other.received());
    assertEquals(0, sim.server.bufferBytes().get());
    assertEquals(1, sim.server.connections().size());
  }

  /// It is tried in each round, and leaves nothing behind in any.
  @Test
  void aCommandThatWaitsForItsTimeHasTheLoopSleepUntilThen() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient other = sim.connect(0);
    sim.store.sim().clock().advance(SECOND);
    client.command("WAIT 1 5000");
    sim.settle();
    for (int i = 0; i < 100; i++) {
      sim.store.sim().clock().advance(MILLI);
      other.command("PING");
      sim.settle();
    }
    EventLoop loop = client.connection().loop;
    assertThat(loop.timerCount()).isLessThanOrEqualTo(1);
    long sleepNanos = sim.sleepyStep(0);
    assertThat(sleepNanos).isBetween(4 * SECOND, 5 * SECOND - 100 * MILLI);
    sim.store.sim().clock().advance(sleepNanos);
    assertEquals(0, sim.sleepyStep(0));
    assertEquals(":0\r\n", client.received());
    assertEquals(-1, sim.sleepyStep(0));
  }

  @Test
  void aClientThatWaitsCanBeUnblockedByAnother() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient other = sim.connect(1);
    long id = client.connection().session.id();
    other.command("CLIENT UNBLOCK " + id);
    sim.settle();
    assertEquals(":0\r\n", other.received()); // it does not wait yet
    for (String wait : List.of("WAIT 1 0", "WAITAOF 0 1 0")) {
      client.command(wait);
      sim.settle();
      assertEquals("", client.received());
      assertTrue(client.connection().session.isBlocked());
      other.command("CLIENT LIST ID " + id);
      sim.settle();
      assertThat(other.received()).contains(" flags=b ");
      other.command("CLIENT UNBLOCK " + id);
      sim.settle();
      assertEquals(":1\r\n", other.received());
      assertEquals(wait.startsWith("WAITAOF") ? "*2\r\n:1\r\n:0\r\n" : ":0\r\n", client.received());
      assertFalse(client.connection().session.isBlocked());
      client.command(wait);
      sim.settle();
      other.command("CLIENT UNBLOCK " + id + " ERROR");
      sim.settle();
      assertEquals(":1\r\n", other.received());
      assertEquals("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n", client.received());
    }
    assertTrue(client.connection().loop.isIdle());
  }

  @Test
  void aClientThatLeavesWhileItWaitsForItsTimeLeavesNothingBehind() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    EventLoop loop = client.connection().loop;
    sim.store.sim().clock().advance(SECOND);
    client.command("WAIT 1 0");
    sim.settle();
    assertFalse(loop.isIdle());
    sim.server.kill(client.connection().session);
    sim.settle();
    assertTrue(loop.isIdle());
    assertEquals(0, sim.server.bufferBytes().get());
    assertEquals(-1, sim.sleepyStep(0));
  }

  @Test
  void aClientThatHangsUpWhileItWaitsIsSeen() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    EventLoop loop = client.connection().loop;
    sim.store.sim().clock().advance(SECOND);
    client.command("WAIT 1 0");
    sim.settle();
    client.hangUp();
    sim.settle();
    assertTrue(client.isClosed());
    assertTrue(loop.isIdle());
    assertEquals(0, sim.server.bufferBytes().get());
  }

  @Test
  void whatComesWhileACommandWaitsForItsTimeIsAnsweredAfterIt() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    sim.store.sim().clock().advance(SECOND);
    client.command("SET key value");
    client.command("WAIT 1 1000");
    sim.settle();
    String many = "GET key\r\n".repeat(20_000); // more than a buffer takes ahead
    client.send(many);
    client.hangUp();
    sim.settle();
    assertFalse(client.isClosed()); // the end is behind what was not read
    sim.store.sim().clock().advance(2 * SECOND);
    sim.settle();
    assertEquals("+OK\r\n:0\r\n" + "$5\r\nvalue\r\n".repeat(20_000), client.received());
    assertTrue(client.isClosed());
  }

  @Test
  void quitAnswersAndShutdownDoesNot() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("QUIT\r\nPING\r\n");
    sim.settle();
    assertEquals("+OK\r\n", client.received());
    assertTrue(client.isClosed());
    SimClient other = sim.connect(0);
    other.send("SET a 1\r\nSHUTDOWN\r\n");
    sim.settle();
    assertEquals("+OK\r\n", other.received());
    assertTrue(sim.isShutdown());
  }

  /// Mutated pipelines: every connection answers or closes, nothing stays behind.
  @Test
  void randomBytesNeverHurtTheServer() {
    var random = new Random(SEED);
    String good =
        "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nabc\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nMGET k k\r\n";
    var sim = new SimServer(SEED, 2, Durability.OS);
    for (int round = 0; round < 3_000; round++) {
      var bytes = new StringBuilder(good.repeat(1 + random.nextInt(3)));
      for (int i = random.nextInt(5); i >= 0; i--) {
        bytes.setCharAt(random.nextInt(bytes.length()), (char) random.nextInt(256));
      }
      SimClient client = sim.connect(random.nextInt(2));
      client.send(bytes.toString());
      sim.run();
      client.hangUp();
      sim.run();
      if (!client.isClosed()) {
        sim.settle(); // a write may wait for blocks of the log, which the background gives it
      }
      assertTrue(client.isClosed(), "round " + round + ", " + REPRO);
    }
    sim.settle();
    assertEquals(0, sim.server.connections().size());
    assertEquals(0, sim.server.bufferBytes().get());
  }
}
