package io.atlaskv.planted.internal.db;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Breaks the rule that only ports touch the world, once per method.
@SuppressWarnings({"WaitNotInLoop", "ThreadJoinLoop", "unused"})
final class TouchesTheWorld {
  private TouchesTheWorld() {}

  static Thread startsThread() {
    return Thread.ofVirtual().start(() -> {});
  }

  static void makesThread() {
    new Thread(() -> {}).interrupt();
  }

  static void sleeps() throws InterruptedException {
    Thread.sleep(1);
  }

  static void sleepsByUnit() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(1);
  }

  static void parks() {
    LockSupport.park();
  }

  static void waitsOnMonitor(TouchesTheWorld monitor) throws InterruptedException {
    synchronized (monitor) {
      monitor.wait();
    }
  }

  static void waitsOnCondition(Condition condition) throws InterruptedException {
    condition.await();
  }

  static void waitsOnLatch(CountDownLatch latch) throws InterruptedException {
    latch.await();
  }

  static int waitsOnFuture(CompletableFuture<Integer> future) {
    return future.join();
  }

  static CompletableFuture<Void> usesCommonPool() {
    return CompletableFuture.runAsync(() -> {});
  }

  static AutoCloseable makesExecutor() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }

  static long readsNanoTime() {
    return System.nanoTime();
  }

  static long readsWallClock() {
    return System.currentTimeMillis();
  }

  static LongSupplier refersToNanoTime() {
    return System::nanoTime;
  }

  static Instant readsInstant() {
    return Instant.now();
  }

  static boolean asksFiles(Path path) {
    return Files.exists(path);
  }

  static FileChannel opensChannel(Path path) throws IOException {
    return FileChannel.open(path);
  }

  static RandomAccessFile opensRandomAccessFile(Path path) throws IOException {
    return new RandomAccessFile(path.toString(), "r");
  }

  static int drawsRandom(Random random) {
    return random.nextInt();
  }

  static int drawsThreadLocalRandom() {
    return ThreadLocalRandom.current().nextInt();
  }

  static SplittableRandom makesSplittableRandom() {
    return new SplittableRandom(1);
  }

  static double drawsMathRandom() {
    return Math.random();
  }

  static UUID drawsUuid() {
    return UUID.randomUUID();
  }
}
