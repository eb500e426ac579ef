package io.atlaskv.redis.command;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.SavePoints;
import io.atlaskv.redis.config.StorageSettings;
import io.atlaskv.redis.store.Store;
import java.lang.System.Logger.Level;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What SAVE, BGSAVE, BGREWRITEAOF and the times of `save` do: snapshots of the store, each a
/// checkpoint named after its time, of which the newest are kept.
public final class Snapshots {
  private static final System.Logger LOGGER = new LateLogger(Snapshots.class);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// Anything else in the directory is not ours to delete.
  private static final Pattern OURS =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}\\.[0-9]{3}Z");

  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long RETRY_NANOS = 5 * NANOS_PER_SECOND;

  private final Store store;
  private final StorageSettings settings;
  private final BackgroundJob saves;
  private final BackgroundJob rewrites;
  private volatile long savedSequence;
  private volatile long savedMillis;
  private volatile long savedNanos;

  /// What is there now counts as saved, as in Redis.
  Snapshots(Store store, StorageSettings settings) {
    this.store = store;
    this.settings = settings;
    saves = new BackgroundJob(store, "Background saving", this::save);
    rewrites = new BackgroundJob(store, "Background append only file rewriting", store::flush);
    saved(store.visibleSequence());
  }

  private void saved(long sequence) {
    savedSequence = sequence;
    savedMillis = store.clock().currentTimeMillis();
    savedNanos = store.clock().nanoTime();
  }

  /// Makes a snapshot.
  public BackgroundJob saves() {
    return saves;
  }

  /// Writes to tables what is in the log only, so that the log is short again.
  public BackgroundJob rewrites() {
    return rewrites;
  }

  /// Last sequence of the last snapshot.
  public long savedSequence() {
    return savedSequence;
  }

  /// When the last snapshot was made, or the server was started.
  public long savedMillis() {
    return savedMillis;
  }

  private void save() {
    long sequence = store.checkpoint(newName());
    saved(sequence);
    LOGGER.log(Level.INFO, "DB saved on disk");
    removeOld();
  }

  /// Later than all there are, as the newest are told by their names: two may be made within a
  /// millisecond, and the clock may have been set back.
  private String newName() {
    List<String> taken = ours();
    long millis = store.clock().currentTimeMillis();
    if (!taken.isEmpty()) {
      millis = Math.max(millis, millis(taken.getLast()) + 1);
    }
    return NAME.format(Instant.ofEpochMilli(millis));
  }

  /// Names of all snapshots, oldest first.
  private List<String> ours() {
    return store.checkpoints().stream().filter(Snapshots::isOurs).toList();
  }

  private static boolean isOurs(String name) {
    if (!OURS.matcher(name).matches()) {
      return false;
    }
    try {
      return NAME.format(Instant.ofEpochMilli(millis(name))).equals(name);
    } catch (DateTimeException _) {
      return false; // the 61st of May
    }
  }

  private static long millis(String name) {
    return NAME.parse(name, Instant::from).toEpochMilli();
  }

  /// One that cannot be deleted now is found again by the next snapshot.
  private void removeOld() {
    try {
      List<String> ours = ours();
      int surplus = ours.size() - settings.snapshotsKeep.intValue();
      for (String name : ours.subList(0, Math.max(0, surplus))) {
        store.removeCheckpoint(name);
      }
    } catch (AtlasException e) {
      LOGGER.log(Level.WARNING, "Old snapshots stay: " + e.getMessage());
    }
  }

  /// Begins what is due or scheduled. To be called about ten times a second; does not block.
  public void turn() {
    if (saves.isRunning() || rewrites.isRunning()) {
      return;
    }
    BackgroundJob due =
        rewrites.isScheduled() ? rewrites : saves.isScheduled() || isDue() ? saves : null;
    if (due != null && due.begin()) {
      due.start();
    }
  }

  /// True if one of the points of `save` is reached, and the last try, if it failed, is some time
  /// ago.
  private boolean isDue() {
    List<SavePoints.Point> points = settings.save.value().points();
    if (points.isEmpty() || (!saves.isLastGood() && saves.nanosSinceBegin() < RETRY_NANOS)) {
      return false;
    }
    long changes = store.visibleSequence() - savedSequence;
    long seconds = (store.clock().nanoTime() - savedNanos) / NANOS_PER_SECOND;
    for (SavePoints.Point point : points) {
      if (changes >= point.changes() && seconds > point.seconds()) {
        LOGGER.log(Level.INFO, changes + " changes in " + point.seconds() + " seconds. Saving...");
        return true;
      }
    }
    return false;
  }
}
