package io.atlaskv.testkit.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The acknowledged operations on disk, synced: evidence that outlives this program and the
/// machine.
///
/// One line per entry: `round writer acknowledged sent`. The last line of a round and writer
/// counts; with the seed it tells every key and value the server had acknowledged.
final class AckLedger implements AutoCloseable {
  private final FileChannel channel;

  AckLedger(Path file) {
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes where each writer stands, then syncs.
  synchronized void record(int round, List<PipelinedWriter> writers) {
    var lines = new StringBuilder();
    for (int writer = 0; writer < writers.size(); writer++) {
      var state = writers.get(writer);
      long acknowledged = state.acknowledged(); // before `sent`, or the pair could be impossible
      lines
          .append(round)
          .append(' ')
          .append(writer)
          .append(' ')
          .append(acknowledged)
          .append(' ')
          .append(state.sent())
          .append('\n');
    }
    try {
      var bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
