package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.ignored;

import java.util.List;

/// Settings that are known, can be set and read back, and have no effect: the one place for them.
///
/// Each is here because Redis' own tests, or a redis.conf, could not do without it. Giving one at
/// the start is warned about, with the reason.
public final class IgnoredSettings {
  private static final long MIB = 1024 * 1024;
  private static final String NO_COLLECTIONS = "there are no collection types yet";
  private static final String NO_REPLICATION = "there is no replication yet";
  private static final String NO_SCRIPTS = "there are no scripts yet";
  private static final String NO_CRON = "there is no periodic task that does all work in turn";
  private static final String NO_RDB = "there are no RDB files here";

  IgnoredSettings(Settings settings) {
    settings.section("Without effect");
    settings.bytesOrPercent(
        ignored("maxmemory-clients", "buffers of all clients are bounded by the memory limit"),
        0,
        -100,
        Long.MAX_VALUE);

    number(settings, "hash-max-listpack-entries", "hash-max-ziplist-entries", 512);
    number(settings, "hash-max-listpack-value", "hash-max-ziplist-value", 64);
    number(settings, "zset-max-listpack-entries", "zset-max-ziplist-entries", 128);
    number(settings, "zset-max-listpack-value", "zset-max-ziplist-value", 64);
    number(settings, "list-max-listpack-size", "list-max-ziplist-size", -2);
    settings.number(ignored("list-compress-depth", NO_COLLECTIONS), 0, 0, Integer.MAX_VALUE);
    settings.number(ignored("set-max-intset-entries", NO_COLLECTIONS), 512, 0, Long.MAX_VALUE);
    settings.number(ignored("stream-node-max-entries", NO_COLLECTIONS), 100, 0, Long.MAX_VALUE);
    settings.bytes(ignored("stream-node-max-bytes", NO_COLLECTIONS), 4096, 0, Long.MAX_VALUE);

    settings.number(
        ignored("busy-reply-threshold", NO_SCRIPTS).alias("lua-time-limit"),
        5000,
        0,
        Long.MAX_VALUE);

    settings.bytes(ignored("repl-backlog-size", NO_REPLICATION), MIB, 1, Long.MAX_VALUE);
    settings.number(
        ignored("min-replicas-to-write", NO_REPLICATION).alias("min-slaves-to-write"),
        0,
        0,
        Integer.MAX_VALUE);
    settings.text(ignored("masterauth", NO_REPLICATION).secret(), "");

    settings.text(ignored("dbfilename", NO_RDB).guarded(), "dump.rdb");
    settings.bool(ignored("rdbcompression", NO_RDB), true);
    settings.number(
        ignored("key-load-delay", NO_RDB).hidden(), 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    settings.number(
        ignored("rdb-key-save-delay", NO_RDB).hidden(), 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    settings.bool(ignored("aof-use-rdb-preamble", NO_RDB), true);

    settings.bool(
        ignored(
            "stop-writes-on-bgsave-error", "a failed snapshot stops no writes, a failed log does"),
        true);
    settings.number(ignored("hz", NO_CRON), 10, 1, 500);
    settings.bool(ignored("dynamic-hz", NO_CRON), true);
    for (String occasion : List.of("eviction", "expire", "server-del", "user-del", "user-flush")) {
      settings.bool(
          ignored("lazyfree-lazy-" + occasion, "deleted values are freed by compaction"), false);
    }
    settings.bool(ignored("activerehashing", "there is no hash table of all keys"), true);

    for (String signal : List.of("sigint", "sigterm")) {
      settings.value(
          ignored(
                  "shutdown-on-" + signal,
                  "a signal always ends the server in order, with everything on disk")
              .list(),
          ShutdownOptions.FORM,
          ShutdownOptions.DEFAULT);
    }
    settings.text(
        ignored("proc-title-template", "the title of a Java process is fixed"),
        "{title} {listen-addr} {server-mode}");
  }

  private static void number(Settings settings, String name, String oldName, long defaultValue) {
    settings.number(
        ignored(name, NO_COLLECTIONS).alias(oldName),
        defaultValue,
        Integer.MIN_VALUE,
        Long.MAX_VALUE);
  }
}
