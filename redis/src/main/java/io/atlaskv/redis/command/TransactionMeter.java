package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.io.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Times the commands of one run of a transaction and counts their reads, on whatever thread it
/// runs. They are booked by the meter of the loop when the run has counted: one that did not is
/// forgotten.
final class TransactionMeter {
  private static final int COMMANDS_FIRST = 16;

  private final List<RegisteredCommand> commands = new ArrayList<>();
  private final List<@Nullable String> errors = new ArrayList<>();
  private long[] nanos = new long[COMMANDS_FIRST];
  private int[] databases = new int[COMMANDS_FIRST];
  private final KeyReads reads = new KeyReads();
  private final Clock clock;
  private long mark;
  private boolean hasRead;

  TransactionMeter(Clock clock) {
    this.clock = clock;
  }

  /// A run begins.
  void begin() {
    clear();
    mark = clock.nanoTime();
  }

  /// The next command has run.
  ///
  /// @param database that is selected after it
  /// @param error that it answered, or null
  void done(RegisteredCommand command, int database, @Nullable String error) {
    int count = commands.size();
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
      databases = Arrays.copyOf(databases, 2 * count);
    }
    long now = clock.nanoTime();
    nanos[count] = now - mark;
    mark = now;
    databases[count] = database;
    commands.add(command);
    errors.add(error);
  }

  void clear() {
    commands.clear();
    errors.clear();
    if (hasRead) {
      reads.clear();
      hasRead = false;
    }
  }

  /// A command has read keys of a database.
  void read(int database, int hits, int misses, long hitBytes) {
    if (hits + misses > 0) {
      reads.add(database, hits, misses, hitBytes);
      hasRead = true;
    }
  }

  /// Adds all reads to `sum`.
  void addReadsTo(KeyReads sum) {
    if (hasRead) {
      sum.addAll(reads);
    }
  }

  /// How many have run.
  int count() {
    return commands.size();
  }

  RegisteredCommand command(int index) {
    return commands.get(index);
  }

  @Nullable String error(int index) {
    return errors.get(index);
  }

  /// The database that was selected after it.
  int database(int index) {
    return databases[index];
  }

  long nanos(int index) {
    return nanos[index];
  }
}
