package io.atlaskv.engine.api.tools;

/// Follows a verification while it runs; called by one thread at a time.
public interface VerifyListener {
  /// Something was found.
  void finding(Finding finding);

  /// So much has been read of all that is to be read.
  ///
  /// @param file what is being read
  default void progress(String file, long doneBytes, long totalBytes) {}
}
