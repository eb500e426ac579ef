package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.redis.data.RowKey;
import io.atlaskv.server.SimServer.SimClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The native door of a simulated server.
class NativeProtocolTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=NativeProtocolTest -Datlaskv.seed=" + SEED;
  private static final long MIB = 1024 * 1024;
  private static final Limits BIG = Limits.of(256 * MIB, 64 * MIB);

  private final Random random = new Random(SEED);
  private final SimServer sim = new SimServer(SEED, 1, Durability.OS, BIG);
  private final SimClient client = sim.connect(0, Protocol.NATIVE);

  @Test
  void theVectorsOfTheSpecificationHold() throws IOException {
    NativeVectors vectors = NativeVectors.read();
    assertTrue(vectors.requests().size() > 10);
    assertEquals(vectors.requests().size(), vectors.responses().size());
    for (int i = 0; i < vectors.requests().size(); i++) {
      client.send(vectors.requests().get(i));
      sim.settle();
      assertEquals(hex(vectors.responses().get(i)), hex(client.received()), "vector " + i);
    }
    assertTrue(client.isClosed());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0, 1 << 20})
  void theVectorsHoldHoweverTheyAreCut(int pieceBytes) throws IOException {
    NativeVectors vectors = NativeVectors.read();
    String all = String.join("", vectors.requests());
    for (int at = 0; at < all.length(); ) {
      int piece = pieceBytes > 0 ? pieceBytes : 1 + random.nextInt(20);
      int end = Math.min(all.length(), at + piece);
      client.send(all.substring(at, end));
      sim.settle();
      at = end;
    }
    assertEquals(hex(String.join("", vectors.responses())), hex(client.received()), "seed " + SEED);
    assertTrue(client.isClosed());
    assertEquals(0, sim.server.bufferBytes().get());
  }

  @Test
  void errorsAreCountedAsThoseOfTheOtherDoor() {
    client.send("\u007f\0\0\0\0" + get("k".repeat(RowKey.KEY_BYTES_MAX + 1)));
    sim.settle();
    SimClient redis = sim.connect(0);
    redis.command("INFO errorstats commandstats");
    sim.settle();
    String info = redis.received();
    assertTrue(info.contains("errorstat_ERR:count=2\r\n"), info);
    assertTrue(
        info.contains("cmdstat_get:calls=0,usec=0,usec_per_call=0.00,rejected_calls=1,"), info);
  }

  @Test
  void bothDoorsSeeTheSameKeys() {
    SimClient redis = sim.connect(0);
    client.send(put("k", "from native"));
    sim.settle();
    redis.command("GET k");
    redis.command("SET l from-resp PX 1000");
    sim.settle();
    assertEquals("$11\r\nfrom native\r\n+OK\r\n", redis.received());
    client.send(get("l"));
    sim.settle();
    assertEquals(ok("") + ok("from-resp"), client.received());
    sim.store.sim().clock().advance(1001 * 1_000_000L);
    client.send(get("l"));
    sim.settle();
    assertEquals(NOT_FOUND, client.received());
  }

  @Test
  void aPutEndsTheExpiryOfItsKey() {
    SimClient redis = sim.connect(0);
    redis.command("SET k v PX 1000");
    sim.settle();
    client.send(put("k", "w"));
    sim.settle();
    sim.store.sim().clock().advance(2000 * 1_000_000L);
    client.send(get("k"));
    sim.settle();
    assertEquals(ok("") + ok("w"), client.received());
  }

  @Test
  void theLongestKeyIsTakenAndALongerOneRefused() {
    String longest = "k".repeat(RowKey.KEY_BYTES_MAX);
    client.send(put(longest, "v") + get(longest) + get(longest + "k") + PING);
    sim.settle();
    assertEquals(
        ok("")
            + ok("v")
            + error("key is longer than " + RowKey.KEY_BYTES_MAX + " bytes")
            + ok("PONG"),
        client.received());
  }

  /// What a client of another protocol says first.
  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1", "*1\r\n$4\r\nPING\r\n", "PING\r\n"})
  void whoSpeaksSomethingElseIsToldAndClosed(String greeting) {
    client.send(greeting);
    sim.settle();
    assertTrue(client.received().startsWith("\2\0\0\0"), greeting);
    assertTrue(client.isClosed());
  }

  @Test
  void aWriteThatIsNotSafeIsAnsweredWithTheErrorOfRedis() {
    var always = new SimServer(SEED, 1, Durability.ALWAYS);
    SimClient writer = always.connect(0, Protocol.NATIVE);
    always.store.sim().files().fail(op -> op.name().endsWith(".log"), Fault.EIO);
    writer.send(put("k", "v") + PING);
    always.settle();
    String received = writer.received();
    assertTrue(received.startsWith("\2\0\0"), received);
    assertTrue(received.contains("MISCONF Errors writing to the AOF file: "), received);
    assertTrue(received.endsWith(ok("PONG")), received);
    assertFalse(writer.isClosed());
  }

  @Test
  void aPasswordIsNotToBeGoneAround() {
    SimClient redis = sim.connect(0);
    redis.command("SET k secret");
    redis.command("CONFIG SET requirepass word");
    sim.settle();
    assertEquals("+OK\r\n+OK\r\n", redis.received());
    SimClient stranger = sim.connect(0, Protocol.NATIVE);
    stranger.send(get("k") + put("k", "x") + delete("k") + PING + frame(99, ""));
    sim.settle();
    String refused = error("NOAUTH Authentication required.");
    assertEquals(refused.repeat(4) + error("unknown opcode 99"), stranger.received());
    stranger.send(put("k", "x".repeat(16 * 1024)).substring(0, 5));
    sim.settle();
    assertEquals(error("payload of 16389 bytes, the limit is 16384"), stranger.received());
    assertTrue(stranger.isClosed());
    redis.command("GET k");
    sim.settle();
    assertEquals("$6\r\nsecret\r\n", redis.received());
  }

  /// Frames mixed with damaged ones: every frame of a length that can be has one answer, in order.
  @Test
  void damagedFramesNeverMoveTheStream() {
    for (int round = 0; round < 300; round++) {
      var sent = new StringBuilder();
      int frames = 1 + random.nextInt(40);
      for (int i = 0; i < frames; i++) {
        sent.append(random.nextInt(4) == 0 ? damagedFrame() : get("k" + random.nextInt(10)));
      }
      sent.append(PING);
      int cut = random.nextInt(sent.length());
      client.send(sent.substring(0, cut));
      sim.run();
      client.send(sent.substring(cut));
      sim.settle();
      assertAnswers(client.received(), frames + 1, "round " + round + ", " + REPRO);
    }
  }

  private void assertAnswers(String received, int count, String message) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      assertTrue(at + NativeFrame.HEADER_BYTES <= received.length(), message);
      assertTrue(received.charAt(at) <= NativeFrame.ERROR, message);
      byte[] header = received.substring(at + 1, at + 5).getBytes(StandardCharsets.ISO_8859_1);
      int length = ByteBuffer.wrap(header).getInt();
      assertTrue(length >= 0, message);
      at += NativeFrame.HEADER_BYTES + length;
    }
    assertEquals(received.length(), at, message);
    assertTrue(received.endsWith(ok("PONG")), message);
  }

  private String damagedFrame() {
    var payload = new byte[random.nextInt(30)];
    random.nextBytes(payload);
    if (random.nextBoolean() && payload.length >= Integer.BYTES) {
      ByteBuffer.wrap(payload).putInt(random.nextInt(40));
    }
    return frame(random.nextInt(256), new String(payload, StandardCharsets.ISO_8859_1));
  }

  /// One at a time, and in pipelines that are cut anywhere and parked at every read.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPipelineIsAnsweredAsItsRequestsOneByOne(boolean missesFirst) {
    var piped = new SimServer(SEED, 1, Durability.OS);
    if (missesFirst) {
      piped.store.missFirst();
    }
    SimClient many = piped.connect(0, Protocol.NATIVE);
    for (int round = 0; round < 200; round++) {
      var pipeline = new StringBuilder();
      var expected = new StringBuilder();
      for (int i = 1 + random.nextInt(40); i > 0; i--) {
        String request = request();
        pipeline.append(request);
        client.send(request);
        sim.settle();
        expected.append(client.received());
      }
      int cut = random.nextInt(pipeline.length());
      many.send(pipeline.substring(0, cut));
      if (random.nextBoolean()) {
        piped.run();
      }
      many.send(pipeline.substring(cut));
      piped.settle();
      assertEquals(hex(expected.toString()), hex(many.received()), "round " + round + ", " + REPRO);
    }
    assertEquals(0, piped.server.bufferBytes().get());
  }

  /// Pipelines of both doors on the same keys, parked in the middle again and again.
  @Test
  void parkedPipelinesOfBothDoorsKeepTheirOrder() {
    var mixed = new SimServer(SEED, 2, Durability.ALWAYS);
    mixed.store.missFirst();
    SimClient redis = mixed.connect(0);
    SimClient binary = mixed.connect(1, Protocol.NATIVE);
    var expected = new StringBuilder();
    int sum = 0;
    for (int round = 0; round < 50; round++) {
      int count = 1 + random.nextInt(20);
      redis.send("INCR n\r\n".repeat(count));
      sum += count;
      for (int i = 0; i < count; i++) {
        String value = round + "." + i;
        binary.send(put("own", value) + get("own") + delete("own") + get("own"));
        expected.append(ok("")).append(ok(value)).append(ok("")).append(NOT_FOUND);
      }
      for (int i = 0; i < 10; i++) {
        mixed.step();
        mixed.store.sim().scheduler().step();
      }
    }
    mixed.settle();
    assertEquals(hex(expected.toString()), hex(binary.received()), REPRO);
    binary.send(get("n"));
    mixed.settle();
    assertEquals(ok(Integer.toString(sum)), binary.received(), REPRO);
  }

  @Test
  void aSlowReaderStopsItselfAndIsServedToTheEnd() {
    String value = "v".repeat(100_000);
    client.send(put("k", value));
    sim.settle();
    assertEquals(ok(""), client.received());
    client.window(0);
    int gets = 60; // 6 MB of answers
    client.send(get("k").repeat(gets));
    sim.settle();
    assertTrue(client.connection().isPaused);
    client.window(Integer.MAX_VALUE);
    sim.settle();
    assertTrue(ok(value).repeat(gets).equals(client.received()), "6 MB that differ");
  }

  private String request() {
    String key = "k" + random.nextInt(8);
    return switch (random.nextInt(6)) {
      case 0, 1 -> put(key, "v" + random.nextInt(1000) + "x".repeat(random.nextInt(300)));
      case 2 -> delete(key);
      case 3 -> random.nextInt(4) == 0 ? frame(99, "abc") : PING;
      default -> get(key);
    };
  }

  private static final String PING = frame(NativeFrame.PING, "");
  private static final String NOT_FOUND = frame(NativeFrame.NOT_FOUND, "");

  private static String get(String key) {
    return frame(NativeFrame.GET, number(key.length()) + key);
  }

  private static String put(String key, String value) {
    return frame(NativeFrame.PUT, number(key.length()) + key + value);
  }

  private static String delete(String key) {
    return frame(NativeFrame.DELETE, number(key.length()) + key);
  }

  private static String ok(String payload) {
    return frame(NativeFrame.OK, payload);
  }

  private static String error(String sentence) {
    return frame(NativeFrame.ERROR, sentence);
  }

  private static String frame(int code, String payload) {
    return (char) code + number(payload.length()) + payload;
  }

  private static String number(int value) {
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String hex(String bytes) {
    return HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }
}
