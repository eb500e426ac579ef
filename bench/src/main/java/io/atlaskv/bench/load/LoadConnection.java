package io.atlaskv.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;

/// One connection of a run: sends a pipeline of requests, and counts the replies.
final class LoadConnection implements AutoCloseable {
  private final SocketChannel channel;
  private final SelectionKey key;
  private final RequestTemplate template;
  private final ByteBuffer output;
  private final ReplyCounter replies = new ReplyCounter();
  private final int repliesPerPipeline;
  private int outstanding;
  private long startNanos;
  private long sentMillis;
  private long valuesBefore;

  LoadConnection(int port, Selector selector, RequestTemplate template, int pipeline)
      throws IOException {
    this.template = template;
    output = template.buffer(pipeline);
    repliesPerPipeline = template.replies() * pipeline;
    channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /// Sends the next pipeline.
  ///
  /// @param fromNanos where latency starts to count
  void send(SplittableRandom random, long fromNanos) throws IOException {
    template.draw(output, random);
    startNanos = fromNanos;
    sentMillis = System.currentTimeMillis();
    valuesBefore = replies.values();
    outstanding = repliesPerPipeline;
    write();
  }

  private void write() throws IOException {
    channel.write(output);
    if (output.hasRemaining()) {
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      return;
    }
    output.rewind();
    if (key.interestOps() != SelectionKey.OP_READ) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /// Does what the socket is ready for; whether the pipeline is answered in full.
  boolean ready(ByteBuffer input) throws IOException {
    if (key.isWritable()) {
      write();
    }
    if (!key.isReadable()) {
      return false;
    }
    input.clear();
    if (channel.read(input) < 0) {
      throw new EOFException("the server closed a connection; first error: " + firstError());
    }
    outstanding -= replies.take(input.flip());
    return outstanding == 0;
  }

  long startNanos() {
    return startNanos;
  }

  /// When the last pipeline was sent, by the clock.
  long sentMillis() {
    return sentMillis;
  }

  /// Bulk strings that were not null, in the last pipeline.
  long valuesFound() {
    return replies.values() - valuesBefore;
  }

  long errors() {
    return replies.errors();
  }

  String firstError() {
    return replies.firstError();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
