package io.atlaskv.redis.command;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.resp.Args;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The last commands that took long. Any thread may use it.
public final class SlowLog {
  private static final long NANOS_PER_MICRO = 1000;
  private static final int ARGUMENTS_MAX = 32;
  private static final int ARGUMENT_BYTES_MAX = 128;

  /// One command.
  ///
  /// @param number counted from the start
  /// @param seconds when it ended, since 1970
  /// @param arguments shortened
  public record Entry(
      long number,
      long seconds,
      long micros,
      List<Bytes> arguments,
      String address,
      String client) {
    public Entry {
      arguments = List.copyOf(arguments);
    }
  }

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Clock clock;
  private final Settings settings;
  private long next;

  SlowLog(Clock clock, Settings settings) {
    this.clock = clock;
    this.settings = settings;
  }

  synchronized void add(Session session, RegisteredCommand command, Args args, long nanos) {
    long seconds = clock.currentTimeMillis() / 1000;
    entries.addFirst(
        new Entry(
            next++,
            seconds,
            nanos / NANOS_PER_MICRO,
            shortened(command, args),
            session.address(),
            session.name()));
    shorten();
  }

  private void shorten() {
    while (entries.size() > settings.monitoring.slowlogMaxLen.value()) {
      entries.removeLast();
    }
  }

  private List<Bytes> shortened(RegisteredCommand command, Args args) {
    var shortened = new ArrayList<Bytes>();
    int shown = args.count() > ARGUMENTS_MAX ? ARGUMENTS_MAX - 1 : args.count();
    for (int i = 0; i < shown; i++) {
      byte[] argument = args.head(i, ARGUMENT_BYTES_MAX);
      if (command.command.isSecret(settings, args, i)) {
        shortened.add(text("(redacted)"));
      } else if (args.length(i) > ARGUMENT_BYTES_MAX) {
        String rest = "... (" + (args.length(i) - ARGUMENT_BYTES_MAX) + " more bytes)";
        byte[] cut = Arrays.copyOf(argument, ARGUMENT_BYTES_MAX + rest.length());
        System.arraycopy(
            rest.getBytes(StandardCharsets.US_ASCII), 0, cut, ARGUMENT_BYTES_MAX, rest.length());
        shortened.add(Bytes.of(cut));
      } else {
        shortened.add(Bytes.of(argument));
      }
    }
    if (shown < args.count()) {
      shortened.add(text("... (" + (args.count() - shown) + " more arguments)"));
    }
    return shortened;
  }

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  /// The newest ones.
  public synchronized List<Entry> newest(long count) {
    shorten();
    return entries.stream().limit(count).toList();
  }

  public synchronized int length() {
    shorten();
    return entries.size();
  }

  public synchronized void reset() {
    entries.clear();
  }
}
