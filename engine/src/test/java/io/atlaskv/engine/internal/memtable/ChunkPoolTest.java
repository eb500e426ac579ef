package io.atlaskv.engine.internal.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ChunkPoolTest {
  private static final long CHUNK = ChunkPool.CHUNK_BYTES;

  @Test
  void reserveIsMadeAheadOneChunkAStep() {
    var pool = new ChunkPool(3);
    var task = pool.reserveTask();
    assertTrue(task.step());
    assertEquals(CHUNK, pool.idleBytes());
    assertTrue(task.step());
    assertFalse(task.step());
    assertFalse(task.step(), "stays at the reserve");
    assertEquals(3 * CHUNK, pool.bytes());
    pool.acquire();
    assertEquals(0, pool.lateChunks());
    assertEquals(2 * CHUNK, pool.idleBytes());
    pool.close();
  }

  @Test
  void reserveFollowsWhatIsLentWithinItsBounds() {
    var pool = new ChunkPool(1, 3);
    var task = pool.reserveTask();
    while (task.step()) {}
    assertEquals(CHUNK, pool.idleBytes(), "nothing is lent");
    pool.acquire();
    pool.acquire();
    while (task.step()) {}
    assertEquals(2 * CHUNK, pool.idleBytes());
    for (int i = 0; i < 3; i++) {
      pool.acquire();
    }
    while (task.step()) {}
    assertEquals(3 * CHUNK, pool.idleBytes());
    pool.close();
  }

  @Test
  void asksOnceForMoreWhenTheReserveIsTouched() {
    var pool = new ChunkPool(2);
    int[] asked = {0};
    pool.onShort(() -> asked[0]++);
    pool.acquire();
    pool.acquire();
    assertEquals(1, asked[0]);
    assertEquals(2, pool.lateChunks());
    var task = pool.reserveTask();
    while (task.step()) {}
    pool.acquire();
    assertEquals(2, asked[0]);
    assertEquals(2, pool.lateChunks());
    pool.close();
    assertFalse(task.step(), "a closed pool wants no reserve");
  }

  @Test
  void emptyPoolMakesAChunkAndCountsIt() {
    var pool = new ChunkPool(0);
    pool.acquire();
    assertEquals(1, pool.lateChunks());
    assertEquals(CHUNK, pool.bytes());
    assertEquals(0, pool.idleBytes());
    pool.close();
  }

  @Test
  void returnedChunkIsUsedAgain() {
    var pool = new ChunkPool(0);
    var chunk = pool.acquire();
    pool.giveBack(chunk);
    assertSame(chunk, pool.acquire());
    assertEquals(CHUNK, pool.bytes());
    pool.close();
  }

  @Test
  void largeChunkIsUsedAgainForAboutTheSameSize() {
    var pool = new ChunkPool(0);
    var large = pool.acquireLarge(8_000_000);
    pool.giveBack(large);
    var small = pool.acquireLarge(1_000_000);
    assertNotSame(large, small);
    assertSame(large, pool.acquireLarge(7_900_000));
    assertEquals(9_000_000, pool.bytes());
    pool.close();
  }

  @Test
  void trimGivesIdleMemoryBack() {
    var pool = new ChunkPool(0);
    var lent = pool.acquire();
    var first = pool.acquire();
    var second = pool.acquire();
    var large = pool.acquireLarge(3 * CHUNK);
    pool.giveBack(first);
    pool.giveBack(second);
    pool.giveBack(large);
    pool.trim(CHUNK);
    assertEquals(CHUNK, pool.idleBytes());
    assertEquals(2 * CHUNK, pool.bytes());
    assertFalse(large.memory().scope().isAlive());
    lent.memory().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    pool.close();
  }

  @Test
  void poisonShowsLateReaders() {
    var pool = new ChunkPool(0, true);
    var chunk = pool.acquire();
    chunk.memory().set(ValueLayout.JAVA_BYTE, 77, (byte) 1);
    pool.giveBack(chunk);
    assertEquals((byte) 0xdb, chunk.memory().get(ValueLayout.JAVA_BYTE, 77));
    pool.close();
  }

  @Test
  void closeFreesLentMemoryToo() {
    var pool = new ChunkPool(0, true);
    var lent = pool.acquire();
    var idle = pool.acquire();
    pool.giveBack(idle);
    pool.close();
    assertEquals(0, pool.bytes());
    assertThrows(IllegalStateException.class, () -> lent.memory().get(ValueLayout.JAVA_BYTE, 0));
    pool.giveBack(lent);
    assertEquals(0, pool.idleBytes());
    assertThrows(ClosedException.class, pool::acquire);
    assertThrows(ClosedException.class, () -> pool.acquireLarge(9));
    pool.close();
  }
}
