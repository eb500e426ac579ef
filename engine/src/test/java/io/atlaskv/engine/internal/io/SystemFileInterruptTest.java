package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Threads share one open file while they are interrupted at random moments of reads, writes and
/// syncs: no operation is lost, and no interrupt either.
class SystemFileInterruptTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int INTERRUPTS_MAX = 10_000;
  private static final long SECONDS_MAX = 20; // on a disk whose syncs take long
  private static final int THREADS = 3;
  private static final int SLOT_BYTES = 700;
  private static final int SLOTS = 16;
  private static final int SYNC_EVERY = 50;

  @TempDir Path directory;

  @Test
  @Timeout(120)
  void nothingIsLostAndTheFileStaysUsable() throws InterruptedException, ExecutionException {
    FileSystem files = SystemFileSystem.open(directory);
    var isOver = new AtomicBoolean();
    var seen = new AtomicInteger();
    int interrupts;
    try (PositionedFile file = files.openPositioned("000001.log", true)) {
      List<Thread> threads = new ArrayList<>();
      List<FutureTask<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        var result = new FutureTask<>(() -> work(file, number, isOver, seen));
        results.add(result);
        Thread thread = Thread.ofPlatform().unstarted(result);
        threads.add(thread);
        thread.start();
      }
      interrupts = interrupt(threads);
      isOver.set(true);
      for (int i = 0; i < THREADS; i++) {
        byte[] expected = results.get(i).get();
        ByteBuffer found = ByteBuffer.allocateDirect(expected.length);
        assertEquals(expected.length, file.read((long) i * expected.length, found));
        byte[] bytes = new byte[expected.length];
        found.flip().get(bytes);
        assertArrayEquals(expected, bytes, "thread " + i + " seed " + SEED);
      }
    }
    assertEquals(interrupts, seen.get());
    assertTrue(interrupts > THREADS, interrupts + " interrupts");
  }

  @SuppressWarnings("ThreadPriorityCheck") // the victim may need this very core to get on
  private static int interrupt(List<Thread> threads) {
    var random = new Random(SEED);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    int sent = 0;
    while (sent < INTERRUPTS_MAX && System.nanoTime() < end) {
      Thread victim = threads.get(random.nextInt(THREADS));
      for (int spin = random.nextInt(200); spin > 0; spin--) {
        Thread.onSpinWait();
      }
      victim.interrupt();
      sent++;
      while (victim.isAlive() && victim.isInterrupted()) {
        Thread.yield(); // one at a time, so that each is counted
      }
      assertTrue(victim.isAlive(), "thread died, seed " + SEED);
    }
    return sent;
  }

  /// Writes and reads back its own region until it is over; returns what must be there.
  private static byte[] work(
      PositionedFile file, int number, AtomicBoolean isOver, AtomicInteger seen) {
    var random = new Random(SEED + number);
    byte[] model = new byte[SLOTS * SLOT_BYTES];
    ByteBuffer buffer = ByteBuffer.allocateDirect(SLOT_BYTES);
    long region = (long) number * model.length;
    file.write(region, ByteBuffer.allocateDirect(model.length));
    byte[] bytes = new byte[SLOT_BYTES];
    for (int round = 0; !isOver.get(); round++) {
      int slot = random.nextInt(SLOTS) * SLOT_BYTES;
      random.nextBytes(bytes);
      file.write(region + slot, buffer.clear().put(bytes).flip());
      count(seen);
      System.arraycopy(bytes, 0, model, slot, SLOT_BYTES);
      if (round % SYNC_EVERY == 0) {
        file.sync();
        count(seen);
      }
      int other = random.nextInt(SLOTS) * SLOT_BYTES;
      int read = file.read(region + other, buffer.clear());
      count(seen);
      buffer.flip().get(bytes, 0, read);
      for (int i = 0; i < SLOT_BYTES; i++) {
        if (read != SLOT_BYTES || bytes[i] != model[other + i]) {
          throw new AssertionError("lost write, thread " + number + " round " + round);
        }
      }
    }
    count(seen);
    return model;
  }

  private static void count(AtomicInteger seen) {
    if (Thread.interrupted()) {
      seen.incrementAndGet();
    }
  }

  @Test
  void anInterruptedThreadCanDoEverything() {
    FileSystem files = SystemFileSystem.open(directory);
    Thread.currentThread().interrupt();
    try {
      FileSystemContract.writeNew(files, "a", (byte) 1);
      files.rename("a", "b");
      files.syncDirectory();
      try (DirectoryLock lock = files.lock()) {
        assertArrayEquals(new byte[] {1}, FileSystemContract.readAll(files, "b"), lock::toString);
      }
      assertEquals(List.of("LOCK", "b"), files.list());
      files.delete("b");
    } finally {
      assertTrue(Thread.interrupted(), "the flag was lost");
    }
  }
}
