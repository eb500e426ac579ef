package io.atlaskv.testkit.crash;

import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import java.io.UncheckedIOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Sends one writer's operations in pipelines, two of them in flight, until the server is killed.
///
/// `sent` is raised before a byte of the operation leaves, `acknowledged` after its whole reply
/// came.
final class PipelinedWriter implements Runnable {
  private static final int DEPTH_MAX = 64;

  private final RespConnection connection;
  private final OperationStream stream;
  private final Random random;
  private volatile long sent;
  private volatile long acknowledged;
  private volatile @Nullable String failure;

  PipelinedWriter(RespConnection connection, OperationStream stream, long first, Random random) {
    this.connection = connection;
    this.stream = stream;
    this.random = random;
    sent = first;
    acknowledged = first;
  }

  long sent() {
    return sent;
  }

  long acknowledged() {
    return acknowledged;
  }

  /// A reply that no kill explains, such as an error; null if there was none.
  @Nullable String failure() {
    return failure;
  }

  @Override
  public void run() {
    try {
      sendPipeline();
      while (failure == null) {
        long waitFor = sent;
        sendPipeline();
        while (acknowledged < waitFor && failure == null) {
          receiveOne();
        }
      }
    } catch (UncheckedIOException _) {
      // The kill. What was sent without a reply is of unknown fate.
    }
  }

  private void sendPipeline() {
    int depth = 1 + random.nextInt(DEPTH_MAX);
    long first = sent;
    raiseSent(first + depth);
    for (long index = first; index < first + depth; index++) {
      var operation = stream.at(index);
      var key = stream.key(operation.slot());
      switch (operation.kind()) {
        case SET -> connection.send("SET", key, stream.value(index, operation.slot()));
        case DELETE -> connection.send("DEL", key);
        case SET_PAIR ->
            connection.send(
                "MSET",
                key,
                stream.value(index, operation.slot()),
                stream.key(operation.otherSlot()),
                stream.value(index, operation.otherSlot()));
      }
    }
    connection.flush();
  }

  private void receiveOne() {
    long index = acknowledged;
    var reply = connection.receive();
    boolean isExpected =
        stream.at(index).kind() == Operation.Kind.DELETE
            ? reply instanceof RespReply.Int
            : reply instanceof RespReply.Status;
    if (isExpected) {
      raiseAcknowledged(index + 1);
    } else {
      failure = stream.at(index) + " (number " + index + ") was answered " + reply;
    }
  }

  // Written by one thread only: a volatile write is enough.
  private void raiseSent(long value) {
    sent = value;
  }

  private void raiseAcknowledged(long value) {
    acknowledged = value;
  }
}
