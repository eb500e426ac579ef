package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import java.time.Duration;
import java.util.SplittableRandom;

/// Option sets for tests: small everything, so that a short history fills memtables, log segments,
/// tables and levels.
public final class RandomOptions {
  private static final long KIB = 1024;

  /// The smallest of everything.
  public static final Options SMALL =
      Options.DEFAULT
          .withMemoryLimitBytes(64 << 20)
          .withMemtableBytes(1024 * KIB)
          .withBlockCacheBytes(64 * KIB)
          .withLogSegmentBytes(64 * KIB)
          .withTableBytes(64 * KIB);

  private RandomOptions() {}

  /// A way to merge tables; small sizes and ages, so that all their rules are met.
  static CompactionStyle style(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> CompactionStyle.LEVELED;
      case 1 -> CompactionStyle.timeWindowed(Duration.ofSeconds(1 + random.nextInt(3)));
      default ->
          new CompactionStyle.SizeTiered(
              2 + random.nextInt(3),
              KIB << random.nextInt(6),
              random.nextBoolean() ? 0 : 64 * KIB,
              Duration.ofMillis(random.nextInt(2) * 50L));
    };
  }

  /// Shares of the I/O; none in half of all cases.
  static int ioShares(SplittableRandom random) {
    return random.nextBoolean() ? 0 : 1 + random.nextInt(1_000);
  }

  /// Length of the prefixes that tables have a filter for; none in a third of all cases.
  static int prefixBytes(SplittableRandom random) {
    return Math.max(0, random.nextInt(9) - 2);
  }

  /// The options of a seed.
  public static Options of(long seed) {
    var random = new SplittableRandom(seed);
    return SMALL
        .withMemtableBytes((1024 * KIB) << random.nextInt(2))
        .withMemtableEntriesMax(random.nextInt(4) == 0 ? 0 : 5 + random.nextInt(200))
        .withBlockCacheBytes((64 * KIB) << random.nextInt(5))
        .withLogSegmentBytes((64 * KIB) << random.nextInt(3))
        .withTableBytes((64 * KIB) << random.nextInt(3))
        .withLogRetainedSegments(Math.max(0, random.nextInt(9) - 4))
        .withCompression(random.nextBoolean() ? Compression.LZ4 : Compression.NONE)
        .withDurability(
            switch (random.nextInt(3)) {
              case 0 -> Durability.ALWAYS;
              case 1 -> Durability.OS;
              default -> Durability.interval(Duration.ofMillis(1 + random.nextInt(100)));
            })
        .withCompactionBytesPerSecondMax(random.nextInt(3) == 0 ? 4 << 20 : 0)
        .withCompactionIopsMax(random.nextInt(3) == 0 ? 100 : 0)
        .withSubcompactionsMax(1 + random.nextInt(3))
        .withRowChecksums(random.nextBoolean())
        .withRowCacheBytes(random.nextBoolean() ? 64L << 10 << random.nextInt(5) : 0)
        .withMemtableAgeMax(memtableAgeMax(random))
        .withHistoryWindow(historyWindow(random));
  }

  /// No limit in half of all cases, else a second, which passes within a script, or a minute.
  private static Duration memtableAgeMax(SplittableRandom random) {
    return random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(1 + random.nextInt(2) * 59L);
  }

  /// None in half of all cases. A short one is over within a script of some seconds or hours, a
  /// long one keeps all of it.
  private static Duration historyWindow(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> Duration.ofSeconds(1);
      case 1 -> Duration.ofHours(2);
      case 2 -> Duration.ofDays(3_650);
      default -> Duration.ZERO;
    };
  }
}
