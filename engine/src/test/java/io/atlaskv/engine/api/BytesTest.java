package io.atlaskv.engine.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void nothingFromOutsideChangesIt() {
    byte[] source = {1, 2, 3};
    Bytes bytes = Bytes.of(source);
    source[0] = 9;
    bytes.toArray()[1] = 9;
    assertArrayEquals(new byte[] {1, 2, 3}, bytes.toArray());
  }

  @Test
  void orderIsThatOfUnsignedBytes() {
    var sorted =
        List.of(
            Bytes.EMPTY,
            Bytes.of(new byte[] {0}),
            Bytes.of(new byte[] {0, 0}),
            Bytes.of(new byte[] {127}),
            Bytes.of(new byte[] {-128}),
            Bytes.of(new byte[] {-1}),
            Bytes.of(new byte[] {-1, 0}));
    assertEquals(sorted, sorted.reversed().stream().sorted().toList());
  }

  @Test
  void equalContentIsEqual() {
    Bytes whole = Bytes.ofUtf8("abc");
    Bytes slice = Bytes.of(new byte[] {'x', 'a', 'b', 'c', 'y'}, 1, 3);
    assertEquals(whole, slice);
    assertEquals(whole.hashCode(), slice.hashCode());
    assertNotEquals(whole, Bytes.ofUtf8("abd"));
    assertNotEquals(whole, Bytes.ofUtf8("ab"));
    assertSame(Bytes.EMPTY, Bytes.ofUtf8(""));
    assertSame(Bytes.EMPTY, Bytes.of(new byte[5], 5, 0));
  }

  @Test
  void partsAreReadable() {
    Bytes bytes = Bytes.ofUtf8("key");
    assertEquals(3, bytes.length());
    assertEquals('e', bytes.at(1));
    assertEquals("key", bytes.toUtf8());
    assertTrue(bytes.startsWith(Bytes.ofUtf8("ke")));
    assertTrue(bytes.startsWith(Bytes.EMPTY));
    assertFalse(bytes.startsWith(Bytes.ofUtf8("keys")));
    byte[] target = new byte[5];
    bytes.copyTo(target, 1);
    assertArrayEquals(new byte[] {0, 'k', 'e', 'y', 0}, target);
    assertThrows(IndexOutOfBoundsException.class, () -> bytes.at(3));
    assertThrows(IndexOutOfBoundsException.class, () -> Bytes.of(new byte[3], 2, 2));
  }

  @Test
  void textShowsWhatIsPrintableAndCutsWhatIsLong() {
    assertEquals("a\\x00\\xff\\x5c", Bytes.of(new byte[] {'a', 0, -1, '\\'}).toString());
    assertTrue(Bytes.ofUtf8("x".repeat(1000)).toString().endsWith("x... (1000 bytes)"));
  }
}
