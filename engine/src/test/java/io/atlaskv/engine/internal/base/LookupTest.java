package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookupTest {
  private final Lookup lookup = new Lookup();
  private final MemorySegment memory = Arena.ofAuto().allocate(16);
  private final List<Long> unpinned = new ArrayList<>();

  @Test
  void aNewLookupIsAbsent() {
    assertEquals(Lookup.ABSENT, lookup.state());
    lookup.release();
    assertEquals(Lookup.ABSENT, lookup.state());
  }

  @Test
  void aPinIsGivenBackOnceByRelease() {
    lookup.found(5, memory, 3, 7, unpinned::add, 99);
    assertEquals(Lookup.FOUND, lookup.state());
    assertEquals(5, lookup.sequence());
    assertEquals(ValueKind.PUT, lookup.kind());
    assertEquals(memory, lookup.segment());
    assertEquals(3, lookup.offset());
    assertEquals(7, lookup.length());
    assertEquals(List.of(), unpinned);
    lookup.release();
    lookup.release();
    assertEquals(List.of(99L), unpinned);
    assertEquals(Lookup.ABSENT, lookup.state());
    assertEquals(0, lookup.length());
  }

  @Test
  void theNextAnswerGivesBackThePinOfTheLast() {
    lookup.found(1, memory, 0, 1, unpinned::add, 1);
    lookup.found(2, memory, 0, 1, unpinned::add, 2);
    assertEquals(List.of(1L), unpinned);
    lookup.deleted(3);
    assertEquals(List.of(1L, 2L), unpinned);
    assertEquals(Lookup.DELETED, lookup.state());
    assertEquals(ValueKind.DELETE, lookup.kind());
    assertEquals(3, lookup.sequence());
    lookup.found(4, memory, 0, 1);
    lookup.absent();
    assertEquals(Lookup.ABSENT, lookup.state());
    assertEquals(List.of(1L, 2L), unpinned);
  }
}
