package io.atlaskv.cli.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Keys through the Redis door.
final class RedisKeyClient implements KeyClient {
  private final RespClient connection;

  RedisKeyClient(RespClient connection) {
    this.connection = connection;
  }

  @Override
  public @Nullable Bytes get(Bytes key) throws IOException, RefusedException {
    Reply reply = call(List.of(Bytes.of("GET"), key));
    return reply instanceof Reply.Bulk bulk ? bulk.bytes() : null;
  }

  @Override
  public void put(Bytes key, Bytes value) throws IOException, RefusedException {
    call(List.of(Bytes.of("SET"), key, value));
  }

  @Override
  public OptionalLong delete(List<Bytes> keys) throws IOException, RefusedException {
    var words = new ArrayList<Bytes>();
    words.add(Bytes.of("DEL"));
    words.addAll(keys);
    return call(words) instanceof Reply.Int count
        ? OptionalLong.of(count.value())
        : OptionalLong.empty();
  }

  @Override
  public void ping() throws IOException, RefusedException {
    call(List.of(Bytes.of("PING")));
  }

  private Reply call(List<Bytes> words) throws IOException, RefusedException {
    return RespClient.refuse(connection.call(words));
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
