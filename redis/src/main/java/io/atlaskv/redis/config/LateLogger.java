package io.atlaskv.redis.config;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// A logger that is looked up when the first message comes, which may be never: the lookup opens
/// every jar and the JDK's image in search of a provider, a fifth of a server's start. Any thread.
public final class LateLogger implements System.Logger {
  private static volatile Level least = Level.INFO;

  private final String name;
  private volatile System.@Nullable Logger found;

  /// For messages of `source`.
  public LateLogger(Class<?> source) {
    name = source.getName();
  }

  /// Messages below it are dropped by all, before any lookup.
  public static void least(Level level) {
    least = level;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return level.getSeverity() >= least.getSeverity() && found().isLoggable(level);
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String text,
      @Nullable Throwable thrown) {
    if (isLoggable(level)) {
      found().log(level, bundle, text, thrown);
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object... values) {
    if (isLoggable(level)) {
      found().log(level, bundle, format, values);
    }
  }

  private System.Logger found() {
    System.Logger logger = found;
    if (logger == null) {
      logger = System.getLogger(name);
      found = logger;
    }
    return logger;
  }
}
