package io.atlaskv.engine.internal.wal;

/// One window, filled again and again: for who only looks.
final class OneWindow implements LogWindows, AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 20;

  private final LogWindow window = new LogWindow();
  private final int bytes;

  OneWindow() {
    this(WINDOW_BYTES);
  }

  OneWindow(int bytes) {
    this.bytes = bytes;
  }

  @Override
  public int windowBytes() {
    return bytes;
  }

  @Override
  public LogWindow next(int wanted) {
    window.clear(bytes);
    return window;
  }

  @Override
  public void close() {
    window.close();
  }
}
