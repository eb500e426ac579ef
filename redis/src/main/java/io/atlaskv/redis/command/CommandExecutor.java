package io.atlaskv.redis.command;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.data.KeysAhead;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.MetadataException;
import io.atlaskv.redis.data.NeedsRoom;
import io.atlaskv.redis.data.RowKey;
import io.atlaskv.redis.data.ValueTooLargeException;
import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ArgumentTooLargeException;
import io.atlaskv.redis.resp.ReplyTooLargeException;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Store;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs one command as far as it goes without waiting.
///
/// Invariants:
/// - X1: a command that writes holds the latches of its keys from its first read to its commit.
/// - X2: while a command waits for blocks or for room it holds no latch; while it waits for a latch
///   it holds only lower ones; on a worker it holds all of its own.
/// - X3: what a run wrote into reply and batch counts only when it answers DONE, or, the batch
///   alone, NEXT_SLICE.
public final class CommandExecutor {
  /// What has to happen before a command can go on.
  public enum Progress {
    /// Nothing: the reply is there, and `Context.gate` says when it may leave.
    DONE,
    /// The latch will be handed over.
    LATCH,
    /// `Reader.fetch`, then again.
    BLOCKS,
    /// `runOnWorker`.
    WORKER,
    /// A pause of `Context.delayNanos`, or progress of the store.
    ROOM,
    /// A pause of `Context.delayNanos`, or progress of the store, whatever comes first.
    WAIT,
    /// Others have their turn, then again.
    SLICE,
    /// The end of a pause, in `Context.delayNanos`, or `Host.pauseEnded`.
    PAUSED
  }

  private static final System.Logger LOGGER = new LateLogger(CommandExecutor.class);
  private static final int OVERHEAD_BYTES_MAX = 64; // of one key in a batch, its own bytes apart
  private static final int MISSES_BEFORE_WORKER = 2;

  private CommandExecutor() {}

  /// Begins or continues the command of a context.
  public static Progress execute(Context context) {
    RegisteredCommand command = context.command;
    if (command == null) {
      command = resolve(context);
      if (command == null) {
        spoil(context.session());
        return Progress.DONE;
      }
      if (context.data().pause().holds(command, context)) {
        return hold(context);
      }
      context.go();
      context.command = command;
      context.isWrite = command.isWrite;
      context.takesLatches = command.takesLatches;
      CommandQueue queue = context.session().queue();
      if (queue != null && !begin(context, command, queue)) {
        return Progress.DONE;
      }
    }
    if (context.takesLatches && !isReady(context, command)) {
      return context.delayNanos() > 0 ? Progress.ROOM : Progress.LATCH;
    }
    if (context.isOnWorker()) {
      return Progress.WORKER;
    }
    return run(context, command);
  }

  private static Progress hold(Context context) {
    context.waitForPause();
    return Progress.PAUSED;
  }

  /// Continues on a worker what `execute` has answered WORKER for.
  public static Progress runOnWorker(Context context) {
    return run(context, Objects.requireNonNull(context.command));
  }

  /// The command of a context, checked; or null when an error was the reply.
  private static @Nullable RegisteredCommand resolve(Context context) {
    Args args = context.args();
    RegisteredCommand command =
        context.table().find(args.nameSegment(), args.nameOffset(), args.nameLength());
    if (command == null) {
      if (!context.data().crossProtocol().ends(context)) {
        context.reply().error(Errors.unknownCommand(args));
      }
      return null;
    }
    if (command.isContainer() && args.count() > 1) {
      String container = command.spec.name();
      command = command.subcommand(args.segment(), args.offset(1), args.length(1));
      if (command == null) {
        context.reply().error(Errors.unknownSubcommand(args, container));
        return null;
      }
    }
    context.refused = command;
    if (!command.takes(args.count())) {
      String error = Errors.arity(command.lowerName());
      if (command.runsQueue) {
        error = Errors.discarded(error);
        context.endTransaction();
      }
      context.reply().error(error);
      return null;
    }
    if (context.session().isRestricted()) {
      String refusal = refusal(context, command);
      if (refusal != null) {
        context.reply().error(refusal);
        return null;
      }
    }
    int last = command.lastKey(args.count());
    for (int i = command.firstKey; i > 0 && i <= last; i += command.keyStep) {
      if (args.length(i) > RowKey.KEY_BYTES_MAX) {
        context.reply().error(Errors.KEY_TOO_LONG);
        return null;
      }
    }
    long bytes = (long) OVERHEAD_BYTES_MAX * args.count() + args.bytesFrom(1);
    if (command.isWrite && bytes > context.store().batchBytesMax()) {
      context.reply().error("ERR command is larger than the memory limit allows");
      return null;
    }
    if (context.data().maxMemory().bytesMax() > 0 && isOverBound(context, command)) {
      context.reply().error(outOfMemory(context, command));
      return null;
    }
    return command;
  }

  /// Within MULTI whatever would be queued needs memory, as in Redis.
  private static boolean isOverBound(Context context, RegisteredCommand command) {
    CommandQueue queue = context.session().queue();
    boolean isQueued = queue != null && !command.isNotQueued;
    if (queue != null && command.runsQueue) {
      return queue.needsMemory() && context.data().maxMemory().refuses(queue.argumentBytes());
    }
    return (command.needsMemory || isQueued)
        && context.data().maxMemory().refuses(context.args().bytesFrom(1));
  }

  private static String outOfMemory(Context context, RegisteredCommand command) {
    if (!command.runsQueue) {
      return Errors.OUT_OF_MEMORY;
    }
    context.endTransaction();
    return Errors.discarded(Errors.OUT_OF_MEMORY);
  }

  /// A command was refused: within MULTI that ends in EXECABORT.
  private static void spoil(Session session) {
    CommandQueue queue = session.queue();
    if (queue != null) {
      queue.spoil();
    }
  }

  /// Within MULTI: EXEC begins to run what is queued; others are queued, which is answered with
  /// false, unless they run at once.
  private static boolean begin(Context context, RegisteredCommand command, CommandQueue queue) {
    if (!command.isNotQueued) {
      enqueue(context, command, queue);
      return false;
    }
    WatchList watches = context.session().watches();
    boolean isHopeless = queue.isSpoiled() || (watches != null && watches.isTouched());
    if (command.runsQueue && !isHopeless) {
      context.isWrite = queue.isWrite();
      context.takesLatches = queue.isWrite() || queue.isExclusive() || watches != null;
      context.beginTransaction(queue);
    }
    return true;
  }

  private static void enqueue(Context context, RegisteredCommand command, CommandQueue queue) {
    String error = null;
    long before = queue.bytes();
    if (command.spec.has(Flag.NO_MULTI)) {
      error = "ERR Command not allowed inside a transaction";
    } else if (command.isWrite && context.store().failure() != null) {
      error = Errors.readOnly(context.store().failure());
    } else if (!queue.add(command, context.args(), context.host().queueBytesMax())) {
      error = Errors.QUEUE_TOO_LONG;
      context.session().closeAfterReply();
    }
    context.host().queuesGrown(queue.bytes() - before);
    if (error == null) {
      KeysAhead ahead = context.keysAhead();
      if (ahead != null && context.keyAhead() != KeysAhead.UNKNOWN) {
        queue.keyAhead(ahead, context.keyAhead());
      }
      context.reply().simple("QUEUED");
    } else {
      queue.spoil();
      context.reply().error(error);
    }
  }

  /// Why a client may not run a command; or null.
  private static @Nullable String refusal(Context context, RegisteredCommand command) {
    Session session = context.session();
    if (session.needsAuth()) {
      if (context.data().settings().access.requirepass.value().isEmpty()) {
        session.authenticated(true); // the password it was to say is no more
      } else if (!command.isBeforeAuth) {
        return Errors.NO_AUTH;
      }
    }
    if (session.isSubscribedInVersion2() && !command.isForSubscribed) {
      return Errors.notWhileSubscribed(command.lowerName());
    }
    boolean isOfData = command.spec.has(Flag.READONLY) || command.isWrite;
    return session.subscriptions().isMonitor() && isOfData ? Errors.MONITOR_KEYSPACE : null;
  }

  /// Room in the store, then latches (X1). False: wait as `delayNanos` says, or for a latch if 0.
  private static boolean isReady(Context context, RegisteredCommand command) {
    context.delayNanos(0);
    if (!context.isAdmitted && context.isWrite) {
      Transaction transaction = context.transaction();
      long bytes =
          transaction == null ? context.args().bytesFrom(1) : transaction.queue().argumentBytes();
      long delay = context.store().admit(bytes);
      if (delay == Store.GO && needsMemory(context, command)) {
        delay = context.data().maxMemory().delayNanos();
        if (delay > 0) {
          context.delayNanos(delay);
          return false;
        }
      }
      if (delay != Store.GO) {
        context.isAdmitted = delay != Store.STALL; // a delay is served once
        context.delayNanos(delay);
        return false;
      }
      context.isAdmitted = true;
    }
    if (!context.areLatchesNamed) {
      nameLatches(context, command);
      context.areLatchesNamed = true;
    }
    return context.latches.takeAll(context.latchGranted);
  }

  private static boolean needsMemory(Context context, RegisteredCommand command) {
    Transaction transaction = context.transaction();
    return transaction == null ? command.needsMemory : transaction.queue().needsMemory();
  }

  private static void nameLatches(Context context, RegisteredCommand command) {
    LatchSet latches = context.latches;
    Transaction transaction = context.transaction();
    if (transaction != null) {
      transaction.queue().nameLatches(latches, context.session().watches());
      return;
    }
    if (command.isExclusive) {
      latches.addAll();
      return;
    }
    Args args = context.args();
    int last = command.lastKey(args.count());
    MemorySegment segment = args.segment();
    for (int i = command.firstKey; i > 0 && i <= last; i += command.keyStep) {
      latches.add(HashSlot.of(segment, args.offset(i), args.length(i)));
    }
    latches.seal();
  }

  private static Progress run(Context context, RegisteredCommand command) {
    context.hasRun = true;
    ReplyWriter reply = context.reply();
    int mark = reply.buffer().length();
    Keyspace keys = context.keys();
    keys.begin(context.databases().namespace(context.session().database()), context.isWrite);
    keys.use(context.keyUse(command));
    Outcome outcome;
    try {
      if (context.isWrite && context.store().failure() != null) {
        outcome = fail(context, mark, Errors.readOnly(context.store().failure()));
      } else {
        outcome = command.command.run(context, context.args(), reply);
      }
      boolean isComplete = outcome == Outcome.DONE || outcome == Outcome.NEXT_SLICE;
      if (isComplete && !commit(context, keys)) {
        outcome = Outcome.NEEDS_ROOM;
      }
    } catch (AtlasException e) {
      outcome = fail(context, mark, Errors.storage(e, context.store().failure()));
    } catch (NeedsRoom _) {
      outcome = Outcome.NEEDS_ROOM;
    } catch (ArgumentTooLargeException
        | MetadataException
        | ReplyTooLargeException
        | ValueTooLargeException
        | BatchTooLargeException e) {
      outcome = fail(context, mark, "ERR " + e.getMessage());
    } catch (RuntimeException e) { // our bug: it must cost one command, not a latch or a loop
      LOGGER.log(System.Logger.Level.ERROR, "command " + command.lowerName() + " failed", e);
      outcome = fail(context, mark, "ERR internal error, see the log of the server");
    } catch (OutOfMemoryError e) { // of what it has asked for; nothing of it was committed
      LOGGER.log(System.Logger.Level.ERROR, "no memory for command " + command.lowerName(), e);
      outcome = fail(context, mark, "ERR no memory for this command");
    }
    if (outcome == Outcome.NEEDS_WORKER && isBoundToLoop(context)) {
      outcome = fail(context, mark, Errors.SUBSCRIBES_ON_WORKER);
    }
    if (outcome != Outcome.DONE) {
      reply.buffer().truncate(mark);
      context.dropRun();
    }
    context.batch().clear();
    context.latches.releaseTaken();
    keys.end();
    return finish(context, keys, outcome, command);
  }

  /// True if the command may change what belongs to the loop of its client.
  private static boolean isBoundToLoop(Context context) {
    Transaction transaction = context.transaction();
    return transaction != null && transaction.queue().changesSubscriptions();
  }

  /// False: there was no room, nothing was done.
  ///
  /// @throws InternalError if memory ran out in between: what of it was done nobody knows
  private static boolean commit(Context context, Keyspace keys) {
    try {
      return tryCommit(context, keys);
    } catch (OutOfMemoryError e) {
      throw new InternalError("out of memory in a commit", e);
    }
  }

  private static boolean tryCommit(Context context, Keyspace keys) {
    if (!context.storeBatch().isEmpty()) {
      long sequence = context.store().commit(context.storeBatch());
      if (sequence == Store.STALLED) {
        return false;
      }
      context.committed(sequence);
    }
    if (keys.hasMetExpired()) {
      context.data().keysExpired(keys.takeExpired());
    }
    context.runAfterCommit();
    context.publishCommitted();
    return true;
  }

  private static Outcome fail(Context context, int mark, String error) {
    ReplyWriter reply = context.reply();
    reply.buffer().truncate(mark);
    context.dropRun();
    reply.error(context.isInTransaction() ? Errors.discarded(error) : error);
    return Outcome.DONE;
  }

  private static Progress finish(
      Context context, Keyspace keys, Outcome outcome, RegisteredCommand command) {
    if (outcome == Outcome.DONE) {
      context.keyHits = keys.hits();
      context.keyMisses = keys.misses();
      context.keyHitBytes = keys.hitBytes();
      context.latches.release();
      if (context.data().pubSub().isMonitored()) {
        context.tellMonitors(command);
      }
      Transaction transaction = context.transaction();
      if (transaction != null) {
        transaction.logSlow();
        context.endTransaction();
      }
      if (!context.isWrite && keys.hasLeftExpired()) {
        purge(context, keys);
      }
      keys.reader().reset();
      return Progress.DONE;
    }
    if (outcome == Outcome.NEEDS_BLOCKS
        && (++context.misses <= MISSES_BEFORE_WORKER || isBoundToLoop(context))) {
      return Progress.BLOCKS; // the reader keeps what it has
    }
    keys.reader().reset();
    if (outcome == Outcome.NEXT_SLICE) {
      context.isAdmitted = false;
      return Progress.SLICE;
    }
    if (outcome == Outcome.NEEDS_ROOM) {
      context.delayNanos(Store.STALL);
      return Progress.ROOM;
    }
    if (outcome == Outcome.WAITS) {
      return Progress.WAIT;
    }
    context.moveToWorker();
    return execute(context);
  }

  /// A read has met keys that have expired: deletes them, those apart that a writer is at already.
  private static void purge(Context context, Keyspace readKeys) {
    if (context.store().failure() != null || context.data().pause().isActive()) {
      return;
    }
    long gate = readKeys.gate();
    for (byte[] row : readKeys.expiredRows()) {
      purge(context, row);
    }
    readKeys.raiseGate(gate);
  }

  private static void purge(Context context, byte[] row) {
    context.latches.add(HashSlot.ofRow(row, RowKey.METADATA_PREFIX_BYTES));
    if (context.latches.tryTakeAll()) {
      Keyspace keys = context.storedKeys();
      keys.begin(RowKey.namespaceOf(row), true);
      try {
        keys.findRow(row, row.length);
        commit(context, keys);
      } catch (AtlasException e) {
        LOGGER.log(System.Logger.Level.WARNING, "an expired key was not deleted", e);
      }
      context.storeBatch().clear();
      context.dropAfterCommit();
      keys.end();
    }
    context.latches.release();
  }
}
