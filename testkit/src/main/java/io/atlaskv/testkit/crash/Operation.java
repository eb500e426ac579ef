package io.atlaskv.testkit.crash;

/// One command of a writer. `SET` and `DELETE` touch `slot`; `SET_PAIR` sets both in one `MSET`.
record Operation(Kind kind, int slot, int otherSlot) {
  enum Kind {
    SET,
    SET_PAIR,
    DELETE
  }
}
