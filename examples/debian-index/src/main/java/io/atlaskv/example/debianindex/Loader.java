package io.atlaskv.example.debianindex;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;

/// Writes rows and reads them, in pipelines of [#PIPELINE] commands.
final class Loader {
  static final int PIPELINE = 500;

  private Loader() {}

  /// Writes until all is done or the connection breaks. Returns how many rows are acknowledged; up
  /// to [#PIPELINE] more may have arrived.
  static int write(Jedis jedis, List<Map.Entry<String, String>> rows, Progress progress) {
    int acknowledged = 0;
    while (acknowledged < rows.size()) {
      var chunk = rows.subList(acknowledged, Math.min(acknowledged + PIPELINE, rows.size()));
      var replies = new ArrayList<Response<String>>(chunk.size());
      try {
        // Not closed when it breaks: close() would read the replies that never come.
        var pipeline = jedis.pipelined();
        for (var row : chunk) {
          replies.add(pipeline.set(Rows.bytes(row.getKey()), Rows.bytes(row.getValue())));
        }
        pipeline.sync();
      } catch (JedisConnectionException e) {
        progress.broken(e);
        abandon(jedis);
        return acknowledged;
      }
      for (var reply : replies) {
        if (!"OK".equals(reply.get())) {
          throw new IllegalStateException("SET was answered " + reply.get());
        }
      }
      acknowledged += chunk.size();
      progress.acknowledged(acknowledged);
    }
    return acknowledged;
  }

  /// Drops what is still in the output buffer; an ordinary close would try to send it.
  private static void abandon(Jedis jedis) {
    try {
      jedis.getConnection().forceDisconnect();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Values of these keys, in their order; null where a key is absent.
  static List<@Nullable String> read(Jedis jedis, List<Map.Entry<String, String>> rows) {
    var values = new ArrayList<@Nullable String>(rows.size());
    for (int first = 0; first < rows.size(); first += PIPELINE) {
      var replies = new ArrayList<Response<byte[]>>(PIPELINE);
      try (var pipeline = jedis.pipelined()) {
        for (var row : rows.subList(first, Math.min(first + PIPELINE, rows.size()))) {
          replies.add(pipeline.get(Rows.bytes(row.getKey())));
        }
        pipeline.sync();
      }
      for (var reply : replies) {
        var value = reply.get();
        values.add(value == null ? null : Rows.text(value));
      }
    }
    return values;
  }

  /// Told what goes on while rows are written.
  interface Progress {
    void acknowledged(int rows);

    void broken(JedisConnectionException cause);
  }
}
