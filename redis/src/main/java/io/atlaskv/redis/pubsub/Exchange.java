package io.atlaskv.redis.pubsub;

import io.atlaskv.engine.api.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// The listeners of one loop. Used by that loop alone.
public final class Exchange {
  private final PubSub pubSub;
  private final Outlet outlet;
  private final int loop;
  private final List<Map<Bytes, LinkedHashSet<Listener>>> listeners = new ArrayList<>();

  Exchange(PubSub pubSub, Outlet outlet, int loop) {
    this.pubSub = pubSub;
    this.outlet = outlet;
    this.loop = loop;
    for (int i = 0; i < ChannelKind.COUNT; i++) {
      listeners.add(new HashMap<>());
    }
  }

  /// Delivers what was sent before now.
  void settle() {
    outlet.drain();
  }

  /// Does nothing if it listens already.
  void join(ChannelKind kind, Bytes name, Listener listener) {
    LinkedHashSet<Listener> all =
        listeners.get(kind.index).computeIfAbsent(name, key -> new LinkedHashSet<>());
    if (all.add(listener)) {
      pubSub.joined(kind, name, loop, all.size() == 1);
    }
  }

  /// Does nothing if it does not listen.
  void leave(ChannelKind kind, Bytes name, Listener listener) {
    LinkedHashSet<Listener> all = listeners.get(kind.index).get(name);
    if (all != null && all.remove(listener)) {
      if (all.isEmpty()) {
        listeners.get(kind.index).remove(name);
      }
      pubSub.left(kind, name, loop, all.isEmpty());
    }
  }

  /// Hands `push` to everyone who listens. They must not join or leave meanwhile.
  public void deliver(Push push) {
    LinkedHashSet<Listener> all = listeners.get(push.kind().index).get(push.name());
    if (all != null) {
      all.forEach(listener -> listener.accept(push));
    }
  }
}
