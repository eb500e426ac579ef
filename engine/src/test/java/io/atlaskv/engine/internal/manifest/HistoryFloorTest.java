package io.atlaskv.engine.internal.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HistoryFloorTest {
  private static StoreState with(StoreState state, long floor) {
    return state.apply(VersionEdit.builder().historyFloor(floor).build());
  }

  /// Merges end in another order than they began, so that a later one may tell a lower floor.
  @Test
  void itRisesOnlyUntilItIsGivenUp() {
    StoreState state = with(with(StoreState.EMPTY, 7), 5);
    assertEquals(7, state.historyFloor());
    state = state.apply(VersionEdit.builder().lastSequence(20).build());
    assertEquals(7, state.historyFloor());
    assertEquals(9, with(state, 9).historyFloor());
    assertEquals(0, with(state, 0).historyFloor());
    assertEquals(3, with(with(state, 0), 3).historyFloor());
  }

  @Test
  void aFreshManifestHasIt() {
    StoreState state = with(StoreState.EMPTY, 7);
    assertEquals(state, StoreState.EMPTY.apply(state.asEdit()));
  }
}
