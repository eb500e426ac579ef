package io.atlaskv.engine.internal.iterator;

/// Has no entry: stands for a source that has none of those that are looked for.
public final class EmptyIterator implements InternalIterator {
  public static final EmptyIterator INSTANCE = new EmptyIterator();

  private EmptyIterator() {}

  @Override
  public Position position() {
    return Position.NOWHERE;
  }

  @Override
  public void seekToFirst() {}

  @Override
  public void seekToLast() {}

  @Override
  public void seek(byte[] key, int offset, int length) {}

  @Override
  public void seekForPrev(byte[] key, int offset, int length) {}

  @Override
  public void next() {
    throw new IllegalStateException("not valid");
  }

  @Override
  public void prev() {
    throw new IllegalStateException("not valid");
  }

  @Override
  public void close() {}
}
