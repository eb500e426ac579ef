package io.atlaskv.redis.command;

import io.atlaskv.redis.data.WatchList;
import org.jspecify.annotations.Nullable;

/// What is known of one client beside its bytes. Written by the loop that serves it; read by any
/// thread for CLIENT LIST, so the numbers there may be a moment old.
public final class Session {
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

  /// A command of this client begins.
  public void active(long nowMillis, String command) {
    activeAtMillis = nowMillis;
    lastCommand = command;
  }

  /// As RESET leaves it.
  public void reset() {
    name = "";
    database = 0;
    protocol = 2;
  }

  /// Its line in CLIENT LIST.
  public String describe(long nowMillis) {
    return "id="
        + id
        + " addr="
        + address
        + " laddr="
        + localAddress
        + " name="
        + name
        + " age="
        + (nowMillis - connectedAtMillis) / 1000
        + " idle="
        + (nowMillis - activeAtMillis) / 1000
        + " flags=N db="
        + database
        + " cmd="
        + lastCommand
        + " user=default resp="
        + protocol
        + " lib-name="
        + libraryName
        + " lib-ver="
        + libraryVersion;
  }
}
