package io.atlaskv.redis.command.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.command.LocalClient;
import io.atlaskv.redis.store.SimStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever a range holds, a reply of RANGE stays small, and following its token shows everything.
class RangePagesTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=RangePagesTest -Datlaskv.seed=" + SEED;
  private static final int OVERHEAD_BYTES = 200; // of headers, keys and the token
  private static final int KEYS = 60;

  /// @param next null after the last page
  private record Page(String next, List<String> items) {}

  @ParameterizedTest
  @CsvSource({"false, 1000", "true, 1000", "false, 7", "true, 100000"})
  void pagesOfLargeValuesAreSmallAndComplete(boolean isReverse, int limit) {
    var random = new Random(SEED);
    try (SimStore store = SimStore.create(SEED, Durability.OS)) {
      var client = new LocalClient(store);
      var model = new TreeMap<String, String>();
      int largest = 0;
      for (int i = 0; i < KEYS; i++) {
        int length = random.nextInt(8) == 0 ? 3 << 20 : random.nextInt(600_000);
        largest = Math.max(largest, length);
        String key = String.valueOf(1000 + random.nextInt(5 * KEYS));
        model.put(key, String.valueOf((char) ('a' + i % 26)).repeat(length));
        assertThat(client.call("SET", key, model.get(key))).isEqualTo("+OK\r\n");
      }
      var seen = new ArrayList<String>();
      var query = new ArrayList<>(List.of("RANGE", "-", "+", "WITHVALUES", "LIMIT", "" + limit));
      if (isReverse) {
        query.add("REV");
      }
      Page page = null;
      for (int pages = 0; page == null || page.next != null; pages++) {
        assertThat(pages).as(REPRO).isLessThanOrEqualTo(KEYS);
        var call = new ArrayList<>(query);
        if (page != null) {
          call.addAll(List.of("AFTER", page.next));
        }
        String reply = client.call(call.toArray(String[]::new));
        page = parse(reply);
        boolean isOne = page.items.size() == 2;
        int bytesMax = isOne ? largest : RangeCommand.PAGE_BYTES_MAX;
        assertThat(reply.length()).as(REPRO).isLessThanOrEqualTo(bytesMax + OVERHEAD_BYTES);
        assertThat(page.items.size() / 2).as(REPRO).isBetween(1, limit);
        seen.addAll(page.items);
      }
      var expected = new ArrayList<String>();
      (isReverse ? model.descendingMap() : model)
          .forEach((key, value) -> expected.addAll(List.of(key, value)));
      assertThat(seen.equals(expected)).as(REPRO).isTrue(); // too long to be printed
    }
  }

  @Test
  void aRangeOfManyKeysEndsAtTheDefaultLimit() {
    try (SimStore store = SimStore.create(SEED, Durability.OS)) {
      var client = new LocalClient(store);
      for (int i = 10_000; i < 12_500; i++) {
        client.call("SET", "" + i, "v");
      }
      Page first = parse(client.call("RANGE", "-", "+"));
      assertThat(first.items).hasSize(1_000).endsWith("10999");
      assertThat(first.next).isEqualTo("10999");
      Page second = parse(client.call("RANGE", "-", "+", "AFTER", first.next));
      assertThat(second.items).hasSize(1_000).startsWith("11000");
      Page third = parse(client.call("RANGE", "-", "+", "AFTER", second.next));
      assertThat(third.items).hasSize(500).endsWith("12499");
      assertThat(third.next).isNull();
      Page all = parse(client.call("RANGE", "-", "+", "LIMIT", "1000000"));
      assertThat(all.items).hasSize(2_500);
      assertThat(all.next).isNull();
    }
  }

  private static Page parse(String reply) {
    assertThat(reply).startsWith("*2\r\n");
    int at = reply.indexOf('\n') + 1;
    String next = null;
    if (reply.startsWith("$-1\r\n", at)) {
      at += 5;
    } else {
      next = bulk(reply, at);
      at = afterBulk(reply, at);
    }
    int end = reply.indexOf('\r', at);
    int count = Integer.parseInt(reply.substring(at + 1, end));
    at = end + 2;
    var items = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      items.add(bulk(reply, at));
      at = afterBulk(reply, at);
    }
    assertThat(at).isEqualTo(reply.length());
    return new Page(next, items);
  }

  private static String bulk(String reply, int at) {
    int end = reply.indexOf('\r', at);
    int length = Integer.parseInt(reply.substring(at + 1, end));
    return reply.substring(end + 2, end + 2 + length);
  }

  private static int afterBulk(String reply, int at) {
    int end = reply.indexOf('\r', at);
    return end + 2 + Integer.parseInt(reply.substring(at + 1, end)) + 2;
  }
}
