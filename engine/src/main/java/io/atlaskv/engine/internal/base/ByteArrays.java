package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Heap arrays: copies between them and native memory, and integers in them, in the same forms as
/// `Layouts` has for native memory.
public final class ByteArrays {
  private static final VarHandle LE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private ByteArrays() {}

  /// A copy of native memory. Unlike `MemorySegment.toArray` it makes no heap segment: the first
  /// one in a process would let the JVM throw away, and compile again, all code that has so far
  /// seen nothing but native memory.
  public static byte[] copyOf(MemorySegment source, long offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(source, Layouts.BYTE, offset, copy, 0, length);
    return copy;
  }

  /// Copies as much of `source` as `target` holds; returns the length of `source`.
  public static long copy(byte[] source, MemorySegment target) {
    int copied = (int) Math.min(source.length, target.byteSize());
    MemorySegment.copy(source, 0, target, Layouts.BYTE, 0, copied);
    return source.length;
  }

  /// Little-endian long at `offset`.
  public static long leLong(byte[] source, int offset) {
    return (long) LE_LONG.get(source, offset);
  }

  /// Big-endian long at `offset`.
  public static long beLong(byte[] source, int offset) {
    return (long) BE_LONG.get(source, offset);
  }

  /// Little-endian int at `offset`.
  public static int leInt(byte[] source, int offset) {
    return (int) LE_INT.get(source, offset);
  }

  /// Big-endian int at `offset`.
  public static int beInt(byte[] source, int offset) {
    return (int) BE_INT.get(source, offset);
  }

  /// Writes a big-endian long at `offset`.
  public static void putBeLong(byte[] target, int offset, long value) {
    BE_LONG.set(target, offset, value);
  }

  /// Writes a big-endian int at `offset`.
  public static void putBeInt(byte[] target, int offset, int value) {
    BE_INT.set(target, offset, value);
  }

  /// Writes a little-endian long at `offset`.
  public static void putLeLong(byte[] target, int offset, long value) {
    LE_LONG.set(target, offset, value);
  }

  /// Writes a little-endian int at `offset`.
  public static void putLeInt(byte[] target, int offset, int value) {
    LE_INT.set(target, offset, value);
  }
}
