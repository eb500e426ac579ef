package io.atlaskv.redis.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.RowCursor;
import io.atlaskv.redis.store.Store;
import java.util.HashMap;
import java.util.Map;

/// Looks at all rows of a database: every fragment belongs to one string, and lies within it.
public final class FragmentCheck {
  private FragmentCheck() {}

  /// Returns how many fragments there are.
  public static int check(Store store, int namespace, String message) {
    Reader reader = store.newReader(true);
    Map<Long, Fragments> places = places(reader, namespace);
    int count = 0;
    byte[] first = RowKey.type(namespace, FragmentFormat.FRAGMENT);
    byte[] end = RowKey.afterType(namespace, FragmentFormat.FRAGMENT);
    try (RowCursor rows = reader.cursor(first, end)) {
      for (int state = rows.first(); state == Reader.FOUND; state = rows.next()) {
        assertEquals(FragmentFormat.KEY_BYTES, rows.keyLength(), message);
        Fragments place = places.get(ByteArrays.beLong(rows.key(), 5));
        assertNotNull(place, "a fragment without its string; " + message);
        long start = (long) ByteArrays.beInt(rows.key(), 13) * place.fragmentBytes();
        assertTrue(rows.valueLength() <= place.fragmentBytes(), message);
        assertTrue(start + rows.valueLength() <= place.length(), message);
        count++;
      }
    }
    reader.reset();
    return count;
  }

  private static Map<Long, Fragments> places(Reader reader, int namespace) {
    var places = new HashMap<Long, Fragments>();
    byte[] first = RowKey.type(namespace, RowKey.METADATA);
    byte[] end = RowKey.afterType(namespace, RowKey.METADATA);
    try (RowCursor rows = reader.cursor(first, end)) {
      for (int state = rows.first(); state == Reader.FOUND; state = rows.next()) {
        int head = MetadataFormat.head(rows.valueSegment(), rows.valueOffset());
        if (MetadataFormat.isInFragments(head)) {
          Fragments place =
              Fragments.read(
                  namespace,
                  rows.valueSegment(),
                  rows.valueOffset() + MetadataFormat.BYTES,
                  rows.valueLength() - MetadataFormat.BYTES);
          assertNull(places.put(place.id(), place), "two strings have one id");
        }
      }
    }
    return places;
  }
}
