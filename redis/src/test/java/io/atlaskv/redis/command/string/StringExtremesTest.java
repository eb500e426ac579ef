package io.atlaskv.redis.command.string;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.command.LocalClient;
import io.atlaskv.redis.data.FragmentCheck;
import io.atlaskv.redis.store.SimStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sizes and offsets that overflowed elsewhere: CVE-2021-29477, -32625 (LCS), -32761 (BITFIELD),
/// CVE-2022-35977 (SETRANGE). Each costs one command, and no memory for what is not there.
class StringExtremesTest {
  private static final String TOO_LONG =
      "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n";
  private static final String OUT_OF_RANGE =
      "-ERR bit offset is not an integer or out of range\r\n";

  private final SimStore store = SimStore.create(1, Durability.OS);
  private final LocalClient client = new LocalClient(store);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aByteFarOutCostsOneFragment() {
    assertEquals(":536870912\r\n", client.call("SETRANGE", "k", "536870911", "x"));
    assertEquals(":0\r\n", client.call("SETBIT", "b", "4294967295", "1"));
    assertEquals(":1\r\n", client.call("GETBIT", "b", "4294967295"));
    assertEquals(":1\r\n", client.call("BITCOUNT", "b"));
    assertEquals(":4294967295\r\n", client.call("BITPOS", "b", "1"));
    assertEquals("$1\r\nx\r\n", client.call("GETRANGE", "k", "-1", "-1"));
    assertEquals(":536870912\r\n", client.call("BITOP", "OR", "both", "k", "b"));
    assertEquals(":536870912\r\n", client.call("STRLEN", "both"));
    int namespace = client.data().databases().namespace(0);
    assertEquals(3, FragmentCheck.check(store, namespace, "one fragment each"));
    assertTrue(client.call("GET", "k").startsWith("-ERR reply is larger than the output limit"));
    assertTrue(
        client.call("BITOP", "NOT", "all", "k").startsWith("-ERR value is larger than the memory"));
    assertEquals(":0\r\n", client.call("EXISTS", "all"));
    assertEquals(":3\r\n", client.call("DEL", "k", "b", "both"));
    assertEquals(0, FragmentCheck.check(store, namespace, "all gone"));
  }

  @Test
  void whatIsLongerThanAStringMayBeIsRefused() {
    assertEquals(TOO_LONG, client.call("SETRANGE", "k", "536870912", "x"));
    assertEquals(TOO_LONG, client.call("SETRANGE", "k", "9223372036854775807", "xx"));
    assertEquals(OUT_OF_RANGE, client.call("SETBIT", "k", "4294967296", "1"));
    assertEquals(OUT_OF_RANGE, client.call("GETBIT", "k", "9223372036854775807"));
    assertEquals(
        OUT_OF_RANGE, client.call("BITFIELD", "k", "SET", "i64", "#144115188075855872", "1"));
    assertEquals(OUT_OF_RANGE, client.call("BITFIELD", "k", "GET", "u32", "#9223372036854775807"));
    assertEquals(":536870912\r\n", client.call("SETRANGE", "full", "536870911", "x"));
    assertEquals(TOO_LONG, client.call("APPEND", "full", "y"));
    assertEquals(":0\r\n", client.call("EXISTS", "k"));
  }

  @Test
  void aTableForLcsIsBounded() {
    assertEquals(":200000\r\n", client.call("SETRANGE", "a", "199999", "x"));
    assertEquals(":200000\r\n", client.call("SETRANGE", "b", "199999", "x"));
    String reply = client.call("LCS", "a", "b");
    assertTrue(reply.startsWith("-ERR Insufficient memory, transient memory for LCS"), reply);
    assertEquals(":300\r\n", client.call("SETRANGE", "c", "299", "x"));
    assertEquals(":300\r\n", client.call("LCS", "a", "c", "LEN"));
  }
}
