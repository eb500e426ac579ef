package io.atlaskv.redis.command;

import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.pubsub.Subscriptions;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What is known of one client beside its bytes. Written by the loop that serves it; read by any
/// thread for CLIENT LIST, so the numbers there may be a moment old.
public final class Session {
  private static final int REPLY_ON = 0;
  private static final int REPLY_OFF = 1;
  private static final int REPLY_SKIP_NEXT = 2;
  private static final int REPLY_SKIP = 3;

  private final long id;
  private final String address;
  private final String localAddress;
  private final long connectedAtMillis;
  private volatile String name = "";
  private volatile String libraryName = "";
  private volatile String libraryVersion = "";
  private volatile String lastCommand = "NULL";
  private volatile long activeAtMillis;
  private volatile int database;
  private volatile int protocol = 2;
  private volatile boolean isKillRequested;
  private boolean isClosing;
  private @Nullable CommandQueue queue;
  private @Nullable WatchList watches;
  private boolean isRestricted;
  private boolean isAuthenticated = true;
  private volatile boolean isNeverEvicted;
  private volatile boolean isNotTouching;
  private final AtomicReference<Waiting> waiting = new AtomicReference<>(Waiting.NOT);
  private int replyMode;
  private @Nullable Subscriptions subscriptions;
  private long lastWrite;

  public Session(long id, String address, String localAddress, long nowMillis) {
    this.id = id;
    this.address = address;
    this.localAddress = localAddress;
    connectedAtMillis = nowMillis;
    activeAtMillis = nowMillis;
  }

  public long id() {
    return id;
  }

  /// True if the client is on this machine.
  public boolean isLocal() {
    return address.startsWith("127.")
        || address.startsWith("[::1]")
        || address.startsWith("[0:0:0:0:0:0:0:1]")
        || address.startsWith("0:0:0:0:0:0:0:1:")
        || address.startsWith("/"); // a unix socket
  }

  /// Where it comes from, as `ip:port`.
  public String address() {
    return address;
  }

  public String name() {
    return name;
  }

  public void name(String value) {
    name = value;
  }

  public void library(String newName, String version) {
    libraryName = newName;
    libraryVersion = version;
  }

  public String libraryName() {
    return libraryName;
  }

  public String libraryVersion() {
    return libraryVersion;
  }

  public int database() {
    return database;
  }

  public void database(int number) {
    database = number;
  }

  /// Version of the protocol, 2 or 3.
  public int protocol() {
    return protocol;
  }

  public void protocol(int version) {
    protocol = version;
    restrictionsChanged();
  }

  /// To be closed when the replies so far are sent.
  public boolean isClosing() {
    return isClosing;
  }

  public void closeAfterReply() {
    isClosing = true;
  }

  /// Another client asked for the end of this one.
  public boolean isKillRequested() {
    return isKillRequested;
  }

  public void requestKill() {
    isKillRequested = true;
  }

  /// Its commands since MULTI; null = not within MULTI and EXEC.
  public @Nullable CommandQueue queue() {
    return queue;
  }

  void queue(@Nullable CommandQueue value) {
    queue = value;
  }

  /// The keys it watches; null = none.
  public @Nullable WatchList watches() {
    return watches;
  }

  void watches(@Nullable WatchList value) {
    watches = value;
  }

  /// True if something keeps it from running some commands: see `CommandExecutor`.
  boolean isRestricted() {
    return isRestricted;
  }

  /// True if most commands are refused, as in version 2 a reply could not be told from a message.
  public boolean isSubscribedInVersion2() {
    return isRestricted && protocol == 2 && subscriptions().isAny();
  }

  /// True if it has to say a password before most commands run.
  public boolean needsAuth() {
    return isRestricted && !isAuthenticated;
  }

  /// It has said the right password, or needs none; or is to say it.
  public void authenticated(boolean value) {
    isAuthenticated = value;
    restrictionsChanged();
  }

  /// To be called when what it listens to, or its protocol, has changed.
  public void restrictionsChanged() {
    isRestricted =
        !isAuthenticated
            || (protocol == 2 && subscriptions().isAny())
            || subscriptions().isMonitor();
  }

  /// True if `CLIENT REPLY` has been used: ask `isSilent` for each reply, then call `replied`.
  public boolean hasReplyMode() {
    return replyMode != REPLY_ON;
  }

  /// True if it gets no reply to this command.
  public boolean isSilent() {
    return replyMode == REPLY_OFF || replyMode == REPLY_SKIP;
  }

  /// `CLIENT REPLY ON`, or `OFF`.
  public void replies(boolean isOn) {
    replyMode = isOn ? REPLY_ON : REPLY_OFF;
  }

  /// `CLIENT REPLY SKIP`: no reply to the next command.
  public void skipNextReply() {
    if (replyMode != REPLY_OFF) {
      replyMode = REPLY_SKIP_NEXT;
    }
  }

  /// A command has ended.
  public void replied() {
    if (replyMode == REPLY_SKIP) {
      replyMode = REPLY_ON;
    } else if (replyMode == REPLY_SKIP_NEXT) {
      replyMode = REPLY_SKIP;
    }
  }

  /// Whether a command of it waits for others, and what another client has said to that.
  private enum Waiting {
    NOT,
    WAITS,
    /// `CLIENT UNBLOCK id TIMEOUT`.
    TIMED_OUT,
    /// `CLIENT UNBLOCK id ERROR`.
    REFUSED
  }

  /// True if its command waits for others: `b` of CLIENT LIST.
  public boolean isBlocked() {
    return waiting.get() != Waiting.NOT;
  }

  /// Its command waits for others from now on; for its loop.
  public void blocked() {
    waiting.compareAndSet(Waiting.NOT, Waiting.WAITS);
  }

  /// Its command has ended; for its loop.
  public void goesOn() {
    waiting.set(Waiting.NOT);
  }

  /// `CLIENT UNBLOCK`: its command is to wait no longer, and fail if `withError`. False if it does
  /// not wait. By any thread.
  public boolean unblock(boolean withError) {
    return waiting.compareAndSet(Waiting.WAITS, withError ? Waiting.REFUSED : Waiting.TIMED_OUT);
  }

  /// True if its command is to wait no longer.
  boolean isUnblocked() {
    return waiting.get().compareTo(Waiting.TIMED_OUT) >= 0;
  }

  /// True if its command is to wait no longer, and to answer that it was unblocked.
  public boolean isRefused() {
    return waiting.get() == Waiting.REFUSED;
  }

  /// What it listens to.
  public Subscriptions subscriptions() {
    return Objects.requireNonNull(subscriptions);
  }

  /// Said once, before its first command.
  public void subscriptions(Subscriptions value) {
    subscriptions = value;
  }

  /// `CLIENT NO-EVICT`.
  public boolean isNeverEvicted() {
    return isNeverEvicted;
  }

  public void neverEvicted(boolean value) {
    isNeverEvicted = value;
  }

  /// `CLIENT NO-TOUCH`.
  public boolean isNotTouching() {
    return isNotTouching;
  }

  public void notTouching(boolean value) {
    isNotTouching = value;
  }

  public String localAddress() {
    return localAddress;
  }

  public long connectedAtMillis() {
    return connectedAtMillis;
  }

  public long activeAtMillis() {
    return activeAtMillis;
  }

  public String lastCommand() {
    return lastCommand;
  }

  /// Sequence of the last write of this client.
  public long lastWrite() {
    return lastWrite;
  }

  void wrote(long sequence) {
    lastWrite = sequence;
  }

  /// A command of this client begins.
  public void active(long nowMillis, String command) {
    activeAtMillis = nowMillis;
    lastCommand = command;
  }

  /// As RESET leaves it.
  public void reset() {
    subscriptions().settle();
    subscriptions().leaveAll();
    name = "";
    database = 0;
    replyMode = REPLY_ON;
    isNeverEvicted = false;
    isNotTouching = false;
    protocol(2);
  }
}
