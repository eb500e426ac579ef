package io.atlaskv.example.debianindex;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.exceptions.JedisConnectionException;

/// Program: stores this machine's Debian package index, kills the server with -9 halfway, and
/// proves that every acknowledged byte is there. Then asks ordered questions and deletes a range.
public final class DebianIndex {
  private static final String NAMES = "libj";

  private final Rows rows;
  private final List<Map.Entry<String, String>> list;
  private final ServerUnderTest server;

  private DebianIndex(Rows rows, ServerUnderTest server) {
    this.rows = rows;
    this.list = List.copyOf(rows.all().entrySet());
    this.server = server;
  }

  /// Arguments: the server's command line in one word, by default `./atlaskv server` with a free
  /// port; `--without-ranges` for a server that has no ordered commands.
  public static void main(String[] arguments) throws IOException {
    System.setProperty("slf4j.internal.verbosity", "ERROR"); // Jedis' logger has no backend here
    var command =
        Stream.of(arguments)
            .filter(argument -> !argument.startsWith("--"))
            .findFirst()
            .orElse("./atlaskv server --port 0 --dir {dir}");
    boolean hasRanges = !List.of(arguments).contains("--without-ranges");

    var stanzas = PackageLists.read();
    var directory = Files.createTempDirectory("debian-index");
    try (var server = ServerUnderTest.start(command, directory)) {
      System.out.println("server: " + command);
      var run = new DebianIndex(Rows.of(stanzas), server);
      System.out.println("read: " + stanzas.size() + " stanzas");
      run.load();
      run.compareAll();
      if (hasRanges) {
        run.askAndDelete();
      }
      run.stopAndReopen(hasRanges);
    } finally {
      deleteTree(directory);
    }
    System.out.println("debian index: 1 passed, 0 failed");
  }

  /// Loads all rows. Halfway another thread kills the server.
  private void load() throws IOException {
    var halfway = new CountDownLatch(1);
    var killer = Thread.ofPlatform().name("killer").start(() -> killAfter(halfway));
    var progress =
        new Loader.Progress() {
          @Override
          public void acknowledged(int count) {
            if (count >= list.size() / 2) {
              halfway.countDown();
            }
          }

          @Override
          public void broken(JedisConnectionException cause) {
            check(halfway.getCount() == 0, "connection broke before the kill: " + cause);
          }
        };
    int acknowledged;
    try (var jedis = server.connect()) {
      acknowledged = Loader.write(jedis, list, progress);
    }
    join(killer);
    check(acknowledged < list.size(), "the kill came too late: all rows were acknowledged");
    server.restart();
    int inFlight = Math.min(Loader.PIPELINE, list.size() - acknowledged);
    try (var jedis = server.connect()) {
      int arrived = compareAfterKill(acknowledged, inFlight);
      check(jedis.dbSize() == acknowledged + arrived, "DBSIZE after the kill: " + jedis.dbSize());
      System.out.printf(
          "kill -9: %d rows acknowledged, 0 lost; of %d in flight %d arrived%n",
          acknowledged, inFlight, arrived);
      var rest = list.subList(acknowledged, list.size());
      Loader.write(jedis, rest, new NothingMayBreak());
    }
  }

  private void killAfter(CountDownLatch halfway) {
    try {
      halfway.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted before the kill", e);
    }
    server.kill();
  }

  /// Checks all acknowledged rows; returns how many of those in flight are there.
  private int compareAfterKill(int acknowledged, int inFlight) {
    int arrived = 0;
    try (var jedis = server.connect()) {
      var known = list.subList(0, acknowledged + inFlight);
      var values = Loader.read(jedis, known);
      for (int i = 0; i < known.size(); i++) {
        var row = known.get(i);
        var value = values.get(i);
        if (i >= acknowledged && value == null) {
          continue;
        }
        check(row.getValue().equals(value), row.getKey() + " after the kill: " + value);
        arrived += i >= acknowledged ? 1 : 0;
      }
    }
    return arrived;
  }

  private void compareAll() {
    var in = new Rows.Digest();
    var out = new Rows.Digest();
    try (var jedis = server.connect()) {
      var values = Loader.read(jedis, list);
      for (int i = 0; i < list.size(); i++) {
        var row = list.get(i);
        in.add(row.getKey(), row.getValue());
        var value = values.get(i);
        check(row.getValue().equals(value), row.getKey() + " differs");
        out.add(row.getKey(), Objects.requireNonNull(value));
      }
      check(jedis.dbSize() == list.size(), "DBSIZE " + jedis.dbSize());
    }
    var went = in.finish();
    var came = out.finish();
    System.out.println("in:  " + went);
    System.out.println("out: " + came);
    check(went.equals(came), "digests differ");
  }

  /// The questions a plain Redis cannot answer.
  private void askAndDelete() {
    var place = largestList() + "/" + NAMES;
    try (var jedis = server.connect()) {
      var ordered = new OrderedCommands(jedis);
      var expected = List.copyOf(rows.startingWith("stanza/" + place).keySet());
      var keys = ordered.keys("stanza/" + place);
      check(keys.equals(expected), "RANGE: " + keys.size() + " keys, not " + expected.size());
      check(ordered.count("stanza/" + place) == expected.size(), "RANGECOUNT differs");
      System.out.printf(
          "RANGE: %d packages start with %s, from %s to %s%n",
          keys.size(), NAMES, keys.getFirst(), keys.getLast());

      var doomed = rows.startingWith("field/" + place);
      long before = jedis.dbSize();
      long deleted = ordered.delete("field/" + place);
      check(deleted == doomed.size(), "DELRANGE: " + deleted + ", not " + doomed.size());
      check(ordered.count("field/" + place) == 0, "rows are left after DELRANGE");
      check(jedis.dbSize() == before - deleted, "DBSIZE after DELRANGE: " + jedis.dbSize());
      check(jedis.exists(rows.all().lowerKey(doomed.firstKey())), "DELRANGE took the row before");
      check(jedis.exists(rows.all().higherKey(doomed.lastKey())), "DELRANGE took the row after");
      System.out.printf("DELRANGE: %d fields of packages %s* deleted%n", deleted, NAMES);
      doomed.clear();
    }
  }

  private String largestList() {
    Map<String, Long> packages =
        rows.startingWith("stanza/").keySet().stream()
            .collect(Collectors.groupingBy(key -> key.split("/", 3)[1], Collectors.counting()));
    return Collections.max(packages.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  /// A clean stop keeps everything too, the deletion included.
  private void stopAndReopen(boolean hasRanges) throws IOException {
    var stopTime = server.stop();
    server.restart();
    try (var jedis = server.connect()) {
      check(jedis.dbSize() == rows.all().size(), "DBSIZE after reopening: " + jedis.dbSize());
      if (hasRanges) {
        long count = new OrderedCommands(jedis).count("field/");
        check(count == rows.startingWith("field/").size(), "RANGECOUNT after reopening: " + count);
      }
    }
    System.out.println(
        "SIGTERM: stopped in " + stopTime.toMillis() + " ms; reopened with all rows");
  }

  /// After the kill the connection has to hold.
  private static final class NothingMayBreak implements Loader.Progress {
    @Override
    public void acknowledged(int rows) {}

    @Override
    public void broken(JedisConnectionException cause) {
      throw cause;
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
