package io.atlaskv.engine.api;

/// How blocks of the lower levels are stored. The newest levels are never compressed.
public enum Compression {
  NONE,
  LZ4
}
