package io.atlaskv.engine.api.tools;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.CorruptionException;

/// One thing in the files of a store that is worth telling.
///
/// @param file plain name of the file
/// @param offset where the structure in question starts
/// @param detail what was expected and what was found
public record Finding(Severity severity, String file, long offset, String detail) {
  /// How bad it is.
  public enum Severity {
    /// Bytes are not what was written, or a file that is needed is not there.
    DAMAGE,
    /// What a crash leaves, or what does not belong to the store: nothing is lost by it.
    NOTE
  }

  /// Damage at a place.
  public static Finding damage(String file, long offset, String detail) {
    return new Finding(Severity.DAMAGE, file, offset, detail);
  }

  /// Something harmless at a place.
  public static Finding note(String file, long offset, String detail) {
    return new Finding(Severity.NOTE, file, offset, detail);
  }

  /// What a reader of `file` has thrown.
  public static Finding of(AtlasException failure, String file) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof CorruptionException damage) {
      String place = damage.file() + "@" + damage.offset() + ": ";
      return damage(damage.file(), damage.offset(), withoutPrefix(message, place));
    }
    return damage(file, 0, withoutPrefix(message, file + ": "));
  }

  private static String withoutPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  /// The same, but harmless.
  public Finding asNote() {
    return note(file, offset, detail);
  }

  /// True if something is lost.
  public boolean isDamage() {
    return severity == Severity.DAMAGE;
  }

  /// `000012.sst@4096: expected crc 1a2b, found 0000`
  @Override
  public String toString() {
    return file + "@" + offset + ": " + detail;
  }
}
