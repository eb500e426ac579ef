package io.atlaskv.example.debianindex;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;

/// AtlasKV's ordered commands, which Jedis does not know by name, by prefix.
final class OrderedCommands {
  /// @param next where to go on; null after the last page
  private record Page(List<String> keys, @Nullable String next) {}

  private final Jedis jedis;

  OrderedCommands(Jedis jedis) {
    this.jedis = jedis;
  }

  /// Keys that start so, in order; asked for page by page, each resumed after the last key.
  List<String> keys(String prefix) {
    var keys = new ArrayList<String>();
    var page = page("PREFIX", prefix);
    keys.addAll(page.keys);
    while (page.next != null) {
      page = page("PREFIX", prefix, "AFTER", page.next);
      keys.addAll(page.keys);
    }
    return keys;
  }

  private Page page(String... query) {
    var reply = (List<?>) jedis.sendCommand(named("RANGE"), query);
    var next = (byte[]) reply.getFirst();
    var keys = ((List<?>) reply.getLast()).stream().map(key -> Rows.text((byte[]) key)).toList();
    return new Page(keys, next == null ? null : Rows.text(next));
  }

  long count(String prefix) {
    return (Long) jedis.sendCommand(named("RANGECOUNT"), "PREFIX", prefix);
  }

  /// Deletes the keys that start so; returns how many there were.
  long delete(String prefix) {
    return (Long) jedis.sendCommand(named("DELRANGE"), "PREFIX", prefix);
  }

  private static ProtocolCommand named(String name) {
    return () -> Rows.bytes(name);
  }
}
