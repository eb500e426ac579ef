package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.redis.resp.Args;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Counts and times the commands of one loop.
///
/// One reading of the clock ends a command and begins the next. Small commands of one key in O(1)
/// that follow each other in a pipeline under one name share it: each is booked with the mean.
/// Where every command counts, with `slowlog-log-slower-than` below a millisecond, they do not.
///
/// The loop writes, any thread may read a moment later.
public final class CommandMeter {
  private static final int LIGHT_REQUEST_BYTES = 1024;
  private static final int LIGHT_REPLY_BYTES = 4096;
  private static final long EXACT_BELOW_MICROS = 1000;

  private final RedisData data;
  private final Clock clock;
  private final AtomicLongArray calls;
  private final AtomicLongArray nanos;
  private final AtomicLongArray rejected;
  private final AtomicLongArray failed;
  private final KeyReads reads = new KeyReads();
  private final AtomicReferenceArray<@Nullable LatencyHistogram> histograms;
  private long mark;
  private @Nullable RegisteredCommand light;
  private int lightCount;
  private int lightNameLength;
  private long lightName;

  /// @param commands how many there are, subcommands too
  public CommandMeter(RedisData data, int commands) {
    this.data = data;
    clock = data.store().clock();
    calls = new AtomicLongArray(commands);
    nanos = new AtomicLongArray(commands);
    rejected = new AtomicLongArray(commands);
    failed = new AtomicLongArray(commands);
    histograms = new AtomicReferenceArray<>(commands);
    data.statistics().add(this);
  }

  /// A stretch of work begins.
  public void begin() {
    mark = clock.nanoTime();
  }

  /// Another request is about to run.
  public void before(Args args) {
    if (lightCount > 0
        && (args.nameLength() != lightNameLength || name(args, lightNameLength) != lightName)) {
      flush();
    }
  }

  private static long name(Args args, int length) {
    long word = args.nameSegment().get(Layouts.LE_LONG, args.nameOffset());
    return length >= Long.BYTES ? word : word & (1L << (length * Byte.SIZE)) - 1;
  }

  /// A request of the loop's own has run to its end.
  public void done(Context context, int requestBytes, int replyBytes) {
    bookReads(context);
    RegisteredCommand command = context.command;
    String error = context.reply().takeError();
    if (command != null && !context.hasRun && error == null && lightCount == 0) {
      return; // queued: its moment counts for what is booked next, mostly MULTI's EXEC
    }
    if (command == null
        || !context.hasRun
        || error != null
        || !isLight(command, requestBytes, replyBytes)) {
      book(context, error, 0);
      return;
    }
    if (lightCount > 0 && light != command) {
      flush();
    }
    if (lightCount++ == 0) {
      Args args = context.args();
      light = command;
      lightNameLength = args.nameLength();
      lightName = name(args, lightNameLength);
    }
    long slow = data.settings().monitoring.slowlogLogSlowerThan.value();
    if (slow >= 0 && slow < EXACT_BELOW_MICROS) {
      lightCount = 0;
      book(context, null, 0);
    }
  }

  private static boolean isLight(RegisteredCommand command, int requestBytes, int replyBytes) {
    return command.isLight
        && requestBytes <= LIGHT_REQUEST_BYTES
        && replyBytes <= LIGHT_REPLY_BYTES;
  }

  /// Books what has been put off.
  public void flush() {
    RegisteredCommand command = light;
    if (lightCount > 0 && command != null) {
      long now = clock.nanoTime();
      book(command, lightCount, now - mark);
      mark = now;
      lightCount = 0;
    }
  }

  /// Time since the last reading, which belongs to a command that goes on later.
  public long lap() {
    long now = clock.nanoTime();
    long passed = now - mark;
    mark = now;
    return passed;
  }

  /// A command has ended.
  ///
  /// @param error that it answered, or null
  /// @param earlierNanos that it has taken before the last reading of the clock
  public void finish(Context context, @Nullable String error, long earlierNanos) {
    bookReads(context);
    book(context, error, earlierNanos);
  }

  private void bookReads(Context context) {
    if (context.transaction() == null && context.keyHits + context.keyMisses > 0) {
      reads.add(
          context.session().database(), context.keyHits, context.keyMisses, context.keyHitBytes);
    }
  }

  private void book(Context context, @Nullable String error, long earlierNanos) {
    if (lightCount > 0) {
      flush();
    }
    long taken = earlierNanos + lap();
    if (error != null) {
      data.statistics().error(error);
    }
    RegisteredCommand command = context.command == null ? context.refused : context.command;
    if (command == null) {
      return;
    }
    if (!context.hasRun) {
      if (error != null) {
        add(rejected, command.id(), 1);
      }
      return;
    }
    Transaction transaction = context.transaction();
    if (transaction != null) {
      finish(transaction.meter());
    }
    finish(command, error, taken);
    if (data.isSlow(command, taken)) {
      data.slowLog().add(context.session(), command, context.args(), taken);
    }
  }

  /// The commands of a transaction, which has logged the slow ones.
  private void finish(TransactionMeter queued) {
    queued.addReadsTo(reads);
    for (int i = 0; i < queued.count(); i++) {
      String error = queued.error(i);
      if (error != null) {
        data.statistics().error(error);
      }
      finish(queued.command(i), error, queued.nanos(i));
    }
  }

  private void finish(RegisteredCommand command, @Nullable String error, long taken) {
    if (error != null) {
      add(failed, command.id(), 1);
    }
    book(command, 1, taken);
    data.latencyMonitor().command(command, taken, clock.currentTimeMillis());
  }

  private void book(RegisteredCommand command, int count, long total) {
    int id = command.id();
    add(calls, id, count);
    add(nanos, id, total);
    if (data.settings().monitoring.latencyTracking.isOn()) {
      LatencyHistogram histogram = histograms.getPlain(id);
      if (histogram == null) {
        histogram = new LatencyHistogram();
        histograms.setRelease(id, histogram);
      }
      histogram.add(total / count, count);
    }
  }

  private static void add(AtomicLongArray counters, int id, long delta) {
    counters.setOpaque(id, counters.getPlain(id) + delta);
  }

  KeyReads reads() {
    return reads;
  }

  /// Adds what was counted of a command to `sum`.
  void addTo(int id, CommandTotals sum) {
    sum.add(calls.getOpaque(id), nanos.getOpaque(id), rejected.getOpaque(id), failed.getOpaque(id));
    LatencyHistogram histogram = histograms.getAcquire(id);
    if (histogram != null) {
      sum.histogram().add(histogram);
    }
  }

  /// Begins anew. What is counted at the same moment may be lost.
  void reset() {
    reads.clear();
    for (int id = 0; id < calls.length(); id++) {
      calls.setOpaque(id, 0);
      nanos.setOpaque(id, 0);
      rejected.setOpaque(id, 0);
      failed.setOpaque(id, 0);
      histograms.setRelease(id, null);
    }
  }
}
