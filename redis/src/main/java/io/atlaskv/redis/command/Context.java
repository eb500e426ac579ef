package io.atlaskv.redis.command;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.KeyUse;
import io.atlaskv.redis.data.KeysAhead;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.data.WatchedKeys;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.pubsub.Outbox;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.Store;
import java.util.ArrayList;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One command on its way: everything it needs, reused for command after command. A command that
/// has to wait takes its context along, and the loop goes on with another one. Holds native memory:
/// one that is not kept for reuse is closed.
public final class Context implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MILLIS_MAX = 24L * 60 * 60 * 1000;

  private final RedisData data;
  private final Host host;
  private final CommandTable table;
  private final Batch batch;
  private final DatabaseView databases;
  private final Keyspace memoryKeys;
  private final Outbox outbox;
  private final KeyEventCollector keyEventCollector;
  private @Nullable Keyspace blockingKeys;
  private @Nullable Transaction spareTransaction;
  private @Nullable Transaction transaction;
  final LatchSet latches;
  final Runnable latchGranted;

  private @Nullable Session session;
  private Args args = new Args();
  private @Nullable ReplyWriter reply;
  @Nullable RegisteredCommand command;
  @Nullable RegisteredCommand refused;
  boolean hasRun;
  private long spentNanos;
  int keyHits;
  int keyMisses;
  long keyHitBytes;
  boolean isWrite;
  boolean takesLatches;
  boolean isAdmitted;
  boolean areLatchesNamed;
  int misses;
  private boolean isOnWorker;
  private long commitSequence;
  private long delayNanos;
  private final ArrayList<Runnable> afterCommit = new ArrayList<>();
  private long waitingSinceNanos;
  private boolean hasPublished;
  private boolean isPushReply;
  private boolean isPaused;
  private boolean isAbandoned;
  private long tally;
  private byte @Nullable [] resumeAfter;
  private @Nullable KeysAhead keysAhead;
  private int keyAhead = KeysAhead.UNKNOWN;

  /// @param whenLatched called on any thread when a latch this context waited for was handed to it
  public Context(RedisData data, Host host, CommandTable table, Consumer<Context> whenLatched) {
    this.data = data;
    this.host = host;
    this.table = table;
    Store store = data.store();
    batch = store.newBatch();
    databases = new DatabaseView(data.databases());
    outbox = new Outbox(data.pubSub(), data.keyEvents());
    keyEventCollector = new KeyEventCollector(data, databases, outbox);
    memoryKeys = new Keyspace(store.newReader(false), batch, store.clock(), data.stringLayout());
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
    refused = null;
    hasRun = false;
    spentNanos = 0;
    keyHits = 0;
    keyMisses = 0;
    keyHitBytes = 0;
    isWrite = false;
    takesLatches = false;
    isAdmitted = false;
    areLatchesNamed = false;
    misses = 0;
    isOnWorker = false;
    hasPublished = false;
    isPushReply = false;
    isAbandoned = false;
    go();
    commitSequence = 0;
    tally = 0;
    waitingSinceNanos = 0;
    resumeAfter = null;
    endAhead();
    if (transaction != null) {
      transaction = null;
      databases.over(null);
    }
  }

  /// From now on the commands of `queue` run instead of EXEC, one after the other.
  void beginTransaction(CommandQueue queue) {
    Transaction begun = spareTransaction;
    if (begun == null) {
      begun = new Transaction(this);
      spareTransaction = begun;
    }
    begun.begin(queue);
    databases.over(begun.batch());
    transaction = begun;
  }

  /// The transaction that runs, or null.
  @Nullable Transaction transaction() {
    return transaction;
  }

  /// True if this runs within EXEC.
  public boolean isInTransaction() {
    return transaction != null;
  }

  /// Runs the commands of the transaction: EXEC.
  public Outcome runTransaction(ReplyWriter writer) {
    return Objects.requireNonNull(transaction).run(writer);
  }

  /// What runs now are these arguments, of one command of a transaction.
  void args(Args queued) {
    args = queued;
    tally = 0;
    resumeAfter = null;
  }

  /// After `begin`: the command is number `request` of `ahead`, until `endAhead`.
  public void knowAhead(CommandsAhead ahead, int request) {
    keysAhead = ahead.keys();
    keyAhead = ahead.keyOf(request);
    if (keyAhead != KeysAhead.UNKNOWN) {
      memoryKeys.knowAhead(keysAhead, keyAhead);
    }
  }

  /// The command goes on without what was looked up ahead of it.
  public void endAhead() {
    keysAhead = null;
    keyAhead = KeysAhead.UNKNOWN;
    memoryKeys.knowAhead(null, 0);
  }

  /// What was looked up ahead of this command, or null.
  @Nullable KeysAhead keysAhead() {
    return keysAhead;
  }

  /// The number that the command's key has there, or `KeysAhead.UNKNOWN`.
  int keyAhead() {
    return keyAhead;
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

  /// The databases, with what this run has changed about them.
  public DatabaseView databases() {
    return databases;
  }

  /// Keys of the client's database.
  public Keyspace keys() {
    Transaction current = transaction;
    return current == null ? storedKeys() : current.keys();
  }

  /// The same without what a transaction has changed.
  Keyspace storedKeys() {
    return isOnWorker ? blockingKeys() : memoryKeys;
  }

  public Reader reader() {
    return keys().reader();
  }

  /// Where changes go.
  public Batch batch() {
    Transaction current = transaction;
    return current == null ? batch : current.batch();
  }

  /// What is committed.
  Batch storeBatch() {
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
    session().wrote(commitSequence);
    WatchedKeys watched = data.watchedKeys();
    if (!watched.isEmpty()) {
      watched.committed(batch);
    }
    if (databases.isChanged()) {
      watched.moved(databases);
      databases.commit();
      watched.committed(batch); // for keys that were written where their database is now
    }
  }

  /// The run counts, whether it had anything to commit or not.
  void runAfterCommit() {
    if (!afterCommit.isEmpty()) {
      afterCommit.forEach(Runnable::run);
      afterCommit.clear();
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

  /// Memory that the events of this run take.
  long eventBytes() {
    return outbox.eventBytes();
  }

  /// The run counts: what it wanted to publish goes out, in the order of commits for each key, as
  /// its latches are still held.
  void publishCommitted() {
    if (!outbox.isEmpty()) {
      outbox.publish(gate());
      hasPublished = true;
    }
  }

  /// A command has run: tells those who monitor, of a transaction each of its commands that has run
  /// with the database that was selected after it.
  void tellMonitors(RegisteredCommand done) {
    Transaction ended = transaction;
    if (ended != null) {
      CommandQueue queue = ended.queue();
      TransactionMeter ran = ended.meter();
      var queued = new Args();
      int bytes = 0;
      int shown = 0;
      for (; shown < ran.count() && bytes < MonitorLine.TRANSACTION_BYTES_MAX; shown++) {
        queue.read(shown, queued);
        bytes += tellMonitors(queue.command(shown), queued, ran.database(shown));
      }
      if (shown < ran.count()) {
        int left = ran.count() - shown;
        data.pubSub().monitor(MonitorLine.ofMore(session(), store().clock(), left));
      }
    }
    tellMonitors(done, args, session().database());
  }

  /// Bytes of the line that they get.
  private int tellMonitors(RegisteredCommand done, Args request, int database) {
    if (!done.isMonitored) {
      return 0;
    }
    byte[] line =
        MonitorLine.of(session(), database, store().clock(), data.settings(), done, request);
    data.pubSub().monitor(line);
    hasPublished = true;
    return line.length;
  }

  /// True if this command has published something since it began.
  public boolean hasPublished() {
    return hasPublished;
  }

  /// True if EXEC would write, or publish.
  boolean queuesWrites() {
    CommandQueue queue = session().queue();
    return queue != null && queue.isHeldByPause();
  }

  /// The command waits for the end of a pause.
  void waitForPause() {
    if (!isPaused) {
      isPaused = true;
      data.pause().waits(1);
    }
    delayNanos = Math.min(data.pause().remainingMillis(), MILLIS_MAX) * NANOS_PER_MILLI;
  }

  /// It waits no more.
  void go() {
    if (isPaused) {
      isPaused = false;
      data.pause().waits(-1);
    }
  }

  /// The client has gone: a command that only waits, for the end of a pause or for its time to be
  /// over, does not run any more.
  public boolean giveUp() {
    boolean hasWaited = waitsForOthers();
    go();
    return hasWaited;
  }

  /// True if what the command waits for may never come: the end of a pause, other servers.
  public boolean waitsForOthers() {
    return isPaused || waitingSinceNanos != 0;
  }

  /// The reply is a push: it goes out even to a client that wants no replies.
  public void repliedWithPush() {
    isPushReply = true;
  }

  public boolean isPushReply() {
    return isPushReply;
  }

  /// Runs after the batch of this run was committed, under its latches.
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  /// A run does not count, or no longer: nothing of what was to follow its commit does.
  void dropRun() {
    dropAfterCommit();
    databases.clear();
    Transaction current = transaction;
    if (current != null) {
      current.rollBack();
    }
  }

  /// What was to follow a commit is not to follow another one.
  void dropAfterCommit() {
    outbox.clear();
    if (!afterCommit.isEmpty()) {
      afterCommit.clear();
    }
  }

  /// Puts into the batch what exchanges two databases, under all latches: DONE or NEEDS_BLOCKS.
  public Outcome swapDatabases(int one, int other) {
    var touched = data.watchedKeys().touchedBySwap(keys(), databases, one, other);
    if (touched == null) {
      return Outcome.NEEDS_BLOCKS;
    }
    databases.swap(one, other, batch());
    afterCommit(() -> touched.forEach(WatchList::touch));
    return Outcome.DONE;
  }

  /// Begins to queue the client's commands: MULTI.
  public void openQueue() {
    session().queue(data.queues().take(host));
  }

  /// The client watches the keys at arguments 1, 2, ... of this command, which holds their latches:
  /// DONE, or NEEDS_BLOCKS, and then nothing was done.
  public Outcome watch(Args watched) {
    Session client = session();
    WatchList watches = client.watches();
    if (watches == null) {
      watches = new WatchList();
      client.watches(watches);
    }
    watches.dropStaged();
    Keyspace keys = keys();
    boolean isMissing = false;
    for (int i = 1; i < watched.count(); i++) {
      int found = keys.peek(watched.segment(), watched.offset(i), watched.length(i));
      isMissing |= found == Reader.NEEDS_BLOCKS;
      watches.stage(client.database(), keys, found == Reader.FOUND);
    }
    if (isMissing) {
      return Outcome.NEEDS_BLOCKS;
    }
    data.watchedKeys().add(watches);
    return Outcome.DONE;
  }

  /// Ends MULTI and WATCH of the client. Does nothing without.
  public void endTransaction() {
    data.endTransaction(session(), host);
  }

  /// How long to wait before a write may go on; `Store.STALL` = until the store makes progress.
  public long delayNanos() {
    return delayNanos;
  }

  void delayNanos(long value) {
    delayNanos = value;
  }

  /// Time that the command has taken so far, waiting apart.
  public long spentNanos() {
    return spentNanos;
  }

  /// It has taken so much more.
  public void spent(long nanos) {
    spentNanos += nanos;
  }

  /// False if this command has waited for `nanos` already, or was unblocked. Else it may answer
  /// `Outcome.WAITS`.
  public boolean waitUpTo(long nanos) {
    long now = store().clock().nanoTime();
    if (waitingSinceNanos == 0) {
      waitingSinceNanos = now;
    }
    delayNanos = nanos - (now - waitingSinceNanos);
    return delayNanos > 0 && !session().isUnblocked();
  }

  /// To be called before `Outcome.WAITS`: runs again within that time. Other than with `waitUpTo`
  /// the command is not dropped when its client leaves.
  public void retryWithin(long nanos) {
    delayNanos = nanos;
  }

  /// The latch it waited for is held now.
  public void latchGranted() {
    latches.granted();
    if (isAbandoned) {
      latches.release();
    }
  }

  /// The command, which has not run on a worker yet, does not go on, whatever it waits for: gives
  /// back what it holds. Takes no memory, a lack of which is mostly why.
  ///
  /// @param awaitsLatch true: it waits for a latch, which it gives back when it comes; the context
  ///   takes no other command before
  public void abandon(boolean awaitsLatch) {
    isAbandoned = true;
    go();
    if (!awaitsLatch) {
      latches.release();
    }
    memoryKeys.reader().reset();
  }

  /// True if `abandon` was called for the last command.
  public boolean isAbandoned() {
    return isAbandoned;
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

  /// Keys as a reader shows them, for this command; what happens to them is heard here.
  Keyspace newKeyspace(Reader reader, Batch target) {
    var keys = new Keyspace(reader, target, store().clock(), data.stringLayout());
    keys.listener(keyEventCollector);
    return keys;
  }

  /// Who is to be told of the keys that a command finds; null = nobody.
  @Nullable KeyUse keyUse(RegisteredCommand command) {
    KeyUse use = data.maxMemory().use();
    return use == null || !command.touchesKeys || session().isNotTouching() ? null : use;
  }

  private Keyspace blockingKeys() {
    Keyspace keys = blockingKeys;
    if (keys == null) {
      Store store = data.store();
      keys = newKeyspace(store.newReader(true), batch);
      blockingKeys = keys;
    }
    return keys;
  }

  /// Frees the memory. The context must not be used afterwards.
  @Override
  public void close() {
    batch.close();
  }
}
