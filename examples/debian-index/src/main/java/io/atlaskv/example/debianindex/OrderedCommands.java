package io.atlaskv.example.debianindex;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;

/// AtlasKV's ordered commands, which Jedis does not know by name, by prefix.
final class OrderedCommands {
  private static final String PAGE = "500";

  private final Jedis jedis;

  OrderedCommands(Jedis jedis) {
    this.jedis = jedis;
  }

  /// Keys that start so, in order; asked for page by page, each resumed after the last key.
  List<String> keys(String prefix) {
    var keys = new ArrayList<String>();
    List<String> page = page("PREFIX", prefix, "LIMIT", PAGE);
    while (!page.isEmpty()) {
      keys.addAll(page);
      page = page("PREFIX", prefix, "LIMIT", PAGE, "AFTER", page.getLast());
    }
    return keys;
  }

  private List<String> page(String... query) {
    var reply = (List<?>) jedis.sendCommand(named("RANGE"), query);
    return reply.stream().map(key -> Rows.text((byte[]) key)).toList();
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
