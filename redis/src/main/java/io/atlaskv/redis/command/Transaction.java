package io.atlaskv.redis.command;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.data.KeysAhead;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.OverlayBatch;
import io.atlaskv.redis.store.OverlayReader;
import io.atlaskv.redis.store.Store;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One EXEC on its way: the commands of a queue, which write into one batch and read the store
/// under it. Belongs to a context, and is reused.
///
/// Invariants:
/// - M1: all changes are one batch: all or nothing of them is committed, durable, seen.
/// - M2: a run that does not count changes nothing: neither data nor the session, so that the next
///   one begins anew. A command that answers an error has done nothing, and the others go on.
/// - M3: all commands see one time and, what they have written themselves apart, one state of the
///   store: what EXEC holds (see `CommandQueue`) keeps others from changing it.
final class Transaction {
  /// With more commands than this EXEC does not run on a loop: others wait there.
  private static final int COMMANDS_ON_LOOP_MAX = 256;

  private final Context context;
  private final OverlayBatch batch;
  private final Args args = new Args();
  private @Nullable Keyspace memoryKeys;
  private @Nullable Keyspace blockingKeys;
  private @Nullable OverlayReader memoryReader;
  private @Nullable OverlayReader blockingReader;
  private @Nullable CommandQueue queue;
  private final TransactionMeter meter;
  private Args execArgs = args;
  private int database;
  private int protocol;
  private final EnumMap<ChannelKind, List<Bytes>> listened = new EnumMap<>(ChannelKind.class);

  Transaction(Context context) {
    this.context = context;
    meter = new TransactionMeter(context.store().clock());
    batch = new OverlayBatch(context.storeBatch());
  }

  /// Takes on the commands of `newQueue`.
  void begin(CommandQueue newQueue) {
    queue = newQueue;
    execArgs = context.args();
    meter.clear();
    database = context.session().database();
    protocol = context.session().protocol();
    listened.clear();
    if (newQueue.changesSubscriptions()) {
      for (ChannelKind kind : ChannelKind.values()) {
        listened.put(kind, context.session().subscriptions().names(kind));
      }
    }
  }

  CommandQueue queue() {
    return Objects.requireNonNull(queue);
  }

  /// How long the commands of the last run took.
  TransactionMeter meter() {
    return meter;
  }

  OverlayBatch batch() {
    return batch;
  }

  /// Keys of the client's database, with what the batch has changed.
  Keyspace keys() {
    Keyspace keys = context.isOnWorker() ? blockingKeys : memoryKeys;
    return keys == null ? newKeys() : keys;
  }

  private Keyspace newKeys() {
    var reader = new OverlayReader(context.storedKeys().reader(), batch);
    Keyspace keys = context.newKeyspace(reader, batch);
    if (context.isOnWorker()) {
      blockingReader = reader;
      blockingKeys = keys;
    } else {
      memoryReader = reader;
      memoryKeys = keys;
    }
    return keys;
  }

  /// Runs all commands, as far as they go.
  Outcome run(ReplyWriter reply) {
    CommandQueue commands = queue();
    if (commands.count() > COMMANDS_ON_LOOP_MAX && !context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = keys();
    WatchList watches = context.session().watches();
    if (watches != null && watches.isTouched(keys.nowMillis())) {
      reply.nullArray();
      return Outcome.DONE;
    }
    batch.begin();
    meter.begin();
    if (!commands.isWrite() && !commands.isExclusive()) {
      Objects.requireNonNull(context.isOnWorker() ? blockingReader : memoryReader).holdForAll();
    }
    reply.array(commands.count());
    Outcome outcome = Outcome.DONE;
    for (int i = 0; i < commands.count() && outcome == Outcome.DONE; i++) {
      outcome = run(i, keys, reply);
      if (outcome == Outcome.NEEDS_BLOCKS) {
        askForTheRest(i + 1, keys);
      }
    }
    keys.knowAhead(null, 0);
    context.args(execArgs);
    return outcome;
  }

  private Outcome run(int i, Keyspace keys, ReplyWriter reply) {
    CommandQueue commands = queue();
    commands.read(i, args);
    context.args(args);
    KeysAhead ahead = context.keysAhead();
    int keyAhead = commands.keyAhead(i, ahead);
    keys.knowAhead(keyAhead == KeysAhead.UNKNOWN ? null : ahead, keyAhead);
    keys.select(context.databases().namespace(context.session().database()));
    keys.isReading(!commands.command(i).isWrite);
    keys.use(context.keyUse(commands.command(i)));
    Command command = commands.command(i).command;
    int selected = context.session().database();
    int hits = keys.hits();
    int misses = keys.misses();
    long hitBytes = keys.hitBytes();
    Outcome outcome = command.run(context, args, reply);
    while (outcome == Outcome.NEXT_SLICE && context.isOnWorker()) {
      requireRoom();
      outcome = command.run(context, args, reply);
    }
    requireRoom();
    meter.done(commands.command(i), context.session().database(), context.reply().takeError());
    meter.read(selected, keys.hits() - hits, keys.misses() - misses, keys.hitBytes() - hitBytes);
    return outcome == Outcome.NEXT_SLICE ? Outcome.NEEDS_WORKER : outcome;
  }

  private void requireRoom() {
    Store store = context.store();
    if (batch.length() + context.eventBytes() > store.batchBytesMax()) {
      throw new BatchTooLargeException(store.batchBytesMax());
    }
  }

  /// The run counts: what of it took long is kept for SLOWLOG, while the arguments are there.
  void logSlow() {
    CommandQueue commands = queue();
    for (int i = 0; i < meter.count(); i++) {
      if (context.data().isSlow(meter.command(i), meter.nanos(i))) {
        commands.read(i, args);
        context.data().slowLog().add(context.session(), meter.command(i), args, meter.nanos(i));
      }
    }
  }

  /// Asks for the keys of the commands from `first` on, so that all blocks are fetched at once.
  private void askForTheRest(int first, Keyspace keys) {
    CommandQueue commands = queue();
    for (int i = first; i < commands.count(); i++) {
      commands.read(i, args);
      RegisteredCommand command = commands.command(i);
      int last = command.lastKey(args.count());
      for (int key = command.firstKey; key > 0 && key <= last; key += command.keyStep) {
        var _ = keys.find(args.segment(), args.offset(key), args.length(key));
      }
    }
  }

  /// The run does not count (M2).
  void rollBack() {
    meter.clear();
    Session session = context.session();
    session.database(database);
    session.protocol(protocol);
    context.reply().version(protocol);
    context.args(execArgs);
    if (!listened.isEmpty()) {
      listened.forEach(session.subscriptions()::restore);
      session.restrictionsChanged();
    }
  }
}
