package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.config.Origin;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.data.StringLayout;
import io.atlaskv.redis.store.SimStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `DEBUG DIGEST` is about data: how a string is stored does not matter.
class DigestTest {
  private final SimStore store = SimStore.create(1, Durability.OS);
  private final SimStore otherStore = SimStore.create(1, Durability.OS);
  private final LocalClient inline = client(store, 1 << 20, 1 << 10);
  private final LocalClient fragmented = client(otherStore, 8, 7);

  private static LocalClient client(SimStore store, int inlineBytesMax, int fragmentBytes) {
    var layout = StringLayout.open(store, inlineBytesMax, fragmentBytes);
    var settings = new Settings();
    settings.start(settings.access.enableDebugCommand, "yes", new Origin(Origin.Door.FLAG, "test"));
    return new LocalClient(store, RedisData.open(store, settings, layout));
  }

  @AfterEach
  void close() {
    store.close();
    otherStore.close();
  }

  @Test
  void stringsInFragmentsAreDigestedByTheirBytes() {
    for (LocalClient client : new LocalClient[] {inline, fragmented}) {
      client.call("SET", "gap", "begin");
      client.call("SETRANGE", "gap", "40", "end");
      client.call("SET", "long", "0123456789".repeat(10));
      client.call("SET", "short", "x");
    }
    String all = inline.call("DEBUG", "DIGEST");
    String gap = inline.call("DEBUG", "DIGEST-VALUE", "gap");
    assertEquals(all, fragmented.call("DEBUG", "DIGEST"));
    assertEquals(gap, fragmented.call("DEBUG", "DIGEST-VALUE", "gap"));
    fragmented.call("SETRANGE", "gap", "20", "\0"); // was a hole: the same bytes
    assertEquals(all, fragmented.call("DEBUG", "DIGEST"));
    fragmented.call("SETRANGE", "gap", "20", "y");
    assertNotEquals(all, fragmented.call("DEBUG", "DIGEST"));
    assertNotEquals(gap, fragmented.call("DEBUG", "DIGEST-VALUE", "gap"));
  }

  @Test
  void aCopyHasTheDigestOfItsOriginal() {
    fragmented.call("SET", "from", "0123456789".repeat(10));
    fragmented.call("COPY", "from", "to");
    String two = fragmented.call("DEBUG", "DIGEST-VALUE", "from", "to");
    String one = fragmented.call("DEBUG", "DIGEST-VALUE", "from").substring("*1\r\n".length());
    assertEquals("*2\r\n" + one + one, two);
  }
}
