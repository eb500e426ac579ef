package io.atlaskv.engine.api;

/// An intact file that this release cannot read or must not write: a later format version, or a
/// feature unknown here. A newer release can.
public final class UnsupportedFormatException extends AtlasException {
  private static final long serialVersionUID = 1L;

  /// @param file plain name of the file
  /// @param detail which version or feature, and what is supported
  public UnsupportedFormatException(String file, String detail) {
    super(file + ": " + detail, null);
  }
}
