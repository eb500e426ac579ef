package io.atlaskv.cli;

import io.atlaskv.cli.config.Configuration;
import io.atlaskv.cli.log.ServerLog;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.data.MetadataException;
import io.atlaskv.server.AtlasServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One life of a server process: start, the screen that says so, wait, orderly end.
///
/// A signal ends the JVM through its shutdown hooks with an exit code of 128 and more. Ours closes
/// the server and then halts the JVM with 0, as Redis answers SIGTERM.
final class ServerRun {
  private static final long MIB = 1024 * 1024;
  private static final int NAME_COLUMN = 14;

  private static final System.Logger LOGGER = new LateLogger(ServerRun.class);

  private final Configuration configuration;
  private final Settings settings;
  private final PrintWriter out;
  private final PrintWriter err;
  private volatile @Nullable Path pidFile;

  ServerRun(Configuration configuration, PrintWriter out, PrintWriter err) {
    this.configuration = configuration;
    settings = configuration.settings();
    this.out = out;
    this.err = err;
  }

  int run() {
    AtlasServer server;
    try {
      ServerLog.follow(settings.process);
      configuration.warnings().forEach(warning -> LOGGER.log(Level.WARNING, warning));
      server = AtlasServer.start(settings, Main.version());
    } catch (AtlasException | MetadataException e) {
      err.println("atlaskv server: " + located(String.valueOf(e.getMessage())));
      return Main.EXIT_FAILED;
    } catch (IOException | IllegalArgumentException e) {
      err.println("atlaskv server: " + e.getMessage());
      return Main.EXIT_FAILED;
    }
    var signalled = Thread.ofPlatform().name("atlas-stop").unstarted(() -> halt(server));
    Runtime.getRuntime().addShutdownHook(signalled);
    writePidFile();
    greet(server);
    try {
      server.awaitShutdownRequest();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(signalled);
    } catch (IllegalStateException _) { // a signal was first: its hook closes and halts
      return 0;
    }
    if (server.failure() != null) {
      halt(server);
    }
    return end(server);
  }

  /// Most name the file, not where it is.
  private String located(String message) {
    String dir = settings.storage.dir.text();
    return message.startsWith(Path.of(dir).toAbsolutePath().normalize().toString())
        ? message
        : dir + ": " + message;
  }

  /// Ends the process, whatever closing the server comes to.
  private void halt(AtlasServer server) {
    int code = Main.EXIT_FAILED;
    try {
      code = end(server);
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }

  private int end(AtlasServer server) {
    try {
      server.close();
      removePidFile();
      Error failure = server.failure();
      if (failure != null) {
        err.println("atlaskv server: ended by " + failure);
        return Main.EXIT_FAILED;
      }
      LOGGER.log(Level.INFO, "AtlasKV is now ready to exit, bye bye...");
      out.println("Stopped");
      return 0;
    } catch (IOException | AtlasException e) {
      err.println("atlaskv server: " + e.getMessage());
      return Main.EXIT_FAILED;
    }
  }

  private void writePidFile() {
    String file = settings.process.pidfile.value();
    if (!file.isEmpty()) {
      try {
        pidFile = Files.writeString(Path.of(file), ProcessHandle.current().pid() + "\n");
      } catch (IOException e) {
        LOGGER.log(Level.WARNING, "Failed to write PID file: " + e.getMessage());
      }
    }
  }

  /// Only what this process has written; that it cannot be removed says nothing of the data.
  private void removePidFile() {
    Path written = pidFile;
    if (written != null) {
      try {
        Files.deleteIfExists(written);
      } catch (IOException e) {
        LOGGER.log(Level.WARNING, "Failed to remove PID file: " + e.getMessage());
      }
    }
  }

  private void greet(AtlasServer server) {
    out.println(Main.version());
    line("process", "PID: " + ProcessHandle.current().pid());
    server.addresses().forEach(address -> line("address", address));
    server.nativeAddress().ifPresent(address -> line("native", address));
    server
        .httpPort()
        .ifPresent(
            port -> line("http", "http://" + settings.network.httpBind.value() + ":" + port));
    line("data", settings.storage.dir.value());
    line("durability", server.durability());
    line("memory limit", server.memoryLimitBytes() / MIB + " MiB");
    server.warnings().forEach(warning -> err.println("atlaskv server: warning: " + warning));
    ServerLog.warmUp();
    out.println("Ready to accept connections");
  }

  private void line(String name, Object value) {
    out.println("  " + name + " ".repeat(NAME_COLUMN - name.length()) + value);
  }
}
