package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.server.SimServer.SimClient;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients may do to the server: pauses, passwords, unread output, idleness.
class ClientLimitsTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final long SECOND = 1_000_000_000;

  private static String call(SimServer sim, SimClient client, String words) {
    client.command(words);
    sim.settle();
    return client.received();
  }

  private static String info(SimServer sim, SimClient client, String field) {
    for (String line : call(sim, client, "INFO").split("\r\n", -1)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    return "";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void writesWaitForTheEndOfAPauseAndReadsDoNot(int loops) {
    var sim = new SimServer(SEED, loops, Durability.OS);
    SimClient master = sim.connect(0);
    SimClient writer = sim.connect(loops - 1);
    SimClient publisher = sim.connect(loops / 2);
    SimClient reader = sim.connect(loops - 1);
    assertEquals("+OK\r\n", call(sim, master, "CLIENT PAUSE 100000 WRITE"));
    writer.send("SET k v\r\nGET k\r\n");
    assertEquals("", call(sim, publisher, "PUBLISH a b"));
    assertEquals("$-1\r\n", call(sim, reader, "GET k"));
    assertEquals("", writer.received());
    assertEquals("2", info(sim, reader, "blocked_clients"));
    assertEquals("+OK\r\n", call(sim, master, "CLIENT UNPAUSE"));
    assertEquals("+OK\r\n$1\r\nv\r\n", writer.received());
    assertEquals(":0\r\n", publisher.received());
    assertEquals("0", info(sim, reader, "blocked_clients"));
  }

  @Test
  void aPauseOfAllEndsByItself() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient master = sim.connect(0);
    SimClient client = sim.connect(1);
    call(sim, master, "CLIENT PAUSE 1000");
    assertEquals("", call(sim, client, "PING"));
    sim.store.sim().scheduler().runFor(2 * SECOND);
    sim.settle();
    assertEquals("+PONG\r\n", client.received());
  }

  @Test
  void allThatArePausedShareATimerHoweverOftenThePauseIsProlonged() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient master = sim.connect(0);
    call(sim, master, "CLIENT PAUSE 1000 WRITE");
    int before = master.connection().loop.timerCount();
    var writers = new ArrayList<SimClient>();
    for (int i = 0; i < 100; i++) {
      SimClient writer = sim.connect(0);
      assertEquals("", call(sim, writer, "SET k v"));
      writers.add(writer);
    }
    for (int i = 0; i < 3; i++) {
      assertEquals("+OK\r\n", call(sim, master, "CLIENT PAUSE 1500 WRITE"));
      sim.store.sim().scheduler().runFor(SECOND);
      sim.settle();
      assertThat(master.connection().loop.timerCount()).isLessThanOrEqualTo(before + 1);
    }
    writers.forEach(writer -> assertEquals("", writer.received()));
    sim.store.sim().scheduler().runFor(SECOND);
    sim.settle();
    writers.forEach(writer -> assertEquals("+OK\r\n", writer.received()));
  }

  @Test
  void whoLeavesDuringAPauseHasWrittenNothing() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient master = sim.connect(0);
    SimClient writer = sim.connect(0);
    call(sim, master, "CLIENT PAUSE 100000 WRITE");
    call(sim, writer, "SET k v");
    sim.server.kill(writer.connection().session);
    sim.settle();
    assertEquals("0", info(sim, master, "blocked_clients"));
    call(sim, master, "CLIENT UNPAUSE");
    assertEquals("$-1\r\n", call(sim, master, "GET k"));
  }

  @Test
  void execOfWritesWaitsAndAPauseWithinExecBeginsAfterIt() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient other = sim.connect(0);
    client.send("MULTI\r\nSET a 1\r\nCLIENT PAUSE 100000 WRITE\r\nSET b 2\r\nEXEC\r\n");
    sim.settle();
    assertTrue(client.received().endsWith("*3\r\n+OK\r\n+OK\r\n+OK\r\n"));
    other.send("MULTI\r\nGET a\r\nEXEC\r\n");
    sim.settle();
    assertEquals("+OK\r\n+QUEUED\r\n*1\r\n$1\r\n1\r\n", other.received());
    assertEquals("", call(sim, client, "SET c 3"));
    call(sim, other, "CLIENT UNPAUSE");
    assertEquals("+OK\r\n", client.received());
  }

  @Test
  void nothingExpiresDuringAPause() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("SET k v PX 10\r\nCLIENT PAUSE 100000 WRITE\r\n");
    sim.settle();
    client.received();
    sim.store.sim().scheduler().runFor(SECOND);
    assertEquals("$-1\r\n", call(sim, client, "GET k"));
    assertEquals("0", info(sim, client, "expired_keys"));
    call(sim, client, "CLIENT UNPAUSE");
    call(sim, client, "GET k");
    assertEquals("1", info(sim, client, "expired_keys"));
  }

  @Test
  void withAPasswordOnlyShortRequestsAreReadUntilItIsSaid() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient early = sim.connect(0);
    call(sim, early, "CONFIG SET requirepass secret");
    assertEquals("+PONG\r\n", call(sim, early, "PING"), "who was here before stays");
    SimClient client = sim.connect(0);
    assertEquals("-NOAUTH Authentication required.\r\n", call(sim, client, "GET k"));
    SimClient wide = sim.connect(0);
    assertEquals(
        "-ERR Protocol error: unauthenticated multibulk length\r\n", call(sim, wide, "*11"));
    assertTrue(wide.isClosed());
    SimClient longer = sim.connect(0);
    longer.send("*1\r\n$16385\r\n");
    sim.settle();
    assertEquals("-ERR Protocol error: unauthenticated bulk length\r\n", longer.received());
    String value = "x".repeat(20_000);
    client.send("AUTH secret\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$20000\r\n" + value + "\r\n");
    sim.settle();
    assertEquals("+OK\r\n+OK\r\n", client.received(), "what follows AUTH in one write counts");
  }

  @Test
  void theLongestArgumentIsWhatProtoMaxBulkLenSays() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.command("CONFIG SET proto-max-bulk-len 1mb");
    client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1048576\r\n" + "x".repeat(1 << 20) + "\r\n");
    client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1048577\r\n");
    sim.settle();
    assertEquals("+OK\r\n+OK\r\n-ERR Protocol error: invalid bulk length\r\n", client.received());
    assertTrue(client.isClosed());
    SimClient other = sim.connect(0);
    assertEquals("+OK\r\n", call(sim, other, "CONFIG SET proto-max-bulk-len 512mb"));
    other.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1048577\r\n" + "x".repeat(1 + (1 << 20)) + "\r\n");
    sim.settle();
    assertEquals("+OK\r\n", other.received());
  }

  @Test
  void withoutAPasswordNobodyHasToSayOneAnyMore() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient owner = sim.connect(0);
    call(sim, owner, "CONFIG SET requirepass secret");
    SimClient client = sim.connect(0);
    assertEquals("-NOAUTH Authentication required.\r\n", call(sim, client, "PING"));
    call(sim, owner, "CONFIG SET requirepass \"\"");
    assertEquals("+PONG\r\n", call(sim, client, "PING"));
  }

  @Test
  void whoHasNotSaidThePasswordCannotFillMemoryWithErrors() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    call(sim, sim.connect(0), "CONFIG SET requirepass secret");
    SimClient client = sim.connect(0);
    client.window(0);
    for (int i = 0; i < 100; i++) {
      client.command("GET k");
    }
    sim.settle();
    assertTrue(client.isClosed());
    assertEquals(0, sim.server.bufferBytes().get());
  }

  @Test
  void overTheHardLimitNotAByteOfTheReplyLeaves() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    call(sim, client, "CONFIG SET client-output-buffer-limit \"normal 100000 0 0\"");
    call(sim, client, "SET k " + "v".repeat(30_000));
    client.send("GET k\r\nGET k\r\nGET k\r\nGET k\r\nSET gone 1\r\n");
    sim.settle();
    assertEquals("", client.received());
    assertTrue(client.isClosed());
    SimClient other = sim.connect(0);
    assertEquals("$-1\r\n", call(sim, other, "GET gone"));
    assertEquals("1", info(sim, other, "client_output_buffer_limit_disconnections"));
  }

  @Test
  void theSoftLimitIsForSomeSecondsOnly() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient publisher = sim.connect(0);
    call(sim, publisher, "CONFIG SET client-output-buffer-limit \"pubsub 0 50000 5\"");
    SimClient slow = sim.connect(0);
    call(sim, slow, "SUBSCRIBE a");
    slow.window(0);
    for (int i = 0; i < 3; i++) {
      call(sim, publisher, "PUBLISH a " + "x".repeat(20_000));
    }
    EventLoop loop = slow.connection().loop;
    sim.store.sim().scheduler().runFor(4 * SECOND);
    loop.housekeep();
    sim.settle();
    assertFalse(slow.isClosed());
    sim.store.sim().scheduler().runFor(2 * SECOND);
    loop.housekeep();
    sim.settle();
    assertTrue(slow.isClosed());
  }

  @Test
  void idleClientsAreClosedButNotThoseWhoListen() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient idle = sim.connect(0);
    SimClient listener = sim.connect(0);
    call(sim, idle, "PING");
    call(sim, listener, "SUBSCRIBE a");
    call(sim, client, "CONFIG SET timeout 10");
    sim.store.sim().scheduler().runFor(11 * SECOND);
    call(sim, client, "PING");
    client.connection().loop.housekeep();
    assertTrue(idle.isClosed());
    assertFalse(client.isClosed());
    assertFalse(listener.isClosed());
  }

  @Test
  void clientListSaysWhatItIsAskedFor() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient listener = sim.connect(1);
    call(sim, client, "CLIENT SETNAME me");
    call(sim, listener, "PSUBSCRIBE a* b*");
    client.send("*2\r\n$6\r\nclient\r\n$4\r\nlist\r\n");
    sim.settle();
    String list = client.received();
    assertTrue(
        list.contains(
            "id=1 addr=sim:1 laddr=sim:0 fd=-1 name=me age=0 idle=0 flags=N db=0 sub=0 psub=0 ssub=0"
                + " multi=-1 qbuf=26 "),
        list);
    assertTrue(list.contains(" obl=0 oll=0 omem=0 "), list);
    assertTrue(
        list.contains(
            " events=r cmd=client|list user=default redir=-1 resp=2 lib-name= lib-ver=\n"),
        list);
    String ofPubSub = call(sim, client, "CLIENT LIST TYPE pubsub");
    assertTrue(ofPubSub.contains("id=2 ") && ofPubSub.contains(" flags=P "), ofPubSub);
    assertFalse(ofPubSub.contains("id=1 "), ofPubSub);
    assertTrue(call(sim, client, "CLIENT LIST ID 2 77").contains("psub=2"));
  }

  @Test
  void killedClientsAreGoneAtOnceAndTheAskerAfterItsReply() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient other = sim.connect(1);
    client.send("CLIENT KILL SKIPME yes\r\nINFO clients\r\n");
    sim.step(0);
    String replies = client.received();
    assertTrue(replies.startsWith(":1\r\n"), replies);
    assertTrue(replies.contains("connected_clients:1\r\n"), replies);
    sim.settle();
    assertTrue(other.isClosed());
    assertEquals(":1\r\n", call(sim, client, "CLIENT KILL SKIPME no"));
    assertTrue(client.isClosed());
  }

  @Test
  void passwordsThatAreConfiguredAreNotInTheSlowLog() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    call(sim, client, "CONFIG SET slowlog-log-slower-than 0");
    call(sim, client, "CONFIG SET slowlog-max-len 77 MasterAuth hush");
    String slowest = call(sim, client, "SLOWLOG GET 1");
    assertTrue(slowest.contains("77\r\n$10\r\nMasterAuth\r\n$10\r\n(redacted)"), slowest);
    assertFalse(slowest.contains("hush"), slowest);
  }

  private static long totalMemory(SimServer sim, SimClient asker, SimClient client) {
    String line = call(sim, asker, "CLIENT LIST ID " + client.connection().session.id());
    return Long.parseLong(line.replaceAll("(?s).* tot-mem=(\\d+) .*", "$1"));
  }

  @Test
  void watchedKeysCountInTheMemoryOfAClient() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient client = sim.connect(0);
    SimClient asker = sim.connect(1);
    long before = totalMemory(sim, asker, client);
    call(sim, client, "WATCH " + "a".repeat(1_000) + " " + "b".repeat(1_000));
    long watching = totalMemory(sim, asker, client) - before;
    assertTrue(watching > 2_000 && watching < 2_400, () -> "bytes: " + watching);
    call(sim, client, "WATCH " + "a".repeat(1_000));
    assertEquals(before + watching, totalMemory(sim, asker, client));
    call(sim, client, "UNWATCH");
    assertEquals(before, totalMemory(sim, asker, client));
    call(sim, client, "WATCH a");
    client.connection().loop.close(client.connection());
    assertEquals(0, sim.server.data().watchedKeys().heldBytes());
  }

  @Test
  void whatAClientAskedForItselfLastsUntilReset() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("CLIENT NO-EVICT ON\r\nCLIENT NO-TOUCH ON\r\nCLIENT REPLY SKIP\r\nPING\r\n");
    sim.settle();
    client.received();
    String before = call(sim, client, "CLIENT INFO");
    assertTrue(before.contains(" flags=eT "), before);
    call(sim, client, "RESET");
    String after = call(sim, client, "CLIENT INFO");
    assertTrue(after.contains(" flags=N "), after);
  }

  @Test
  void anErrorQuotesTheBytesThatCame() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("\u00fc\u00ff x\r\n");
    sim.settle();
    assertTrue(
        client.received().startsWith("-ERR unknown command '\u00fc\u00ff', with args beginning"));
  }
}
