package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.command.Snapshots;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.pubsub.PubSub;
import io.atlaskv.server.SimServer.SimClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Transactions among clients that wait, leave, are killed and ask for too much: nothing of them is
/// left, and nobody sees half of one.
class EventLoopTransactionTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO =
      "rerun: -Dtest=EventLoopTransactionTest -Datlaskv.seed=" + SEED;
  private static final int MIB = 1024 * 1024;

  @Test
  void aPipelinedTransactionIsAnsweredByOneWrite() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("MULTI\r\nSET a 1\r\nINCR a\r\nGET a\r\nEXEC\r\nGET a\r\n");
    sim.step(0);
    assertEquals(
        "+OK\r\n" + "+QUEUED\r\n".repeat(3) + "*3\r\n+OK\r\n:2\r\n$1\r\n2\r\n$1\r\n2\r\n",
        client.received());
    assertEquals(1, client.writes());
  }

  @Test
  void inModeAlwaysItsReplyWaitsForTheSync() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    sim.settle();
    SimClient client = sim.connect(0);
    client.send("MULTI\r\nSET a 1\r\nPING\r\nEXEC\r\n");
    sim.run();
    assertEquals("+OK\r\n+QUEUED\r\n+QUEUED\r\n", client.received());
    sim.settle();
    assertEquals("*2\r\n+OK\r\n+PONG\r\n", client.received());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESET", "QUIT", "DISCARD", "EXEC", "hang up", "kill"})
  void whoeverEndsLeavesNothingBehind(String end) {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient other = sim.connect(1);
    other.command("PING");
    sim.settle();
    other.received();
    long before = sim.server.bufferBytes().get();
    SimClient client = sim.connect(0);
    client.send("WATCH a b c\r\nMULTI\r\nSET a " + "x".repeat(60_000) + "\r\nGET b\r\n");
    sim.settle();
    assertThat(client.received()).endsWith("+QUEUED\r\n+QUEUED\r\n");
    assertThat(sim.server.bufferBytes().get()).isGreaterThan(before + 60_000);
    switch (end) {
      case "hang up" -> client.hangUp();
      case "kill" -> other.command("CLIENT KILL ID " + client.connection().session.id());
      default -> client.command(end);
    }
    sim.settle();
    assertTrue(sim.server.data().watchedKeys().isEmpty(), "a watch was left behind");
    assertEquals(before, sim.server.bufferBytes().get(), "memory of the queue");
    other.received();
    other.send("FLUSHALL\r\nSET a 1\r\n"); // takes all latches
    sim.settle();
    assertEquals("+OK\r\n+OK\r\n", other.received());
  }

  @Test
  void theCommandsOfATransactionAreCountedOnceAndLogged() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("CONFIG SET slowlog-log-slower-than 0\r\nCONFIG RESETSTAT\r\nSLOWLOG RESET\r\n");
    client.send("MULTI\r\nSET a 1\r\nAUTH x\r\nDBSIZE\r\n");
    sim.settle();
    sim.store.stall(true);
    client.command("EXEC"); // runs, finds no room, runs again
    sim.run();
    sim.store.stall(false);
    sim.settle();
    assertThat(client.received()).contains("*3\r\n+OK\r\n-ERR AUTH ").endsWith("\r\n:1\r\n");
    client.command("SLOWLOG GET 3"); // MULTI, SET, AUTH, DBSIZE, but neither EXEC nor what queued
    sim.settle();
    assertThat(client.received().replaceAll("[$:*]\\d+\r\n|local\r\n|\r\n\r\n", ""))
        .containsSubsequence("DBSIZE", "AUTH", "SET", "a")
        .doesNotContain("EXEC");
    client.command("INFO commandstats errorstats");
    sim.settle();
    assertThat(client.received())
        .containsPattern("cmdstat_set:calls=1,.*failed_calls=0")
        .containsPattern("cmdstat_auth:calls=1,.*rejected_calls=0,failed_calls=1")
        .containsPattern("cmdstat_dbsize:calls=1,")
        .containsPattern("cmdstat_exec:calls=1,.*failed_calls=0")
        .contains("errorstat_ERR:count=1");
  }

  @Test
  void anExecThatWaitsHoldsNoLatchAndRunsWhenItsClientHasGone() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient other = sim.connect(0);
    client.send("WATCH a\r\nMULTI\r\nINCR a\r\nINCR b\r\n");
    sim.settle();
    sim.store.stall(true);
    client.command("EXEC");
    sim.run();
    client.hangUp();
    other.command("CLIENT KILL ID " + client.connection().session.id());
    sim.run();
    assertTrue(client.isClosed());
    other.received();
    other.command("MGET a b");
    sim.run();
    assertEquals("*2\r\n$-1\r\n$-1\r\n", other.received());
    sim.store.stall(false);
    sim.settle();
    other.command("MGET a b");
    sim.settle();
    assertEquals("*2\r\n$1\r\n1\r\n$1\r\n1\r\n", other.received(), "all or nothing");
    assertTrue(sim.server.data().watchedKeys().isEmpty());
    other.command("FLUSHALL");
    sim.settle();
    assertEquals("+OK\r\n", other.received());
  }

  private static Bytes channel(String name) {
    return Bytes.ofUtf8(name);
  }

  /// What a client listens to is its loop's: no other thread may touch it.
  @Test
  void aTransactionThatNeedsAWorkerChangesNoSubscription() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("HELLO 3\r\nSUBSCRIBE before\r\n");
    client.send("MULTI\r\nSUBSCRIBE a\r\nUNSUBSCRIBE before\r\nSET k v\r\nKEYS *\r\nEXEC\r\n");
    client.command("GET k");
    sim.settle();
    assertThat(client.received())
        .endsWith(
            "-EXECABORT Transaction discarded because of: subscriptions cannot change in a"
                + " transaction that takes as long as this one\r\n_\r\n");
    PubSub pubSub = sim.server.data().pubSub();
    assertEquals(0, pubSub.listeners(ChannelKind.CHANNEL, channel("a")));
    assertEquals(1, pubSub.listeners(ChannelKind.CHANNEL, channel("before")));
  }

  /// As often as it takes: after two misses others go to a worker.
  @Test
  void aTransactionThatSubscribesWaitsForBlocksOnItsLoop() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    sim.store.missFirst();
    client.send("MULTI\r\nSUBSCRIBE a\r\nGET k\r\nGET l\r\nGET m\r\nGET n\r\nEXEC\r\n");
    sim.settle();
    assertThat(client.received())
        .endsWith("*5\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n" + "$-1\r\n".repeat(4));
    assertEquals(1, sim.server.data().pubSub().listeners(ChannelKind.CHANNEL, channel("a")));
  }

  @Test
  void anExecThatRunsWhenItsClientHasGoneSubscribesNobody() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient other = sim.connect(0);
    client.send("MULTI\r\nSUBSCRIBE a\r\nINCR b\r\n");
    sim.settle();
    sim.store.stall(true);
    client.command("EXEC");
    sim.run();
    other.command("CLIENT KILL ID " + client.connection().session.id());
    sim.run();
    assertTrue(client.isClosed());
    sim.store.stall(false);
    sim.settle();
    other.received();
    other.send("GET b\r\nPUBSUB CHANNELS\r\n");
    sim.settle();
    assertEquals("$1\r\n1\r\n*0\r\n", other.received());
    assertEquals(0, sim.server.data().pubSub().heldBytes());
  }

  @Test
  void aTransactionCannotMonitor() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("MULTI\r\nMONITOR\r\nEXEC\r\n");
    sim.settle();
    assertEquals(
        "+OK\r\n+QUEUED\r\n*1\r\n-ERR MONITOR isn't allowed for DENY BLOCKING client\r\n",
        client.received());
  }

  /// Else the snapshot might begin before what the transaction writes is there.
  @Test
  void aSnapshotWithinItIsScheduledWhenItIsCommitted() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    sim.store.missFirst();
    client.send("MULTI\r\nBGSAVE\r\nBGREWRITEAOF\r\nINCR n\r\nEXEC\r\n");
    sim.run(); // it has come to INCR, whose key is not in memory
    Snapshots snapshots = sim.server.data().snapshots();
    assertFalse(snapshots.saves().isScheduled());
    assertFalse(snapshots.rewrites().isScheduled());
    sim.settle();
    assertTrue(client.received().endsWith(":1\r\n"));
    assertTrue(snapshots.saves().isScheduled());
    assertTrue(snapshots.rewrites().isScheduled());
  }

  @Test
  void aQueueThatGrowsTooLongEndsItsClient() {
    var limits = new Limits(MIB, MIB, MIB, 8 * MIB, 64L * MIB);
    var sim = new SimServer(SEED, 1, Durability.OS, limits);
    SimClient client = sim.connect(0);
    client.command("MULTI");
    for (int i = 0; i < 40; i++) {
      client.command("SET k" + i + " " + "x".repeat(50_000));
    }
    client.command("EXEC");
    sim.settle();
    assertThat(client.received())
        .startsWith("+OK\r\n+QUEUED\r\n")
        .endsWith("-ERR transaction is larger than the client query buffer limit allows\r\n");
    assertTrue(client.isClosed());
    assertEquals(0, sim.server.bufferBytes().get());
  }

  @Test
  void aReplyThatDoesNotFitMeansThatNothingWasDone() {
    var limits = new Limits(MIB, 4 * MIB, MIB, 2 * MIB, 64L * MIB);
    var sim = new SimServer(SEED, 1, Durability.OS, limits);
    SimClient client = sim.connect(0);
    client.command("SET large " + "x".repeat(60_000));
    client.send("MULTI\r\nSELECT 1\r\nSET a 1\r\n" + "GET large\r\n".repeat(3));
    client.send("SELECT 0\r\n" + "GET large\r\n".repeat(50) + "EXEC\r\nDBSIZE\r\n");
    sim.settle();
    assertThat(client.received())
        .contains("-EXECABORT Transaction discarded because of: reply is larger than")
        .endsWith("\r\n:1\r\n");
    client.send("SELECT 1\r\nDBSIZE\r\n");
    sim.settle();
    assertEquals("+OK\r\n:0\r\n", client.received());
  }

  @Test
  void aSlowReaderGetsTheWholeReply() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.command("SET v " + "y".repeat(50_000));
    sim.settle();
    client.received();
    client.window(1000);
    client.send("MULTI\r\n" + "GET v\r\n".repeat(30) + "EXEC\r\nPING\r\n");
    sim.settle();
    var reply = new StringBuilder(client.received());
    for (int i = 0; i < 40; i++) {
      client.window(50_000);
      sim.settle();
      reply.append(client.received());
    }
    String value = "$50000\r\n" + "y".repeat(50_000) + "\r\n";
    assertEquals(
        "+OK\r\n" + "+QUEUED\r\n".repeat(30) + "*30\r\n" + value.repeat(30) + "+PONG\r\n",
        reply.toString());
  }

  /// Clients move amounts between accounts, some by transactions that fail, are cut off or watch;
  /// others look at all accounts at once, in three ways. The sum never changes.
  @ParameterizedTest
  @CsvSource({"1, false", "4, false", "1, true", "4, true"})
  void amountsThatAreMovedAddUp(int loops, boolean missesFirst) {
    var sim = new SimServer(SEED, loops, Durability.OS);
    if (missesFirst) {
      sim.store.missFirst();
    }
    var random = new Random(SEED);
    int accounts = 6;
    var clients = new ArrayList<SimClient>();
    for (int i = 0; i < 12; i++) {
      clients.add(sim.connect(i % loops));
    }
    int looks = 0;
    int moves = 0;
    for (int step = 0; step < 3_000; step++) {
      SimClient client = clients.get(random.nextInt(clients.size()));
      String reply = client.received();
      for (List<Long> seen : Accounts.seen(reply, accounts)) {
        assertEquals(0, seen.stream().mapToLong(Long::longValue).sum(), REPRO + " " + reply);
        looks++;
      }
      moves += Accounts.moves(reply);
      if (client.unread() == 0) {
        client.send(Accounts.script(random, accounts));
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        sim.step();
      }
      if (random.nextInt(3) == 0) {
        sim.store.settle();
      }
      if (random.nextInt(100) == 0) {
        client.hangUp();
        int place = clients.indexOf(client);
        clients.set(place, sim.connect(place % loops));
      }
    }
    sim.settle();
    assertTrue(looks > 200 && moves > 200, "looks " + looks + ", moves " + moves);
    clients.forEach(SimClient::hangUp);
    sim.settle();
    assertTrue(sim.server.data().watchedKeys().isEmpty());
    assertEquals(0, sim.server.bufferBytes().get());
    for (int latch = 0; latch < 4096; latch++) {
      assertTrue(!sim.server.data().latches().isTaken(latch), "latch " + latch + " is stuck");
    }
  }

  /// What the clients of `amountsThatAreMovedAddUp` send and get.
  private static final class Accounts {
    private static final String LOOK = "looked";

    static String script(Random random, int accounts) {
      int from = random.nextInt(accounts);
      int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
      int amount = random.nextInt(100);
      String move = "DECRBY acc" + from + " " + amount + "\r\nINCRBY acc" + to + " " + amount;
      var all = new StringBuilder();
      for (int i = 0; i < accounts; i++) {
        all.append(" acc").append(i);
      }
      return switch (random.nextInt(8)) {
        case 0 -> "ECHO " + LOOK + "\r\nMGET" + all + "\r\n";
        case 1 -> {
          String gets = all.toString().replace(" ", "\r\nGET ");
          yield "MULTI" + gets + "\r\nECHO " + LOOK + "\r\nMGET" + all + "\r\nEXEC\r\n";
        }
        case 2 -> "MULTI\r\n" + move + "\r\nECHO " + LOOK + "\r\nMGET" + all + "\r\nEXEC\r\n";
        case 3 -> "WATCH acc" + from + "\r\nMULTI\r\n" + move + "\r\nEXEC\r\n";
        case 4 -> "MULTI\r\n" + move + "\r\nNOSUCH\r\nEXEC\r\n";
        case 5 -> "MULTI\r\n" + move + "\r\nDISCARD\r\n";
        case 6 -> "MULTI\r\n" + move + "\r\n" + "EXISTS acc0\r\n".repeat(300) + "EXEC\r\n";
        default -> "MULTI\r\n" + move + "\r\nRANGECOUNT - +\r\nEXEC\r\n";
      };
    }

    /// The accounts as each look in a reply shows them; a reply that was cut shows fewer.
    static List<List<Long>> seen(String reply, int accounts) {
      var all = new ArrayList<List<Long>>();
      String header = "$" + LOOK.length() + "\r\n" + LOOK + "\r\n*" + accounts + "\r\n";
      for (int at = reply.indexOf(header); at >= 0; at = reply.indexOf(header, at + 1)) {
        List<String> lines = reply.substring(at + header.length()).lines().toList();
        var seen = new ArrayList<Long>();
        for (int i = 0; seen.size() < accounts && i < lines.size(); i++) {
          if (lines.get(i).equals("$-1")) {
            seen.add(0L);
          } else {
            i++;
            seen.add(Long.parseLong(lines.get(i)));
          }
        }
        if (seen.size() == accounts) {
          all.add(seen);
        }
      }
      return all;
    }

    static int moves(String reply) {
      return (int) reply.lines().filter(line -> line.startsWith("*") && line.length() > 1).count();
    }
  }
}
