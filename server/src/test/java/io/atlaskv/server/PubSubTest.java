package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.pubsub.Exchange;
import io.atlaskv.redis.pubsub.PubSub;
import io.atlaskv.redis.pubsub.Push;
import io.atlaskv.redis.pubsub.Subscriptions;
import io.atlaskv.server.SimServer.SimClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PubSubTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=PubSubTest -Datlaskv.seed=" + SEED;

  /// What a client of version 2 gets.
  private static String message(String channel, String text) {
    return "*3\r\n" + bulk("message") + bulk(channel) + bulk(text);
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private static SimClient subscriber(SimServer sim, int loop, String words) {
    SimClient client = sim.connect(loop);
    client.command(words);
    sim.settle();
    client.received();
    return client;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aMessageReachesEveryLoopByNameAndByPattern(int loops) {
    var sim = new SimServer(SEED, loops, Durability.OS);
    SimClient named = subscriber(sim, 0, "SUBSCRIBE news other");
    SimClient matching = subscriber(sim, loops - 1, "PSUBSCRIBE n* x*");
    SimClient both = subscriber(sim, loops / 2, "SUBSCRIBE news");
    both.command("PSUBSCRIBE n*");
    sim.settle();
    both.received();
    SimClient publisher = sim.connect(loops - 1);
    publisher.command("PUBLISH news hello");
    sim.settle();
    String pattern = "*4\r\n" + bulk("pmessage") + bulk("n*") + bulk("news") + bulk("hello");
    assertEquals(":4\r\n", publisher.received());
    assertEquals(message("news", "hello"), named.received());
    assertEquals(pattern, matching.received());
    assertEquals(message("news", "hello") + pattern, both.received());
  }

  @Test
  void subscriptionsOfAllClientsTakeNoMoreThanTheirShareOfTheHeap() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    PubSub pubSub = sim.server.data().pubSub();
    Exchange crowd = pubSub.addLoop(new Inbox(sim.connect(0).connection().loop, sim.server));
    Bytes name = Bytes.of(new byte[1 << 20]);
    var listeners = new ArrayList<Subscriptions>();
    while (pubSub.hasRoomFor(1, name.length())) {
      var heard = new ArrayList<Push>(); // a listener of its own
      listeners.add(new Subscriptions(crowd, heard::add));
      listeners.getLast().join(ChannelKind.CHANNEL, name);
    }
    SimClient client = sim.connect(0);
    String request = "*3\r\n" + bulk("SUBSCRIBE") + bulk("a") + bulk("b".repeat(1 << 20));
    client.send(request + "*1\r\n" + bulk("PING"));
    sim.settle();
    assertEquals(
        "-ERR no room for further subscriptions: those of all clients take their share of the heap"
            + "\r\n+PONG\r\n",
        client.received());
    assertEquals(0, pubSub.listeners(ChannelKind.CHANNEL, Bytes.of(new byte[] {'a'})));
    listeners.forEach(Subscriptions::leaveAll);
    assertEquals(0, pubSub.heldBytes());
    client.send(request);
    sim.settle();
    assertEquals(2, client.connection().session.subscriptions().channels());
    client.hangUp();
    sim.settle();
    assertEquals(0, pubSub.heldBytes());
  }

  @Test
  void inVersion3AClientGetsItsOwnMessageAfterTheReply() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = subscriber(sim, 0, "HELLO 3");
    client.send("SUBSCRIBE a\r\nPUBLISH a 1\r\nUNSUBSCRIBE a\r\nPUBLISH a 2\r\nGET k\r\n");
    sim.settle();
    assertEquals(
        ">3\r\n"
            + bulk("subscribe")
            + bulk("a")
            + ":1\r\n:1\r\n>3\r\n"
            + bulk("message")
            + bulk("a")
            + bulk("1")
            + ">3\r\n"
            + bulk("unsubscribe")
            + bulk("a")
            + ":0\r\n:0\r\n_\r\n",
        client.received());
  }

  @Test
  void whoSubscribesLaterGetsNothingOfWhatWasPublishedBefore() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient first = subscriber(sim, 1, "SUBSCRIBE a");
    SimClient publisher = sim.connect(0);
    SimClient second = sim.connect(1);
    publisher.command("PUBLISH a early");
    sim.step(0); // it is on its way to loop 1, and was answered
    assertEquals(":1\r\n", publisher.received());
    second.command("SUBSCRIBE a");
    sim.settle();
    assertEquals(message("a", "early"), first.received());
    assertEquals("*3\r\n" + bulk("subscribe") + bulk("a") + ":1\r\n", second.received());
  }

  /// Publishers on all loops, subscribers that come and go: every one that stays sees all messages
  /// of each publisher, once and in order.
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void messagesOfOnePublisherKeepTheirOrder(int loops) {
    var random = new Random(SEED);
    var sim = new SimServer(SEED, loops, Durability.OS);
    var staying = new ArrayList<SimClient>();
    var publishers = new ArrayList<SimClient>();
    var sent = new int[5];
    for (int i = 0; i < sent.length; i++) {
      staying.add(subscriber(sim, i % loops, i % 2 == 0 ? "SUBSCRIBE c" : "PSUBSCRIBE c*"));
      publishers.add(sim.connect((i + 1) % loops));
    }
    for (int round = 0; round < 300; round++) {
      int i = random.nextInt(sent.length);
      publishers.get(i).command("PUBLISH c p" + i + "-" + sent[i]++);
      if (random.nextInt(4) == 0) {
        SimClient passing = sim.connect(random.nextInt(loops));
        passing.command(random.nextBoolean() ? "SUBSCRIBE c" : "PSUBSCRIBE *");
        if (random.nextBoolean()) {
          passing.hangUp();
        }
      }
      sim.step();
    }
    sim.settle();
    for (SimClient client : staying) {
      var next = new int[sent.length];
      for (String line : client.received().split("\r\n", -1)) {
        if (line.matches("p\\d-\\d+")) {
          int publisher = line.charAt(1) - '0';
          assertEquals("p" + publisher + "-" + next[publisher]++, line, REPRO);
        }
      }
      assertEquals(toList(sent), toList(next), REPRO);
    }
    assertEquals(0, sim.server.pushBytes().get());
  }

  private static List<Integer> toList(int[] numbers) {
    return java.util.Arrays.stream(numbers).boxed().toList();
  }

  @Test
  void whatAClientListenedToEndsWithIt() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient client = subscriber(sim, 0, "SUBSCRIBE a b");
    client.command("PSUBSCRIBE p*");
    sim.settle();
    client.hangUp();
    SimClient other = sim.connect(1);
    sim.settle();
    other.send("PUBSUB CHANNELS\r\nPUBSUB NUMPAT\r\nPUBLISH a x\r\n");
    sim.settle();
    assertEquals("*0\r\n:0\r\n:0\r\n", other.received());
  }

  @Test
  void inModeAlwaysAKeyEventDoesNotLeaveBeforeTheSync() {
    var sim = new SimServer(SEED, 2, Durability.ALWAYS);
    sim.settle();
    SimClient listener = subscriber(sim, 1, "PSUBSCRIBE __keyevent*");
    SimClient writer = subscriber(sim, 0, "CONFIG SET notify-keyspace-events EA");
    writer.send("SET k v\r\nPUBLISH __keyevent@0__:x free\r\n");
    sim.run();
    assertEquals("", listener.received(), "the write is not safe yet");
    sim.settle();
    String events = listener.received();
    assertTrue(
        events.startsWith(
            "*4\r\n"
                + bulk("pmessage")
                + bulk("__keyevent*")
                + bulk("__keyevent@0__:set")
                + bulk("k")),
        events);
    assertTrue(events.endsWith(bulk("free")), events);
  }

  @Test
  void aKeyEventOfAWriteThatWasLostVanishesAndRepliesDoNot() {
    var sim = new SimServer(SEED, 1, Durability.ALWAYS);
    sim.settle();
    SimClient client = subscriber(sim, 0, "HELLO 3");
    client.send("CONFIG SET notify-keyspace-events KA\r\nPSUBSCRIBE *\r\n");
    sim.settle();
    client.received();
    sim.store.sim().files().fail(op -> op.name().endsWith(".log"), Fault.EIO);
    client.send("SET b 2\r\nPING\r\n");
    sim.settle();
    String replies = client.received();
    assertTrue(replies.startsWith("-MISCONF Errors writing to the AOF file: "), replies);
    assertTrue(replies.endsWith("\r\n+PONG\r\n"), replies);
    assertFalse(replies.contains("pmessage"), replies);
  }

  @Test
  void expiredKeysAreToldOfByWhoeverDeletesThem() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient listener = subscriber(sim, 1, "SUBSCRIBE __keyspace@0__:k");
    SimClient client = subscriber(sim, 0, "CONFIG SET notify-keyspace-events Kx");
    client.command("SET k v PX 1");
    sim.settle();
    sim.store.sim().scheduler().runFor(10_000_000);
    client.send("GET k\r\nGET k\r\n");
    sim.settle();
    assertEquals(message("__keyspace@0__:k", "expired"), listener.received());
  }

  @Test
  void missesAndReplacedKeysAreToldOfAsInRedis() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient listener = subscriber(sim, 0, "PSUBSCRIBE __keyevent*");
    SimClient client = subscriber(sim, 0, "CONFIG SET notify-keyspace-events Enmg");
    client.send("OBJECT ENCODING none\r\nBITFIELD nothing GET u8 0\r\n");
    client.send("SET a 1\r\nSET b 2\r\nCOPY a b REPLACE\r\n");
    sim.settle();
    String events = listener.received();
    assertThat(events)
        .doesNotContain("none")
        .contains(bulk("__keyevent@0__:keymiss") + bulk("nothing"))
        .endsWith(
            bulk("__keyevent@0__:new")
                + bulk("b")
                + "*4\r\n"
                + bulk("pmessage")
                + bulk("__keyevent*")
                + bulk("__keyevent@0__:copy_to")
                + bulk("b"));
  }

  @Test
  void aKeyThatIsRenamedOverAnotherIsANewOneAsInRedis() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient listener = subscriber(sim, 0, "PSUBSCRIBE __keyevent*");
    SimClient client = subscriber(sim, 0, "CONFIG SET notify-keyspace-events Eng");
    client.send("SET a 1\r\nSET b 2\r\nRENAME a b\r\nRENAME b c\r\n");
    sim.settle();
    assertThat(listener.received().lines().filter(line -> line.startsWith("__keyevent@0__:")))
        .map(line -> line.substring(line.indexOf(':') + 1))
        .containsExactly(
            "new", "new", "new", "rename_from", "rename_to", "new", "rename_from", "rename_to");
  }

  @Test
  void aSubscriberThatDoesNotReadIsClosedAndItsMemoryGivenBack() {
    var limits = new Limits(1 << 20, 1 << 20, 1 << 18, 1 << 18, 1 << 24);
    var sim = new SimServer(SEED, 2, Durability.OS, limits);
    SimClient slow = subscriber(sim, 1, "SUBSCRIBE a");
    slow.window(0);
    SimClient publisher = sim.connect(0);
    String text = "x".repeat(10_000);
    for (int i = 0; i < 40; i++) {
      publisher.command("PUBLISH a " + text);
      sim.settle();
    }
    assertTrue(slow.isClosed());
    assertTrue(publisher.received().endsWith(":0\r\n"));
    assertEquals(0, sim.server.bufferBytes().get());
  }

  @Test
  void whoPublishesWaitsWhileALoopHasTooMuchToDeliver() {
    var limits = new Limits(1 << 20, 1 << 20, 1 << 18, 1 << 20, 1 << 24);
    var sim = new SimServer(SEED, 2, Durability.OS, limits);
    SimClient listener = subscriber(sim, 1, "SUBSCRIBE a");
    SimClient publisher = sim.connect(0);
    String text = "x".repeat(10_000);
    int count = 200;
    for (int i = 0; i < count; i++) {
      publisher.command("PUBLISH a " + text);
    }
    for (int round = 0; round < 10 * count; round++) {
      sim.step(0); // loop 1 delivers nothing
      sim.store.sim().clock().advance(100_000);
    }
    assertThat(sim.server.pushBytes().get())
        .isBetween(limits.pushBytesMax(), limits.pushBytesMax() + 2L * text.length());
    for (int round = 0; round < count; round++) {
      sim.run();
      sim.store.sim().clock().advance(1_000_000);
    }
    sim.settle();
    assertEquals(":1\r\n".repeat(count), publisher.received());
    assertEquals(message("a", text).repeat(count), listener.received());
  }

  @Test
  void aMonitorSeesTheCommandsOfAllLoopsWithoutPasswords() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient monitor = subscriber(sim, 1, "MONITOR");
    SimClient client = sim.connect(0);
    client.send(
        "SELECT 3\r\nSET k \"a\\x00\\\"b\"\r\nNOSUCH\r\nCONFIG GET x\r\nAUTH default pw\r\n");
    client.send("HELLO 2 SETNAME AUTH AUTH default pw\r\n");
    client.send("HELLO 3 AUTH default pw SETNAME me AUTH default pw\r\nHELLO 2 AUTH pw\r\n");
    client.send("HELLO AUTH default pw\r\n");
    sim.settle();
    String lines = monitor.received().replaceAll("\\+\\d+\\.\\d{6} ", "");
    assertEquals(
        List.of(
            "[3 sim:1] \"SELECT\" \"3\"",
            "[3 sim:1] \"SET\" \"k\" \"a\\x00\\\"b\"",
            "[3 sim:1] \"AUTH\" \"(redacted)\" \"(redacted)\"",
            "[3 sim:1] \"HELLO\" \"2\" \"SETNAME\" \"AUTH\" \"AUTH\" \"(redacted)\" \"(redacted)\"",
            "[3 sim:1] \"HELLO\" \"3\" \"AUTH\" \"(redacted)\" \"(redacted)\""
                + " \"SETNAME\" \"me\" \"AUTH\" \"(redacted)\" \"(redacted)\"",
            "[3 sim:1] \"HELLO\" \"2\" \"AUTH\" \"(redacted)\"",
            "[3 sim:1] \"HELLO\" \"AUTH\" \"(redacted)\" \"(redacted)\""),
        lines.lines().toList());
    monitor.send("RESET\r\nPING\r\n");
    sim.settle();
    assertEquals("+RESET\r\n+PONG\r\n", monitor.received());
    assertFalse(sim.server.data().pubSub().isMonitored());
  }

  private static String lines(SimServer sim, SimClient monitor) {
    sim.settle();
    return monitor.received().replaceAll("\\+\\d+\\.\\d{6} ", "").replaceAll("x{9,}", "xx");
  }

  @Test
  void aMonitorSeesALongCommandInPart() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient monitor = subscriber(sim, 1, "MONITOR");
    SimClient client = sim.connect(0);
    client.send("*3\r\n" + bulk("SET") + bulk("k") + bulk("x".repeat(1_000_000)));
    int shown = 256 * 1024 - 3 * 3 - 4; // three words, of which the first two have four bytes
    assertEquals(
        "[0 sim:1] \"SET\" \"k\" \"xx... (%d more bytes)\"\r\n".formatted(1_000_000 - shown),
        lines(sim, monitor));
    String pairs = (bulk("x") + bulk("x".repeat(100_000))).repeat(4);
    client.send("*9\r\n" + bulk("MSET") + pairs);
    assertEquals(
        "[0 sim:1] \"MSET\" \"x\" \"xx\" \"x\" \"xx\" \"x\" \"xx... (%d more bytes)\""
                .formatted(3 * 100_000 - (256 * 1024 - 7 * 3 - 7))
            + " \"... (2 more arguments)\"\r\n",
        lines(sim, monitor));
    assertFalse(monitor.isClosed());
  }

  /// As Redis 7 does: with the database selected after the command, and of what EXEC did not run
  /// nothing.
  @Test
  void aMonitorSeesTheDatabaseOfEachCommandOfATransaction() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient monitor = subscriber(sim, 1, "MONITOR");
    SimClient client = sim.connect(0);
    client.send(
        "SELECT 3\r\nMULTI\r\nSET a 1\r\nSELECT 5\r\nSET b 2\r\nSELECT 99\r\nSELECT 2\r\nEXEC\r\n");
    client.send("WATCH a\r\nSET a 5\r\nMULTI\r\nSELECT 4\r\nSET c 3\r\nEXEC\r\n");
    client.send("MULTI\r\nSELECT 4\r\nSET e\r\nEXEC\r\n");
    assertEquals(
        List.of(
            "[3 sim:1] \"SELECT\" \"3\"",
            "[3 sim:1] \"MULTI\"",
            "[3 sim:1] \"SET\" \"a\" \"1\"",
            "[5 sim:1] \"SELECT\" \"5\"",
            "[5 sim:1] \"SET\" \"b\" \"2\"",
            "[5 sim:1] \"SELECT\" \"99\"",
            "[2 sim:1] \"SELECT\" \"2\"",
            "[2 sim:1] \"EXEC\"",
            "[2 sim:1] \"WATCH\" \"a\"",
            "[2 sim:1] \"SET\" \"a\" \"5\"",
            "[2 sim:1] \"MULTI\"",
            "[2 sim:1] \"EXEC\"",
            "[2 sim:1] \"MULTI\"",
            "[2 sim:1] \"EXEC\""),
        lines(sim, monitor).lines().toList());
  }

  @Test
  void aMonitorSeesALongTransactionInPart() {
    var sim = new SimServer(SEED, 2, Durability.OS);
    SimClient monitor = subscriber(sim, 1, "MONITOR");
    SimClient client = sim.connect(0);
    String set = "*3\r\n" + bulk("SET") + bulk("k") + bulk("\0".repeat(300_000));
    client.send("MULTI\r\n" + set.repeat(6) + "EXEC\r\n");
    sim.settle();
    String found = monitor.received();
    assertTrue(found.length() < 5 << 20, () -> "bytes: " + found.length());
    List<String> lines =
        found
            .replaceAll("\\+\\d+\\.\\d{6} ", "")
            .replaceAll("(\\\\x00){9,}", "00")
            .lines()
            .toList();
    String shown = "[0 sim:1] \"SET\" \"k\" \"00... (37869 more bytes)\"";
    assertEquals(
        List.of(
            "[0 sim:1] \"MULTI\"",
            shown,
            shown,
            shown,
            shown,
            "[0 sim:1] \"... (2 more commands)\"",
            "[0 sim:1] \"EXEC\""),
        lines);
    assertFalse(monitor.isClosed());
  }

  @Test
  void aClientCanDoWithoutReplies() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = subscriber(sim, 0, "HELLO 3");
    client.send(
        "CLIENT REPLY SKIP\r\nPING\r\nPING a\r\nCLIENT REPLY OFF\r\nPING\r\nSUBSCRIBE c\r\n");
    client.send("PUBLISH c m\r\n");
    sim.settle();
    assertEquals(
        "$1\r\na\r\n>3\r\n"
            + bulk("subscribe")
            + bulk("c")
            + ":1\r\n>3\r\n"
            + bulk("message")
            + bulk("c")
            + bulk("m"),
        client.received());
    client.send("RESET\r\nCLIENT REPLY ON\r\nPING\r\n");
    sim.settle();
    assertEquals("+RESET\r\n+OK\r\n+PONG\r\n", client.received());
  }
}
