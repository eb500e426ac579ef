package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.atStart;
import static io.atlaskv.redis.config.SettingSpec.live;

import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.RecoveryMode;
import java.time.Duration;

/// Where the data is and how safe.
public final class StorageSettings {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;
  private static final int THREADS_MAX = 64;
  private static final int AGE_SECONDS_MAX = 365 * 24 * 3600;
  private static final int IOPS_MIN = 8;
  private static final int IOPS_MAX = 1_000_000;
  private static final int DATABASES = 16;
  private static final int SNAPSHOTS_MAX = 10_000;

  public final ValueSetting<String> dir;
  public final ChoiceSetting<Profile> profile;
  public final DurabilitySetting durability;
  public final ForcedSetting appendonly;
  public final ValueSetting<SavePoints> save;
  public final NumberSetting snapshotsKeep;
  public final NumberSetting databases;
  public final NumberSetting memoryLimit;
  public final NumberSetting blockCacheSize;
  public final NumberSetting rowCacheSize;
  public final NumberSetting memtableSize;
  public final NumberSetting memtableEntries;
  public final NumberSetting memtableAge;
  public final NumberSetting walSegmentSize;
  public final NumberSetting tableSize;
  public final ChoiceSetting<Compression> compression;
  public final ChoiceSetting<RecoveryMode> recovery;
  public final NumberSetting compactionThreads;
  public final NumberSetting compactionBytesPerSecond;
  public final NumberSetting compactionIops;

  StorageSettings(Settings settings) {
    settings.section("Data");
    dir =
        settings.value(
            live(
                    "dir",
                    "Directory of the data; made if missing. It stays where it is until the end.")
                .guarded(),
            ValueSetting.PATH,
            "data");
    profile =
        settings.choice(
            atStart("profile", "Presets for a purpose; whatever is given by name is stronger."),
            Profile.NONE);
    durability =
        settings.add(
            new DurabilitySetting(
                live("durability", "When a write is on disk.")
                    .alias(DurabilitySetting.APPENDFSYNC)));
    appendonly =
        settings.add(
            ForcedSetting.tolerant(
                live("appendonly", "Whether writes are logged: they always are."),
                "yes",
                "every write is logged whatever this says; 'appendfsync no' is the setting that"
                    + " does not wait for the disk"));
    save =
        settings.value(
            live(
                    "save",
                    "When a snapshot is made: after so many seconds with so many changes, pairs of both."
                        + " The log has every write without.")
                .accumulated(),
            SavePoints.FORM,
            SavePoints.NONE);
    snapshotsKeep =
        settings.number(
            live(
                "snapshots-keep",
                "Snapshots that stay in 'snapshots' of the data directory; older ones are deleted."),
            2,
            1,
            SNAPSHOTS_MAX);
    databases =
        settings.number(
            atStart("databases", "Number of databases that SELECT knows."),
            DATABASES,
            DATABASES,
            DATABASES);
    settings.section("Memory and files");
    memoryLimit =
        settings.bytesOrZero(
            atStart("memory-limit", "Memory of the process; 0 is a quarter of the machine's."),
            0,
            64 * MIB,
            Long.MAX_VALUE);
    blockCacheSize =
        settings.bytesOrZero(
            atStart("block-cache-size", "Memory for blocks of tables; 0 is from the memory limit."),
            0,
            64 * KIB,
            Long.MAX_VALUE);
    rowCacheSize =
        settings.bytesOrZero(
            atStart(
                "row-cache-size",
                "Memory for single rows that are read often while their blocks are not cached."),
            0,
            64 * KIB,
            Long.MAX_VALUE);
    memtableSize =
        settings.bytesOrZero(
            atStart("memtable-size", "Size that flushes a memtable; 0 is from the memory limit."),
            0,
            MIB,
            GIB);
    memtableEntries =
        settings.number(
            atStart("memtable-entries", "Entries that flush a memtable; 0 is no limit."),
            0,
            0,
            Long.MAX_VALUE);
    memtableAge =
        settings.number(
            atStart("memtable-age", "Seconds after which a memtable is flushed; 0 is no limit."),
            0,
            0,
            AGE_SECONDS_MAX);
    walSegmentSize =
        settings.bytes(
            atStart("wal-segment-size", "Largest log segment."), 128 * MIB, 64 * KIB, GIB);
    tableSize =
        settings.bytes(
            atStart("table-size", "Table size that compaction aims at."), 16 * MIB, 64 * KIB, GIB);
    compression =
        settings.choice(
            atStart("compression", "Of the lower levels."), Options.DEFAULT.compression());
    recovery =
        settings.choice(
            atStart("recovery", "What to do with a damaged log."), Options.DEFAULT.recoveryMode());
    compactionThreads =
        settings.number(atStart("compaction-threads", "Threads that compact."), 1, 1, THREADS_MAX);
    compactionBytesPerSecond =
        settings.bytesOrZero(
            live(
                "compaction-bytes-per-second",
                "Most that flushes and compactions read and write in a second; 0 is no limit."),
            0,
            MIB,
            Long.MAX_VALUE);
    compactionIops =
        settings.numberOrZero(
            live(
                "compaction-iops",
                "Most reads and writes of 256 KiB of flushes and compactions in a second; 0 is no limit."),
            0,
            IOPS_MIN,
            IOPS_MAX);
  }

  /// How the store is to be opened.
  public Options options() {
    return Options.DEFAULT
        .withDurability(durability.value())
        .withMemoryLimitBytes(memoryLimit.value())
        .withBlockCacheBytes(blockCacheSize.value())
        .withRowCacheBytes(rowCacheSize.value())
        .withMemtableBytes(memtableSize.value())
        .withMemtableEntriesMax(memtableEntries.value())
        .withLogSegmentBytes(walSegmentSize.value())
        .withTableBytes(tableSize.value())
        .withCompression(compression.value())
        .withRecoveryMode(recovery.value())
        .withMemtableAgeMax(Duration.ofSeconds(memtableAge.value()))
        .withBackgroundThreads(compactionThreads.intValue())
        .withCompactionBytesPerSecondMax(compactionBytesPerSecond.value())
        .withCompactionIopsMax(compactionIops.value());
  }
}
