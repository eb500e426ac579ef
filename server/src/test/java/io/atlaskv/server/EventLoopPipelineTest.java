package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.server.SimServer.SimClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that are parsed and looked up ahead of the ones before them: nobody may notice.
class EventLoopPipelineTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=EventLoopPipelineTest -Datlaskv.seed=" + SEED;
  private static final int ROUNDS = 400;

  private final Random random = new Random(SEED);

  /// The same commands one at a time, and in pipelines that are cut anywhere.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPipelineIsAnsweredAsItsCommandsOneByOne(boolean missesFirst) {
    var single = new SimServer(SEED, 1, Durability.OS);
    var piped = new SimServer(SEED, 1, Durability.OS);
    if (missesFirst) {
      piped.store.missFirst();
    }
    SimClient one = single.connect(0);
    SimClient many = piped.connect(0);
    for (int round = 0; round < ROUNDS; round++) {
      var pipeline = new StringBuilder();
      var expected = new StringBuilder();
      for (int i = 1 + random.nextInt(40); i > 0; i--) {
        String request = request();
        pipeline.append(request);
        one.send(request);
        single.settle();
        expected.append(one.received());
      }
      int cut = random.nextInt(pipeline.length());
      many.send(pipeline.substring(0, cut));
      if (random.nextBoolean()) {
        piped.run();
      }
      many.send(pipeline.substring(cut));
      piped.settle();
      assertEquals(expected.toString(), many.received(), "round " + round + ", " + REPRO);
    }
    assertEquals(0, piped.server.bufferBytes().get());
  }

  /// Two clients write the same keys by pipelines that are parked again and again.
  @Test
  void pipelinesParkedInTheMiddleKeepTheirOrder() {
    var sim = new SimServer(SEED, 2, Durability.ALWAYS);
    sim.store.missFirst();
    List<SimClient> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(sim.connect(i % 2));
    }
    int sum = 0;
    for (int round = 0; round < 50; round++) {
      for (SimClient client : clients) {
        int count = 1 + random.nextInt(30);
        client.send("*2\r\n$4\r\nINCR\r\n$1\r\nn\r\nGET k\r\n".repeat(count));
        sum += count;
      }
      for (int i = 0; i < 10; i++) {
        sim.step();
        sim.store.sim().scheduler().step();
      }
    }
    sim.settle();
    long last = 0;
    for (SimClient client : clients) {
      long before = 0;
      for (String line : client.received().replace("$-1\r\n", "").split("\r\n", -1)) {
        if (!line.isEmpty()) {
          long value = Long.parseLong(line.substring(1));
          assertTrue(value > before, value + " after " + before + ", " + REPRO);
          before = value;
        }
      }
      last = Math.max(last, before);
    }
    assertEquals(sum, last, REPRO);
  }

  @Test
  void nothingBehindQuitOrAProtocolErrorIsRun() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    SimClient client = sim.connect(0);
    client.send("SET a 1\r\nGET a\r\nINCR a\r\nQUIT\r\nINCR a\r\nINCR a\r\n");
    sim.settle();
    assertEquals("+OK\r\n$1\r\n1\r\n:2\r\n+OK\r\n", client.received());
    assertTrue(client.isClosed());
    SimClient other = sim.connect(0);
    other.send("INCR a\r\nGET a\r\nGET a\r\nGET a\r\n*1\r\n$x\r\nINCR a\r\n");
    sim.settle();
    assertEquals(
        ":3\r\n" + "$1\r\n3\r\n".repeat(3) + "-ERR Protocol error: invalid bulk length\r\n",
        other.received());
    assertTrue(other.isClosed());
    assertEquals(0, sim.server.bufferBytes().get());
  }

  @Test
  void aClientThatHangsUpInTheMiddleLeavesNothingBehind() {
    var sim = new SimServer(SEED, 1, Durability.OS);
    sim.store.missFirst();
    SimClient client = sim.connect(0);
    client.send("INCR a\r\nINCR b\r\nINCR c\r\nINCR d\r\nINCR e\r\n");
    sim.run();
    sim.server.connections().forEach(connection -> connection.loop.close(connection));
    sim.settle();
    assertEquals(0, sim.server.bufferBytes().get());
    SimClient other = sim.connect(0);
    other.send("GET a\r\nGET b\r\nGET c\r\nGET d\r\nGET e\r\n");
    sim.settle();
    assertEquals("$1\r\n1\r\n" + "$-1\r\n".repeat(4), other.received());
    assertFalse(other.isClosed());
  }

  /// Lines with quotes behind one that is parked, and one of them parked itself, are what they were
  /// when they are parsed again.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void quotedWordsAreUnescapedOnce(boolean missesFirst) {
    var sim = new SimServer(SEED, 1, Durability.OS);
    if (missesFirst) {
      sim.store.missFirst();
    }
    SimClient client = sim.connect(0);
    client.send(
        """
        SET first 'one two'
        INCR n
        SET "a b" "x \\"y\\" \\\\ \\x41"
        INCR n
        GET 'first'
        GET "a b"
        GET "open
        """
            .replace("\n", "\r\n"));
    sim.settle();
    assertEquals(
        """
        +OK
        :1
        +OK
        :2
        $7
        one two
        $9
        x "y" \\ A
        -ERR Protocol error: unbalanced quotes in request
        """
            .replace("\n", "\r\n"),
        client.received());
    assertTrue(client.isClosed());
    assertEquals(0, sim.server.bufferBytes().get());
  }

  /// A pause in the middle of a window: what was parsed behind it is parsed again.
  @Test
  void aSlowReaderGetsEveryReplyOnce() {
    var limits = new Limits(1 << 20, 1 << 20, 1 << 14, 1 << 20, 1 << 24);
    var sim = new SimServer(SEED, 1, Durability.OS, limits);
    SimClient client = sim.connect(0);
    client.command("SET k " + "v".repeat(5_000));
    sim.settle();
    client.received();
    client.window(0);
    client.send("GET k\r\nINCR n\r\n".repeat(40));
    sim.settle();
    client.window(Integer.MAX_VALUE);
    sim.settle();
    var expected = new StringBuilder();
    for (int i = 1; i <= 40; i++) {
      expected.append("$5000\r\n").append("v".repeat(5_000)).append("\r\n:").append(i);
      expected.append("\r\n");
    }
    assertEquals(expected.toString(), client.received());
  }

  private String request() {
    String key = "k" + random.nextInt(12);
    String words =
        switch (random.nextInt(24)) {
          case 0, 1, 2 -> "SET " + key + " " + random.nextInt(100);
          case 3 -> "SET " + key + " x" + "y".repeat(random.nextInt(200));
          case 4 -> "INCR " + key;
          case 5 -> "DEL " + key;
          case 6 -> "DEL " + key + " k1";
          case 7 -> "EXISTS " + key;
          case 8 -> "MSET " + key + " 1 k2 2";
          case 9 -> "MGET " + key + " k3";
          case 10 -> "TYPE " + key;
          case 11 -> "PERSIST " + key;
          case 12 -> "TTL " + key;
          case 13 -> "EXPIRE " + key + (random.nextBoolean() ? " 100" : " -1");
          case 14 -> "SELECT " + random.nextInt(2);
          case 15 ->
              switch (random.nextInt(4)) {
                case 0 -> "FLUSHDB";
                case 1 -> "DELRANGE [k1 (k2";
                case 2 -> "GET " + "l".repeat(random.nextInt(300));
                default -> "NOSUCH " + key;
              };
          case 16 -> "MULTI";
          case 17, 18 -> "EXEC";
          default -> "GET " + key;
        };
    return random.nextInt(3) == 0 ? words + "\r\n" : multibulk(words);
  }

  private static String multibulk(String words) {
    String[] parts = words.split(" ", -1);
    var request = new StringBuilder("*").append(parts.length).append("\r\n");
    for (String part : parts) {
      request.append('$').append(part.length()).append("\r\n").append(part).append("\r\n");
    }
    return request.toString();
  }
}
