package io.atlaskv.redis.pubsub;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.data.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Which loops have listeners to which names. Who they are, each loop knows itself (`Exchange`), so
/// publishing costs one step for each loop that has any, however many listen there.
///
/// Invariants:
/// - B1: a name has an audience here exactly while someone listens to it; its loops are those with
///   at least one listener.
/// - B2: what one thread publishes reaches each loop in that order.
/// - B3: `heldBytes` is what the subscriptions of all clients take of the heap, about; it passes
///   its bound by what loops add at the same moment, no more.
public final class PubSub {
  /// Of one subscription, its name apart: the entries of the client, its loop and the audience.
  private static final int SUBSCRIPTION_BYTES = 400;

  /// Most loops: one bit each.
  public static final int LOOPS_MAX = Long.SIZE;

  /// Who listens to a name.
  ///
  /// @param glob of a pattern, null for the other kinds
  /// @param loops one bit for each loop with listeners
  /// @param listeners number of clients
  private record Audience(@Nullable Glob glob, long loops, int listeners) {}

  private final List<Map<Bytes, Audience>> audiences = new ArrayList<>();
  private final ArrayList<Outlet> outlets = new ArrayList<>();
  private final AtomicLong heldBytes = new AtomicLong();
  private final long heldBytesMax = Runtime.getRuntime().maxMemory() / 2;
  private volatile boolean isMonitored; // changes under the map's lock of the one name

  public PubSub() {
    for (int i = 0; i < ChannelKind.COUNT; i++) {
      audiences.add(new ConcurrentHashMap<>());
    }
  }

  /// Adds a loop; all are added before the first one runs.
  public Exchange addLoop(Outlet outlet) {
    if (outlets.size() == LOOPS_MAX) {
      throw new IllegalStateException("more than " + LOOPS_MAX + " loops");
    }
    outlets.add(outlet);
    return new Exchange(this, outlet, outlets.size() - 1);
  }

  /// True if a client may subscribe to so many names more, of so many bytes together.
  public boolean hasRoomFor(int names, long nameBytes) {
    return heldBytes.get() + (long) SUBSCRIPTION_BYTES * names + nameBytes <= heldBytesMax;
  }

  /// Heap that the subscriptions of all clients take, about.
  public long heldBytes() {
    return heldBytes.get();
  }

  private static int bytesOf(Bytes name) {
    return SUBSCRIPTION_BYTES + name.length();
  }

  private Map<Bytes, Audience> of(ChannelKind kind) {
    return audiences.get(kind.index);
  }

  /// A client of loop `loop`, there the only one if `isFirst`, listens to a name.
  void joined(ChannelKind kind, Bytes name, int loop, boolean isFirst) {
    heldBytes.addAndGet(bytesOf(name));
    long bit = isFirst ? 1L << loop : 0;
    of(kind)
        .compute(
            name,
            (key, old) -> {
              if (kind == ChannelKind.MONITOR) {
                isMonitored = true;
              }
              return old == null
                  ? new Audience(globOf(kind, name), bit, 1)
                  : new Audience(old.glob, old.loops | bit, old.listeners + 1);
            });
  }

  private static @Nullable Glob globOf(ChannelKind kind, Bytes name) {
    return kind == ChannelKind.PATTERN ? new Glob(name.toArray()) : null;
  }

  /// A client of loop `loop`, there the only one if `isLast`, listens no more.
  void left(ChannelKind kind, Bytes name, int loop, boolean isLast) {
    heldBytes.addAndGet(-bytesOf(name));
    long bit = isLast ? 1L << loop : 0;
    of(kind)
        .computeIfPresent(
            name,
            (key, old) -> {
              if (old.listeners > 1) {
                return new Audience(old.glob, old.loops & ~bit, old.listeners - 1);
              }
              if (kind == ChannelKind.MONITOR) {
                isMonitored = false;
              }
              return null;
            });
  }

  /// True if nobody listens to any channel by name or pattern.
  public boolean isSilent() {
    return of(ChannelKind.CHANNEL).isEmpty() && of(ChannelKind.PATTERN).isEmpty();
  }

  /// True if a client listens to the commands of all others.
  public boolean isMonitored() {
    return isMonitored;
  }

  /// Sends a message to all who listen to the channel, by its name and then by patterns.
  ///
  /// @param kind CHANNEL or SHARD
  public void publish(ChannelKind kind, Bytes channel, Bytes message, long gate) {
    Audience named = of(kind).get(channel);
    if (named != null) {
      send(named.loops, Push.message(kind, channel, message, gate));
    }
    Map<Bytes, Audience> patterns = of(ChannelKind.PATTERN);
    if (kind == ChannelKind.SHARD || patterns.isEmpty()) {
      return;
    }
    byte[] text = channel.toArray();
    patterns.forEach((pattern, audience) -> {
      Glob glob = audience.glob;
      if (glob != null && glob.matches(text, 0, text.length)) {
        send(audience.loops, Push.patternMessage(pattern, channel, message, gate));
      }
    });
  }

  /// Sends a line to all who monitor.
  public void monitor(byte[] line) {
    Audience monitors = of(ChannelKind.MONITOR).get(Bytes.EMPTY);
    if (monitors != null) {
      send(monitors.loops, new Push(ChannelKind.MONITOR, Bytes.EMPTY, line, 0));
    }
  }

  private void send(long loops, Push push) {
    for (long rest = loops; rest != 0; rest &= rest - 1) {
      outlets.get(Long.numberOfTrailingZeros(rest)).send(push);
    }
  }

  /// How many clients a message in a channel would reach; one that listens to the name and to
  /// patterns counts for each.
  ///
  /// @param kind CHANNEL or SHARD
  public long receivers(ChannelKind kind, Bytes channel) {
    long count = listeners(kind, channel);
    Map<Bytes, Audience> patterns = of(ChannelKind.PATTERN);
    if (kind == ChannelKind.SHARD || patterns.isEmpty()) {
      return count;
    }
    byte[] text = channel.toArray();
    for (Audience audience : patterns.values()) {
      Glob glob = audience.glob;
      if (glob != null && glob.matches(text, 0, text.length)) {
        count += audience.listeners;
      }
    }
    return count;
  }

  /// How many clients listen to this name itself.
  public int listeners(ChannelKind kind, Bytes name) {
    Audience audience = of(kind).get(name);
    return audience == null ? 0 : audience.listeners;
  }

  /// How many names someone listens to.
  public int names(ChannelKind kind) {
    return of(kind).size();
  }

  /// The names that someone listens to.
  public List<Bytes> listNames(ChannelKind kind) {
    return new ArrayList<>(of(kind).keySet());
  }
}
