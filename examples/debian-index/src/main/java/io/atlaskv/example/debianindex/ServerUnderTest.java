package io.atlaskv.example.debianindex;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// The server process that this program starts, kills, and starts again on the same directory.
final class ServerUnderTest implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMinutes(2); // first use builds the server
  private static final long POLL_NANOS = 1_000_000;
  private static final Pattern READY = Pattern.compile("127\\.0\\.0\\.1:(\\d{1,5})");

  private final String command;
  private final Path directory;
  private Process process;
  private int port;

  private ServerUnderTest(String command, Path directory) throws IOException {
    this.command = command;
    this.directory = directory;
    start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /// Starts a command line with `{dir}`, and with `{port}` if the server cannot choose one itself.
  static ServerUnderTest start(String command, Path directory) throws IOException {
    return new ServerUnderTest(command, directory);
  }

  Jedis connect() {
    return new Jedis("127.0.0.1", port, 60_000);
  }

  /// SIGKILL: the server gets no chance to save anything.
  void kill() {
    process.destroyForcibly();
    await();
  }

  /// SIGTERM: the server finishes. Returns how long that took.
  Duration stop() {
    long start = System.nanoTime();
    process.destroy();
    int exitCode = await();
    if (exitCode != 0) {
      throw new IllegalStateException("exit code " + exitCode + " after SIGTERM");
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  void restart() throws IOException {
    start();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  private void start() throws IOException {
    int wanted = freePort();
    var words =
        Arrays.stream(command.split(" ", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> word.replace("{dir}", directory.toString()))
            .map(word -> word.replace("{port}", Integer.toString(wanted)))
            .map(word -> word.equals("\"\"") ? "" : word)
            .toList();
    process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var announced = new CompletableFuture<Integer>();
    var server = process;
    Thread.ofVirtual().start(() -> read(server, announced));
    try {
      port =
          command.contains("{port}")
              ? wanted
              : announced.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      awaitPong();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      kill();
      throw new IOException("server did not start: " + words, e);
    }
  }

  private void awaitPong() throws TimeoutException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try (var jedis = connect()) {
        jedis.ping();
        return;
      } catch (JedisException e) {
        if (System.nanoTime() > end || !process.isAlive()) {
          throw (TimeoutException) new TimeoutException("no PONG from " + command).initCause(e);
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /// Reads to the end, so that the server never waits for its reader.
  private static void read(Process server, CompletableFuture<Integer> announced) {
    try (BufferedReader output = server.inputReader(StandardCharsets.UTF_8)) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        var address = READY.matcher(line);
        if (address.find()) {
          announced.complete(Integer.valueOf(address.group(1)));
        }
      }
      announced.completeExceptionally(new IOException("the server printed no 127.0.0.1:PORT"));
    } catch (IOException e) {
      announced.completeExceptionally(e);
    }
  }

  private int await() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for the server's end", e);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
