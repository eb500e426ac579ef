package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.internal.io.ProcessMemory;
import io.atlaskv.redis.config.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/// A server on real sockets and a real disk, through a client library that knows nothing of us.
class AtlasServerTest {
  private static final long MIB = 1024 * 1024;

  @TempDir Path directory;

  private AtlasServer start(int loops) throws IOException {
    return AtlasServer.start(TestSettings.of(directory, loops), "test");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void jedisFindsARedis(int loops) throws IOException {
    try (AtlasServer server = start(loops);
        var jedis = TestClient.of(server)) {
      assertEquals("PONG", jedis.ping());
      assertEquals("OK", jedis.set("a", "1", SetParams.setParams().ex(100)));
      assertEquals(2, jedis.incr("a"));
      assertThat(jedis.ttl("a"))
          .isBetween(40L, 100L); // though the machine stood still for a minute
      assertEquals("OK", jedis.mset("b", "x", "c", "y"));
      assertEquals(List.of("2", "x", "y"), jedis.mget("a", "b", "c"));
      assertEquals("string", jedis.type("b"));
      assertEquals(3, jedis.dbSize());
      assertEquals(2, jedis.del("b", "c", "none"));
      assertEquals(Map.of("appendfsync", "interval:100ms"), jedis.configGet("appendfsync"));
      assertEquals("OK", jedis.configSet("appendfsync", "always"));
      assertEquals("OK", jedis.set("d", "durable"));
      assertEquals("always", jedis.configGet("appendfsync").get("appendfsync"));
      assertTrue(jedis.info("server").contains("redis_version:7.2"));
      assertEquals("OK", jedis.flushDB());
      assertEquals(0, jedis.dbSize());
    }
  }

  @Test
  void ceilingsOfBackgroundWorkAreSetWhileItRuns() throws IOException {
    try (AtlasServer server = start(1);
        var jedis = TestClient.of(server)) {
      var ceilings = "compaction-*-per-second";
      assertEquals(Map.of("compaction-bytes-per-second", "0"), jedis.configGet(ceilings));
      assertEquals(
          "OK", jedis.configSet("compaction-bytes-per-second", "8mb", "compaction-iops", "100"));
      assertEquals(Map.of("compaction-bytes-per-second", "8388608"), jedis.configGet(ceilings));
      assertEquals(Map.of("compaction-iops", "100"), jedis.configGet("compaction-iops"));
      assertThrows(JedisDataException.class, () -> jedis.configSet("compaction-iops", "7"));
      assertThrows(
          JedisDataException.class, () -> jedis.configSet("compaction-bytes-per-second", "1kb"));
      assertEquals(Map.of("compaction-iops", "100"), jedis.configGet("compaction-iops"));
      assertEquals("OK", jedis.configSet("compaction-iops", "0"));
    }
  }

  @Test
  void aPipelineAndAScanSeeEverythingAndItIsThereAfterReopening() throws IOException {
    int count = 20_000;
    try (AtlasServer server = start(2);
        var jedis = TestClient.of(server)) {
      Pipeline pipeline = jedis.pipelined();
      for (int i = 0; i < count; i++) {
        pipeline.set("key:" + i, "value:" + i);
      }
      pipeline.sync();
      assertEquals(count, jedis.dbSize());
    }
    try (AtlasServer server = start(2);
        var jedis = TestClient.of(server)) {
      assertEquals(count, jedis.dbSize());
      int seen = 0;
      String cursor = ScanParams.SCAN_POINTER_START;
      do {
        ScanResult<String> page = jedis.scan(cursor, new ScanParams().count(500));
        for (String key : page.getResult()) {
          assertEquals("value:" + key.substring("key:".length()), jedis.get(key));
          seen++;
        }
        cursor = page.getCursor();
      } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
      assertEquals(count, seen);
    }
  }

  /// As docs/commands/snapshots.md says: a copy of a snapshot is a data directory.
  @Test
  void aSnapshotIsADataDirectory() throws IOException {
    try (AtlasServer server = start(2);
        var jedis = TestClient.of(server)) {
      jedis.set("k", "before");
      assertEquals("OK", jedis.save());
      jedis.set("k", "after");
      assertEquals("Background saving started", jedis.bgsave());
    }
    Path snapshots = directory.resolve("snapshots");
    Path first;
    try (Stream<Path> found = Files.list(snapshots)) {
      first = found.sorted().findFirst().orElseThrow();
    }
    try (AtlasServer server = AtlasServer.start(TestSettings.of(first, 1), "test");
        var jedis = TestClient.of(server)) {
      assertEquals("before", jedis.get("k"));
      jedis.set("k", "other");
    }
    try (AtlasServer server = start(1);
        var jedis = TestClient.of(server)) {
      assertEquals("after", jedis.get("k"));
    }
  }

  @Test
  void bigValuesComeBackByteForByteAndLargerOnesAreRefused() throws IOException {
    try (AtlasServer server = start(1);
        var jedis = TestClient.of(server)) {
      byte[] value = new byte[(int) (12 * MIB)];
      new Random(7).nextBytes(value);
      byte[] key = "big".getBytes(StandardCharsets.US_ASCII);
      assertEquals("OK", jedis.set(key, value));
      assertArrayEquals(value, jedis.get(key));
      int max = Limits.of(server.memoryLimitBytes(), server.memoryLimitBytes() / 8).bulkBytesMax();
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        String request = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + (max + 1) + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String reply =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals("-ERR Protocol error: invalid bulk length\r\n", reply);
      }
      assertEquals("PONG", jedis.ping());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void incrementsOfParallelClientsAddUp(int loops) throws Exception {
    int clients = 8;
    int each = 500;
    try (AtlasServer server = start(loops);
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<Long>>();
      for (int c = 0; c < clients; c++) {
        tasks.add(() -> {
          try (var jedis = TestClient.of(server)) {
            long last = 0;
            for (int i = 0; i < each; i++) {
              long next = jedis.incr("n");
              assertTrue(next > last);
              last = next;
            }
            return last;
          }
        });
      }
      for (var done : pool.invokeAll(tasks)) {
        assertTrue(done.get() >= each);
      }
      try (var jedis = TestClient.of(server)) {
        assertEquals(Integer.toString(clients * each), jedis.get("n"));
      }
    }
  }

  @Test
  void aClientThatDoesNotReadHarmsNobody() throws IOException {
    try (AtlasServer server = start(1);
        var jedis = TestClient.of(server);
        var slow = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      jedis.set("k", "v".repeat(100_000));
      slow.setSoTimeout(10_000);
      OutputStream out = slow.getOutputStream();
      out.write("GET k\r\n".repeat(2_000).getBytes(StandardCharsets.US_ASCII)); // 200 MB of replies
      for (int i = 0; i < 1_000; i++) {
        assertEquals("PONG", jedis.ping());
      }
      long buffers = Long.parseLong(memory(jedis).get("atlas_client_buffers"));
      assertTrue(buffers < 64 * MIB, "buffers of clients: " + buffers);
    }
  }

  @Test
  void infoMemoryCountsWhatTheLimitCounts() throws IOException {
    try (AtlasServer server = start(1);
        var jedis = TestClient.of(server)) {
      long before = Long.parseLong(memory(jedis).get("atlas_native_memory"));
      jedis.set("k", "v".repeat((int) (12 * MIB))); // in a memtable, which may have spare chunks
      Map<String, String> lines = memory(jedis);
      long store = Long.parseLong(lines.get("atlas_native_memory"));
      assertTrue(store >= before + 8 * MIB, before + " then " + store);
      long heap = Long.parseLong(lines.get("atlas_heap_used"));
      long buffers = Long.parseLong(lines.get("atlas_client_buffers"));
      long used = Long.parseLong(lines.get("used_memory"));
      assertEquals(heap + store + buffers, used);
      assertEquals(ServerFacts.human(used), lines.get("used_memory_human"));
      assertEquals(Long.toString(256 * MIB), lines.get("atlas_memory_limit"));
      assertEquals("0", lines.get("maxmemory"));
      assertEquals("0B", lines.get("maxmemory_human"));
      assertEquals("noeviction", lines.get("maxmemory_policy"));
      assertEquals(
          lines.get("atlas_memory_limit"), jedis.configGet("memory-limit").get("memory-limit"));
      long resident = ProcessMemory.residentBytes(); // 0 where the kernel does not say
      assertEquals(resident > 0, lines.containsKey("used_memory_rss"));
      assertTrue(Long.parseLong(lines.getOrDefault("used_memory_rss", "0")) >= resident / 2);
    }
  }

  @Test
  void sizesForPeopleAreWrittenAsRedisDoes() {
    assertEquals("0B", ServerFacts.human(0));
    assertEquals("1023B", ServerFacts.human(1023));
    assertEquals("1.00K", ServerFacts.human(1024));
    assertEquals("930.40K", ServerFacts.human(952_728));
    assertEquals("1.50G", ServerFacts.human(3L << 29));
  }

  private static Map<String, String> memory(Jedis jedis) {
    return jedis
        .info("memory")
        .lines()
        .filter(line -> line.contains(":"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf(':')),
                line -> line.substring(line.indexOf(':') + 1)));
  }

  @Test
  void shutdownEndsTheServer() throws Exception {
    try (var socket = new Socket()) {
      try (AtlasServer server = start(2)) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        String request = "SET a 1\r\nSHUTDOWN\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        server.awaitShutdownRequest();
      }
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals("+OK\r\n", reply);
    }
  }

  @Test
  void aTakenPortAndALockedDirectoryAreNamed() throws IOException {
    try (AtlasServer server = start(1)) {
      Settings samePort =
          TestSettings.of(directory, 1).with("port", Integer.toString(server.port()));
      IOException taken =
          assertThrows(IOException.class, () -> AtlasServer.start(samePort, "test"));
      assertTrue(taken.getMessage().startsWith("cannot listen on 127.0.0.1:" + server.port()));
      AtlasException locked = assertThrows(AtlasException.class, () -> start(1));
      assertTrue(locked.getMessage().contains("is in use"), locked.getMessage());
    }
  }
}
