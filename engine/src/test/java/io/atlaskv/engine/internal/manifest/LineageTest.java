package io.atlaskv.engine.internal.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.manifest.Lineage.Fork;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final Lineage STORE = Lineage.EMPTY.then(List.of(new Fork(10, 1)));

  @Test
  void copiesAgreeThroughTheMomentOfTheCopy() {
    Lineage copy = STORE.then(List.of(new Fork(20, 2)));
    assertTrue(copy.agreesThrough(STORE, 20));
    assertTrue(STORE.agreesThrough(copy, 20));
    assertFalse(copy.agreesThrough(STORE, 21));
  }

  @Test
  void twoCopiesOfOneMomentAreTwo() {
    Lineage one = STORE.then(List.of(new Fork(20, 2)));
    Lineage other = STORE.then(List.of(new Fork(20, 3)));
    assertTrue(one.agreesThrough(other, 20));
    assertFalse(one.agreesThrough(other, 21));
  }

  @Test
  void aCopyOfACopyHasBoth() {
    Lineage copy = STORE.then(List.of(new Fork(20, 2)));
    Lineage second = copy.then(List.of(new Fork(20, 3)));
    assertFalse(second.agreesThrough(copy, 21));
    assertEquals(3, second.forks().size());
    assertTrue(second.agreesThrough(Lineage.EMPTY, 10));
  }
}
