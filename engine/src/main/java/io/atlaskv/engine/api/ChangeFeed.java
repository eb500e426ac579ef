package io.atlaskv.engine.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Committed batches in commit order, each once, from a sequence on: what has been committed before
/// and what will be. Made by [Db#changes(long)], must be closed.
///
/// It reads the log and holds nothing of the store but one open file: what it has not read yet may
/// be gone when it comes to it, see `Options.logRetainedSegments`.
///
/// May be used by several threads; each batch goes to one of them.
public interface ChangeFeed extends AutoCloseable {
  /// When a batch is delivered.
  enum Delivery {
    /// Once it is on disk, so that no power cut takes back what was delivered. How soon that is,
    /// the durability says; with `os` it may be long, [Db#sync()] ends the wait.
    DURABLE,

    /// Once it is with the operating system. After a power cut the store may not have it, and may
    /// use its sequence for something else.
    WRITTEN
  }

  /// The next batch, or null if there is none yet. Reads from a file, waits for nobody.
  ///
  /// @throws HistoryGoneException if the log no longer has it
  /// @throws CorruptionException if the log is damaged there
  /// @throws ClosedException after [#close] or that of the store
  @Nullable ChangeBatch poll();

  /// The next batch, waiting for it at most so long; then null. An interrupt does not end the wait.
  ///
  /// @throws HistoryGoneException as `poll`
  /// @throws CorruptionException as `poll`
  /// @throws ClosedException as `poll`, also if the close comes during the wait
  /// @throws ReadOnlyException if the log has failed, so that there will be no next batch
  @Nullable ChangeBatch poll(Duration timeout);

  /// Where it goes on: the sequence behind the last batch that was delivered or left out.
  long nextSequence();

  /// Ends it, and the wait of others for its next batch. A second call does nothing.
  @Override
  void close();
}
