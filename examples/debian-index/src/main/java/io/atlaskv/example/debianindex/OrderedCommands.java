package io.atlaskv.example.debianindex;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;

/// AtlasKV's ordered commands, which Jedis does not know by name, by prefix.
final class OrderedCommands {
  private final Jedis jedis;

  OrderedCommands(Jedis jedis) {
    this.jedis = jedis;
  }

  /// Keys that start so, in order.
  List<String> keys(String prefix) {
    var keys = new ArrayList<String>();
    var reply = (List<?>) jedis.sendCommand(named("RANGE"), "PREFIX", prefix);
    for (var key : reply) {
      keys.add(Rows.text((byte[]) key));
    }
    return keys;
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
