package io.atlaskv.cli.log;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// Gives every logger of the process `ServerLog`, found by the JVM as a service. Without it the
/// first line would load java.logging and its configuration.
public final class ServerLoggerFinder extends System.LoggerFinder {
  /// For the service loader.
  public ServerLoggerFinder() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new LineLogger(name);
  }

  /// A name on the way to the log.
  private record LineLogger(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return ServerLog.instance().isWritten(level);
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String text,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        ServerLog.instance().write(level, String.valueOf(text), thrown);
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object... values) {
      if (isLoggable(level)) {
        String text = String.valueOf(format);
        boolean isPlain = values == null || values.length == 0;
        ServerLog.instance()
            .write(
                level, isPlain ? text : new MessageFormat(text, Locale.ROOT).format(values), null);
      }
    }
  }
}
