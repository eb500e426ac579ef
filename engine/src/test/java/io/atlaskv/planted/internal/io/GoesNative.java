package io.atlaskv.planted.internal.io;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/// Breaks the rule against native code, once per method; even a port must not.
@SuppressWarnings("restricted")
final class GoesNative {
  private GoesNative() {}

  static MemorySegment reinterprets(MemorySegment segment) {
    return segment.reinterpret(8);
  }

  static Linker links() {
    return Linker.nativeLinker();
  }

  static void loadsLibrary() {
    System.loadLibrary("c");
  }
}
