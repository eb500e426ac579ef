package io.atlaskv.redis.pubsub;

import io.atlaskv.engine.api.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;

/// What one client listens to. Changed by its loop only; the counts may be read by any thread.
public final class Subscriptions {
  private final Exchange exchange;
  private final Listener listener;
  private final ArrayList<LinkedHashSet<Bytes>> names = new ArrayList<>(0);
  private volatile int channels;
  private volatile int patterns;
  private volatile int shardChannels;
  private volatile boolean isMonitor;

  public Subscriptions(Exchange exchange, Listener listener) {
    this.exchange = exchange;
    this.listener = listener;
  }

  /// Brings the client what was published before now. To be called by a command that joins or
  /// leaves, before it writes its reply.
  public void settle() {
    exchange.settle();
  }

  /// Listens from now on; does nothing if it did.
  public void join(ChannelKind kind, Bytes name) {
    while (names.size() < ChannelKind.COUNT) {
      names.add(new LinkedHashSet<>());
    }
    if (names.get(kind.index).add(name)) {
      exchange.join(kind, name, listener);
      count(kind);
    }
  }

  /// Listens no more; does nothing if it did not.
  public void leave(ChannelKind kind, Bytes name) {
    if (!names.isEmpty() && names.get(kind.index).remove(name)) {
      exchange.leave(kind, name, listener);
      count(kind);
    }
  }

  /// Listens to nothing any more.
  public void leaveAll() {
    if (!names.isEmpty()) {
      for (ChannelKind kind : ChannelKind.values()) {
        names(kind).forEach(name -> leave(kind, name));
      }
    }
  }

  /// Listens to these names of one kind and no others.
  public void restore(ChannelKind kind, List<Bytes> wanted) {
    var kept = new HashSet<>(wanted);
    for (Bytes name : names(kind)) {
      if (!kept.contains(name)) {
        leave(kind, name);
      }
    }
    wanted.forEach(name -> join(kind, name));
  }

  /// The names of one kind, oldest first.
  public List<Bytes> names(ChannelKind kind) {
    return names.isEmpty() ? List.of() : List.copyOf(names.get(kind.index));
  }

  private void count(ChannelKind kind) {
    int size = names.get(kind.index).size();
    switch (kind) {
      case CHANNEL -> channels = size;
      case PATTERN -> patterns = size;
      case SHARD -> shardChannels = size;
      case MONITOR -> isMonitor = size > 0;
    }
  }

  /// The number in the reply to a change of this kind: channels and patterns count together.
  public int total(ChannelKind kind) {
    return kind == ChannelKind.SHARD ? shardChannels : channels + patterns;
  }

  public int channels() {
    return channels;
  }

  public int patterns() {
    return patterns;
  }

  public int shardChannels() {
    return shardChannels;
  }

  /// True if it listens to the commands of all clients.
  public boolean isMonitor() {
    return isMonitor;
  }

  /// True if it listens to any channel.
  public boolean isAny() {
    return channels + patterns + shardChannels > 0;
  }
}
