package io.atlaskv.redis.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.store.SimStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Arguments that a command would copy to the heap, and that are too long for it.
class LongArgumentTest {
  private static final int BYTES = Args.COPY_BYTES_MAX + 1;
  private static final String FILLER = "x".repeat(4096); // more than is quoted or logged

  private static String call(String words) {
    try (SimStore store = SimStore.create(1, Durability.OS)) {
      var client = new LocalClient(store);
      client.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
      String[] all = (words + " " + FILLER).split(" ", -1);
      String reply = client.callClaiming(BYTES, all);
      assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
      assertThat(client.data().pubSub().heldBytes()).isZero();
      return reply;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SCAN 0 MATCH",
        "KEYS",
        "SUBSCRIBE channel",
        "CLIENT SETNAME",
        "CONFIG GET",
        "INFO",
        "COMMAND INFO"
      })
  void isRefused(String words) {
    assertThat(call(words))
        .isEqualTo(
            "-ERR an argument of %d bytes is longer than this command takes: %d\r\n"
                .formatted(BYTES, BYTES - 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOSUCH", "CLIENT", "CONFIG SET port 1"})
  void isQuotedInPart(String words) {
    assertThat(call(words)).startsWith("-ERR ").hasSizeLessThan(1024);
  }
}
