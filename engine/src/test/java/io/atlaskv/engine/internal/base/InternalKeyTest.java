package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InternalKeyTest {
  @Test
  void sequenceAndKindAreTakenApart() {
    for (long sequence : new long[] {0, 1, 255, 256, SequenceNumber.MAX}) {
      for (byte kind = ValueKind.DELETE; kind <= ValueKind.MAX; kind++) {
        long trailer = InternalKey.pack(sequence, kind);
        assertEquals(sequence, InternalKey.sequence(trailer));
        assertEquals(kind, InternalKey.kind(trailer));
      }
    }
  }

  @Test
  void newerVersionsComeFirst() {
    long old = InternalKey.pack(1, ValueKind.PUT);
    long recent = InternalKey.pack(SequenceNumber.MAX, ValueKind.DELETE); // negative as a long
    assertTrue(InternalKey.compareTrailers(recent, old) < 0);
    assertEquals(0, InternalKey.compareTrailers(old, old));
    assertTrue(compare("a", old, "b", recent) < 0, "the key decides first");
    assertTrue(compare("a", old, "a", recent) > 0);
    assertTrue(compare("a", old, "aa", recent) < 0);
  }

  private static int compare(String left, long leftTrailer, String right, long rightTrailer) {
    byte[] l = left.getBytes(StandardCharsets.US_ASCII);
    byte[] r = right.getBytes(StandardCharsets.US_ASCII);
    return InternalKey.compare(l, 0, l.length, leftTrailer, r, 0, r.length, rightTrailer);
  }

  @Test
  void theSeekTrailerStandsBeforeAllThatASnapshotSees() {
    long seek = InternalKey.seekTrailer(7);
    for (byte kind = ValueKind.DELETE; kind <= ValueKind.MAX; kind++) {
      assertTrue(InternalKey.compareTrailers(seek, InternalKey.pack(7, kind)) <= 0);
      assertTrue(InternalKey.compareTrailers(seek, InternalKey.pack(6, kind)) < 0);
      assertTrue(InternalKey.compareTrailers(seek, InternalKey.pack(8, kind)) > 0);
    }
  }

  @Test
  void kindsAndSequencesOutOfRangeAreKnown() {
    assertTrue(SequenceNumber.isValid(SequenceNumber.MAX));
    assertFalse(SequenceNumber.isValid(SequenceNumber.MAX + 1));
    assertFalse(SequenceNumber.isValid(-1));
    assertTrue(ValueKind.isStored(ValueKind.PUT));
    assertFalse(ValueKind.isStored(ValueKind.COUNTER));
    assertTrue(ValueKind.isBatched(ValueKind.COUNTER));
    assertTrue(ValueKind.isStored(ValueKind.PUT_EXPIRING));
    assertTrue(ValueKind.isBatched(ValueKind.PUT_EXPIRING));
    assertFalse(ValueKind.isStored((byte) (ValueKind.MAX + 1)));
    assertFalse(ValueKind.isBatched((byte) (ValueKind.MAX + 1)));
    assertFalse(ValueKind.isBatched((byte) -1));
    assertEquals("unknown kind 255", ValueKind.nameOf((byte) -1));
  }
}
