package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.OomSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/// How gladly Linux kills this process when memory is short (`oom-score-adj`).
final class OomScore {
  private static final System.Logger LOGGER = new LateLogger(OomScore.class);
  private static final Path FILE = Path.of("/proc/self/oom_score_adj");
  private static final int SCORE_MAX = 1000;

  private final OomSettings settings;
  private final int original;
  private int current;

  private OomScore(OomSettings settings, int original) {
    this.settings = settings;
    this.original = original;
    current = original;
  }

  /// Does what the settings say from now on. Where there is no such file, they cannot be changed.
  static void follow(OomSettings settings) {
    int original = 0;
    if (Files.exists(FILE)) {
      try {
        original = Integer.parseInt(Files.readString(FILE).strip());
      } catch (IOException | NumberFormatException e) {
        LOGGER.log(Level.WARNING, "cannot read " + FILE, e);
      }
    }
    var score = new OomScore(settings, original);
    settings.adjustment.onChange(score::apply);
    settings.values.onChange(score::apply);
    try {
      score.apply();
    } catch (IllegalArgumentException e) {
      LOGGER.log(Level.WARNING, e.getMessage());
    }
  }

  private synchronized void apply() {
    int ours = settings.values.value().getFirst();
    int wanted =
        switch (settings.adjustment.value()) {
          case NO -> original;
          case YES, RELATIVE -> Math.clamp(original + ours, -SCORE_MAX, SCORE_MAX);
          case ABSOLUTE -> Math.clamp(ours, -SCORE_MAX, SCORE_MAX);
        };
    if (wanted == current) {
      return;
    }
    try {
      Files.writeString(FILE, Integer.toString(wanted));
      current = wanted;
    } catch (IOException e) {
      LOGGER.log(Level.WARNING, "cannot write " + FILE + ": " + e.getMessage());
      throw new IllegalArgumentException(
          "Failed to apply new oom_score_adj configuration, check server logs.", e);
    }
  }
}
