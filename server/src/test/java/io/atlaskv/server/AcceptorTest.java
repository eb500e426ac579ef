package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptorTest {
  @Test
  void connectionsAreSpreadBeyondTheLargestInt() {
    int turn = Integer.MAX_VALUE - 2;
    var loops = new ArrayList<Integer>();
    for (int i = 0; i < 7; i++) {
      loops.add(Acceptor.loopOf(turn++, 4));
    }
    assertEquals(List.of(1, 2, 3, 0, 1, 2, 3), loops);
  }
}
