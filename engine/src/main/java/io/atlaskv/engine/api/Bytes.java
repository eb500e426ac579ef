package io.atlaskv.engine.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/// Immutable byte string, ordered as unsigned bytes: the order of keys in the store.
public final class Bytes implements Comparable<Bytes> {
  /// The byte string of length 0, smallest of all.
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final int TEXT_BYTES_MAX = 64;

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Copies `source`.
  public static Bytes of(byte[] source) {
    return of(source, 0, source.length);
  }

  /// Copies `length` bytes of `source` from `offset` on.
  public static Bytes of(byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(source, offset, offset + length));
  }

  /// The UTF-8 form of `text`.
  public static Bytes ofUtf8(String text) {
    return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Length in bytes.
  public int length() {
    return bytes.length;
  }

  /// The byte at `index`.
  public byte at(int index) {
    return bytes[index];
  }

  /// A copy of all bytes.
  public byte[] toArray() {
    return bytes.clone();
  }

  /// Copies all bytes to `target` from `targetOffset` on.
  public void copyTo(byte[] target, int targetOffset) {
    System.arraycopy(bytes, 0, target, targetOffset, bytes.length);
  }

  /// Decodes as UTF-8; malformed input becomes U+FFFD.
  public String toUtf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// True if this begins with all of `prefix`.
  public boolean startsWith(Bytes prefix) {
    return bytes.length >= prefix.bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Printable ASCII as it is, other bytes as `\xNN`; long strings are cut.
  @Override
  public String toString() {
    var text = new StringBuilder();
    int shown = Math.min(bytes.length, TEXT_BYTES_MAX);
    for (int i = 0; i < shown; i++) {
      byte b = bytes[i];
      if (b >= ' ' && b <= '~' && b != '\\') {
        text.append((char) b);
      } else {
        text.append("\\x").append(HexFormat.of().toHexDigits(b));
      }
    }
    if (shown < bytes.length) {
      text.append("... (").append(bytes.length).append(" bytes)");
    }
    return text.toString();
  }
}
