package io.atlaskv.server.http;

import io.atlaskv.engine.api.Statistics;
import java.util.List;

/// What is known of a running server at one moment; `MetricsPage` gives it names.
///
/// @param version of AtlasKV
/// @param uptimeSeconds since the start
/// @param isReady whether `/ready` says yes
/// @param clients figures of connections and commands
/// @param commands that were sent, with subcommands
/// @param databases keys of each database, by number
/// @param usedDatabases what is done in those that have anything, or had since the start
/// @param memory of the process
/// @param store of the engine
public record Figures(
    String version,
    double uptimeSeconds,
    boolean isReady,
    Clients clients,
    List<CommandCalls> commands,
    List<Database> databases,
    List<DatabaseUse> usedDatabases,
    Memory memory,
    Statistics store) {

  /// Connections and their commands.
  ///
  /// @param connected now
  /// @param connectedMax most that may be connected
  /// @param received connections since the start
  /// @param refused connections that came when all places were taken
  /// @param commands run since the start
  /// @param hits reads that found their key
  /// @param misses reads that did not
  /// @param expiredKeys keys deleted because their time had come
  /// @param bufferBytes buffers of requests and replies
  public record Clients(
      long connected,
      long connectedMax,
      long received,
      long refused,
      long commands,
      long hits,
      long misses,
      long expiredKeys,
      long bufferBytes) {}

  /// What one command has done.
  ///
  /// @param name in lower case, of a subcommand as `config|get`
  /// @param calls how often it has run
  /// @param seconds how long in all
  /// @param failed how often it answered an error
  /// @param rejected how often it was refused before it ran
  /// @param latencies so much of a call is how long at most; empty if they are not tracked
  public record CommandCalls(
      String name,
      long calls,
      double seconds,
      long failed,
      long rejected,
      List<Latency> latencies) {
    public CommandCalls {
      latencies = List.copyOf(latencies);
    }
  }

  /// One point of a distribution.
  ///
  /// @param share of the calls, up to 1
  /// @param seconds that they took at most
  public record Latency(double share, double seconds) {}

  /// One database.
  ///
  /// @param keys in it
  /// @param expiring those of them that have an expiry
  public record Database(long keys, long expiring) {}

  /// What is done in one database.
  ///
  /// @param number of the database
  /// @param hits reads that found their key
  /// @param misses reads that did not
  /// @param hitBytes bytes of the values of the keys that reads found
  /// @param writtenRows rows that were put or deleted
  /// @param writtenBytes bytes of their keys and values
  /// @param bytes of its keys and values, as clients see them
  /// @param tableBytes of its part of the tables, about
  public record DatabaseUse(
      int number,
      long hits,
      long misses,
      long hitBytes,
      long writtenRows,
      long writtenBytes,
      long bytes,
      long tableBytes) {
    /// Whether there is anything to tell.
    public boolean isAny() {
      return hits + misses + writtenRows + bytes + tableBytes > 0;
    }
  }

  /// Memory of the process.
  ///
  /// @param limitBytes what the process plans with
  /// @param heapUsedBytes Java heap in use
  /// @param heapMaxBytes most that the Java heap may become
  /// @param residentBytes of the process; 0 = unknown
  public record Memory(
      long limitBytes, long heapUsedBytes, long heapMaxBytes, long residentBytes) {}

  public Figures {
    commands = List.copyOf(commands);
    databases = List.copyOf(databases);
    usedDatabases = List.copyOf(usedDatabases);
  }
}
