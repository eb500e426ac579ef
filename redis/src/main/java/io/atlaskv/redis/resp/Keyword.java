package io.atlaskv.redis.resp;

import com.google.errorprone.annotations.Immutable;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/// A word of a command's syntax, compared without regard to case, 8 bytes a step and without
/// objects.
@Immutable
public final class Keyword {
  private static final long FOLD = 0xdf; // clears the bit that makes an ASCII letter lower case

  private final String text;

  @SuppressWarnings("Immutable") // written by the constructor only
  private final long[] words;

  @SuppressWarnings("Immutable") // written by the constructor only
  private final long[] masks;

  private Keyword(String text) {
    this.text = text.toUpperCase(Locale.ROOT);
    int wordCount = (text.length() + Long.BYTES - 1) / Long.BYTES;
    words = new long[wordCount];
    masks = new long[wordCount];
    for (int i = 0; i < text.length(); i++) {
      char c = this.text.charAt(i);
      int shift = 8 * (i % Long.BYTES);
      words[i / Long.BYTES] |= (long) c << shift;
      masks[i / Long.BYTES] |= (c >= 'A' && c <= 'Z' ? FOLD : 0xff) << shift;
    }
  }

  public static Keyword of(String text) {
    return new Keyword(text);
  }

  /// True if the slice is this word. Up to 7 bytes behind the slice are read (A2 of `Args`).
  public boolean matches(MemorySegment segment, long offset, int length) {
    if (length != text.length()) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      long word = segment.get(Layouts.LE_LONG, offset + (long) i * Long.BYTES);
      if ((word & masks[i]) != words[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return text;
  }
}
