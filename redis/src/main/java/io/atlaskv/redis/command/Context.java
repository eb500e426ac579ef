package io.atlaskv.redis.command;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.pubsub.Outbox;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.Store;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One command on its way: everything it needs, reused for command after command. A command that
/// has to wait takes its context along, and the loop goes on with another one.
public final class Context {
  private final RedisData data;
  private final Host host;
  private final CommandTable table;
  private final Batch batch;
  private final Keyspace memoryKeys;
  private final Outbox outbox;
  private final KeyEventCollector keyEventCollector;
  private @Nullable Keyspace blockingKeys;
  final LatchSet latches;
  final Runnable latchGranted;

  private @Nullable Session session;
  private Args args = new Args();
  private @Nullable ReplyWriter reply;
  @Nullable RegisteredCommand command;
  boolean isAdmitted;
  boolean areLatchesNamed;
  int misses;
  private boolean isOnWorker;
  private long commitSequence;
  private long delayNanos;
  private @Nullable Runnable afterCommit;
  private boolean hasPublished;
  private long tally;
  private byte @Nullable [] resumeAfter;

  /// @param whenLatched called on any thread when a latch this context waited for was handed to it
  public Context(RedisData data, Host host, CommandTable table, Consumer<Context> whenLatched) {
    this.data = data;
    this.host = host;
    this.table = table;
    Store store = data.store();
    batch = store.newBatch();
    memoryKeys = new Keyspace(store.newReader(false), batch, store.clock());
    outbox = new Outbox(data.pubSub(), data.keyEvents());
    keyEventCollector = new KeyEventCollector(data, outbox);
    memoryKeys.listener(keyEventCollector);
    latches = new LatchSet(data.latches());
    latchGranted = () -> whenLatched.accept(this);
  }

  /// Takes on a new command. `replyWriter` must already point at where the reply goes.
  public void begin(Session newSession, Args newArgs, ReplyWriter replyWriter) {
    session = newSession;
    args = newArgs;
    reply = replyWriter;
    command = null;
    isAdmitted = false;
    areLatchesNamed = false;
    misses = 0;
    isOnWorker = false;
    hasPublished = false;
    commitSequence = 0;
    tally = 0;
    resumeAfter = null;
    memoryKeys.knowAhead(null, 0);
  }

  /// After `begin`: the command is number `request` of `ahead`, until `endAhead`.
  public void knowAhead(CommandsAhead ahead, int request) {
    int key = ahead.keyOf(request);
    if (key >= 0) {
      memoryKeys.knowAhead(ahead.keys(), key);
    }
  }

  /// The command goes on without what was looked up ahead of it.
  public void endAhead() {
    memoryKeys.knowAhead(null, 0);
  }

  /// Name of the command, in lower case; empty if there is none of the name that was sent.
  public String commandName() {
    RegisteredCommand current = command;
    return current == null ? "" : current.lowerName();
  }

  public RedisData data() {
    return data;
  }

  public Store store() {
    return data.store();
  }

  public Host host() {
    return host;
  }

  public CommandTable table() {
    return table;
  }

  public Session session() {
    return Objects.requireNonNull(session);
  }

  public Args args() {
    return args;
  }

  public ReplyWriter reply() {
    return Objects.requireNonNull(reply);
  }

  /// Where the next try writes its reply.
  public void reply(ReplyWriter writer) {
    reply = writer;
  }

  /// Keys of the client's database.
  public Keyspace keys() {
    return isOnWorker ? blockingKeys() : memoryKeys;
  }

  public Reader reader() {
    return keys().reader();
  }

  public Batch batch() {
    return batch;
  }

  /// True if this runs on a worker, where reads may block and take their time.
  public boolean isOnWorker() {
    return isOnWorker;
  }

  /// From now on, until the next command, this runs on workers.
  public void moveToWorker() {
    isOnWorker = true;
  }

  /// Highest sequence that the reply shows, read or written: it must not leave before that is safe.
  public long gate() {
    return Math.max(commitSequence, keys().gate());
  }

  void committed(long sequence) {
    commitSequence = Math.max(commitSequence, sequence);
    Runnable action = afterCommit;
    if (action != null) {
      afterCommit = null;
      action.run();
    }
  }

  /// Something has happened to the key that is argument `keyArgument`, in the client's database:
  /// published when the run is committed, dropped with it. Costs one volatile read if nobody asked.
  ///
  /// @param event Redis' name of it
  public void notify(KeyEventClass type, String event, int keyArgument) {
    if (data.keyEvents().isWanted(type)) {
      outbox.event(event, Bytes.of(args.bytes(keyArgument)), session().database());
    }
  }

  /// As above, for any key of database `database`.
  public void notify(KeyEventClass type, String event, byte[] key, int database) {
    if (data.keyEvents().isWanted(type)) {
      outbox.event(event, Bytes.of(key), database);
    }
  }

  /// Publishes a message when the run is committed; it is dropped with it.
  ///
  /// @param kind CHANNEL or SHARD
  public void publish(ChannelKind kind, Bytes channel, Bytes message) {
    outbox.message(kind, channel, message);
  }

  /// The run counts: what it wanted to publish goes out, in the order of commits for each key, as
  /// its latches are still held.
  void publishCommitted() {
    if (!outbox.isEmpty()) {
      outbox.publish(gate());
      hasPublished = true;
    }
  }

  /// True if this command has published something since it began.
  public boolean hasPublished() {
    return hasPublished;
  }

  /// Runs after the batch of this run was committed, under its latches.
  public void afterCommit(Runnable action) {
    afterCommit = action;
  }

  /// A run does not count: nothing of what was to follow its commit does.
  void dropAfterCommit() {
    outbox.clear();
    afterCommit = null;
  }

  /// How long to wait before a write may go on; `Store.STALL` = until the store makes progress.
  public long delayNanos() {
    return delayNanos;
  }

  void delayNanos(long value) {
    delayNanos = value;
  }

  /// The latch it waited for is held now.
  public void latchGranted() {
    latches.granted();
  }

  /// What the slices of this command have counted so far.
  public long tally() {
    return tally;
  }

  /// Where the next slice of this command goes on.
  public byte @Nullable [] resumeAfter() {
    return resumeAfter;
  }

  /// Ends a slice.
  public void nextSliceAfter(byte[] key, long newTally) {
    resumeAfter = key;
    tally = newTally;
  }

  private Keyspace blockingKeys() {
    Keyspace keys = blockingKeys;
    if (keys == null) {
      Store store = data.store();
      keys = new Keyspace(store.newReader(true), batch, store.clock());
      keys.listener(keyEventCollector);
      blockingKeys = keys;
    }
    return keys;
  }
}
