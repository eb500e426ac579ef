package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SizeClassesTest {
  @Test
  void everySizeFitsItsClassAndNoSmallerOne() {
    for (int bytes = 0; bytes <= 300_000; bytes++) {
      int sizeClass = SizeClasses.classOf(bytes);
      int slot = SizeClasses.slotBytes(sizeClass);
      assertTrue(slot >= bytes, "bytes=" + bytes + " slot=" + slot);
      assertTrue(sizeClass == 0 || SizeClasses.slotBytes(sizeClass - 1) < bytes, "bytes=" + bytes);
      assertTrue(bytes < 2048 || slot - bytes <= bytes / 4, "bytes=" + bytes + " slot=" + slot);
    }
  }

  @Test
  void blocksOfTheUsualSizeWasteNothing() {
    assertEquals(4096, SizeClasses.slotBytes(SizeClasses.classOf(4096)));
  }
}
