package io.atlaskv.redis.command;

import io.atlaskv.redis.data.Databases;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/// What the meters of all loops have counted, and the errors that clients got.
public final class CommandStatistics {
  private static final int ERROR_CODES_MAX = 128;

  private final List<CommandMeter> meters = new CopyOnWriteArrayList<>();
  private final ConcurrentSkipListMap<String, LongAdder> errors = new ConcurrentSkipListMap<>();
  private final LongAdder allErrors = new LongAdder();

  void add(CommandMeter meter) {
    meters.add(meter);
  }

  /// All that is known of one command.
  public CommandTotals totals(RegisteredCommand command) {
    var totals = new CommandTotals();
    meters.forEach(meter -> meter.addTo(command.id(), totals));
    return totals;
  }

  /// Shows `consumer` all commands and subcommands, with what is known of each.
  public void forEach(CommandTable table, BiConsumer<RegisteredCommand, CommandTotals> consumer) {
    forEach(table.all(), consumer);
  }

  private void forEach(
      List<RegisteredCommand> commands, BiConsumer<RegisteredCommand, CommandTotals> consumer) {
    for (RegisteredCommand command : commands) {
      consumer.accept(command, totals(command));
      forEach(command.subcommands(), consumer);
    }
  }

  /// Reads of keys of each database.
  public KeyReads reads() {
    var sum = new KeyReads();
    meters.forEach(meter -> sum.addAll(meter.reads()));
    return sum;
  }

  /// Reads of keys that were there.
  public long hits() {
    KeyReads reads = reads();
    return IntStream.range(0, Databases.COUNT).mapToLong(reads::hits).sum();
  }

  /// Reads of keys that were not.
  public long misses() {
    KeyReads reads = reads();
    return IntStream.range(0, Databases.COUNT).mapToLong(reads::misses).sum();
  }

  void error(String text) {
    allErrors.increment();
    int end = text.indexOf(' ');
    String code = end < 0 ? text : text.substring(0, end);
    if (errors.size() < ERROR_CODES_MAX || errors.containsKey(code)) {
      errors.computeIfAbsent(code, _ -> new LongAdder()).increment();
    }
  }

  /// How often each code was answered.
  public Map<String, LongAdder> errors() {
    return Collections.unmodifiableMap(errors);
  }

  public long allErrors() {
    return allErrors.sum();
  }

  void reset() {
    meters.forEach(CommandMeter::reset);
    errors.clear();
    allErrors.reset();
  }
}
