package io.atlaskv.engine.internal.wal;

/// One window, filled again and again: for who only looks.
final class OneWindow implements LogWindows, AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 20;

  private final LogWindow window = new LogWindow();

  @Override
  public int windowBytes() {
    return WINDOW_BYTES;
  }

  @Override
  public LogWindow next(int bytes) {
    window.clear(WINDOW_BYTES);
    return window;
  }

  @Override
  public void close() {
    window.close();
  }
}
