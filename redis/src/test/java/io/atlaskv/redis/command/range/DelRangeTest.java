package io.atlaskv.redis.command.range;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.command.LocalClient;
import io.atlaskv.redis.store.SimStore;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class DelRangeTest {
  /// Keys of one length: a slice then begins with a bound as long as the end it is looking for.
  @Test
  void everySliceDeletesWhatItCounts() {
    SimStore store = SimStore.create(1, Durability.OS);
    var client = new LocalClient(store);
    int keys = 3 * DelRangeCommand.SLICE_KEYS + 1;
    for (int i = 0; i <= keys; i++) {
      client.call("SET", String.format(Locale.ROOT, "k%05d", i), "v");
    }
    String last = String.format(Locale.ROOT, "k%05d", keys);
    assertEquals(":" + keys + "\r\n", client.call("DELRANGE", "-", "(" + last));
    assertEquals(":1\r\n", client.call("RANGECOUNT", "-", "+"));
    assertEquals(":1\r\n", client.call("DBSIZE"));
    store.close();
  }
}
