package io.atlaskv.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// One server that this program started, and hence may kill.
///
/// The process must be the server itself (launchers `exec`), or a kill would hit a shell.
public final class ServerProcess implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("(?:127\\.0\\.0\\.1|\\*):(\\d{1,5})");
  private static final long POLL_NANOS = 200_000;
  private static final int OUTPUT_LINES_MAX = 200;

  private final Process process;
  private final String commandLine;
  private final Deque<String> output = new ArrayDeque<>(); // guarded by itself
  private volatile int port;

  private ServerProcess(Process process, String commandLine, int port) {
    this.process = process;
    this.commandLine = commandLine;
    this.port = port;
    Thread.ofVirtual().name("output of " + process.pid()).start(this::drainOutput);
  }

  /// Starts the server and returns after its first `PONG`.
  public static ServerProcess start(ServerCommand command, Path directory, Duration deadline) {
    int port = command.takesPort() ? ServerCommand.freePort() : 0;
    var words = command.resolve(directory, port);
    try {
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      var server =
          new ServerProcess(ChildProcesses.OURS.start(builder), String.join(" ", words), port);
      server.awaitPong(System.nanoTime() + deadline.toNanos());
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + words, e);
    }
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// As it was started, with every place filled in.
  public String commandLine() {
    return commandLine;
  }

  public RespConnection connect() {
    return RespConnection.open(port);
  }

  /// What the server printed last, for messages.
  public String lastOutput() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  /// SIGKILL; returns when the process is gone.
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(30));
  }

  /// SIGTERM; returns the exit code.
  public int stop(Duration deadline) {
    process.destroy();
    return awaitExit(deadline);
  }

  /// Kills the server if it still runs.
  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  private int awaitExit(Duration deadline) {
    boolean interrupted = false;
    long end = System.nanoTime() + deadline.toNanos();
    try {
      while (true) {
        try {
          if (process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return process.exitValue();
          }
          throw new IllegalStateException(
              "still running after " + deadline + ": " + commandLine + "\n" + lastOutput());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void awaitPong(long endNanos) {
    while (!answersPing()) {
      if (!process.isAlive() || System.nanoTime() > endNanos) {
        boolean died = !process.isAlive();
        kill();
        throw new IllegalStateException(
            (died ? "exited with " + process.exitValue() : "no PONG in time")
                + ": "
                + commandLine
                + "\n"
                + lastOutput());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private boolean answersPing() {
    if (port == 0) {
      return false;
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      // A server that still loads its data says so with an error.
      return socket.getInputStream().read() == '+';
    } catch (IOException _) {
      return false;
    }
  }

  private void drainOutput() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (output) {
          output.addLast(line);
          if (output.size() > OUTPUT_LINES_MAX) {
            output.removeFirst();
          }
        }
        if (port == 0) {
          var address = ADDRESS.matcher(line);
          if (address.find()) {
            port = Integer.parseInt(address.group(1));
          }
        }
      }
    } catch (IOException _) {
      // The pipe of a killed process: nothing more to read.
    }
  }
}
