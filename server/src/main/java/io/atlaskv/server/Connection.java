package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.command.ClientFigures;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.pubsub.Listener;
import io.atlaskv.redis.pubsub.Push;
import io.atlaskv.redis.resp.ReplyWriter;
import org.jspecify.annotations.Nullable;

/// One client: its bytes in both directions and the command it waits for. Belongs to one loop.
final class Connection implements Listener {
  final Transport transport;
  final Session session;
  final EventLoop loop;
  final Protocol protocol;
  final RequestReader parser;

  /// The loop's writer of this protocol.
  final ReplyWriter writer;

  /// Input that is not executed yet, from `inputStart` on; null = none: then the loop's is used.
  @Nullable NativeBuffer input;

  int inputStart;

  /// Replies that are not sent yet; null = none.
  @Nullable ReplyQueue replies;

  /// The command it waits for; null = none.
  @Nullable Context parked;

  /// Length of that command in the input.
  int parkedBytes;

  /// Since when it has been over its soft output limit, by the store's clock.
  long softSinceNanos;

  boolean isOverSoftLimit;
  boolean isDirty;
  boolean isGated;
  boolean isPaused;

  /// It has published while too much was under way, and waits until less is.
  boolean isSlowed;

  boolean isEnding;

  /// To be closed without another byte.
  boolean isDropped;

  boolean isClosed;
  private boolean isReadWanted = true;
  private boolean isWriteWanted;

  Connection(
      Transport transport, Session session, EventLoop loop, Protocol protocol, Limits limits) {
    this.transport = transport;
    this.session = session;
    this.loop = loop;
    this.protocol = protocol;
    parser = protocol.newReader(limits);
    writer = loop.writer(protocol);
  }

  @Override
  public void accept(Push push) {
    loop.push(this, push);
  }

  /// What CLIENT LIST says of its buffers. Any thread may ask; the numbers may be a moment old.
  ClientFigures figures() {
    NativeBuffer in = input;
    ReplyQueue out = replies;
    int running = loop.runningBytes(this);
    boolean isReceiving = in == null && running > 0; // into the buffer of the loop
    return new ClientFigures(
        in == null ? running : in.length() - inputStart,
        in == null ? (isReceiving ? Inbound.READ_BYTES - running : 0) : in.capacity() - in.length(),
        running,
        out == null ? 0 : out.buffer().capacity(),
        out == null ? 0 : out.pendingBytes(),
        isWriteWanted);
  }

  /// True if its requests wait, whatever for.
  boolean isHeld() {
    return isPaused || isSlowed;
  }

  /// True if nothing has come since then from a client that is expected to ask.
  boolean isIdleSince(long millis) {
    return parked == null
        && session.activeAtMillis() < millis
        && !session.subscriptions().isAny()
        && !session.subscriptions().isMonitor();
  }

  /// Asks for events; the same again costs nothing.
  void interest(boolean inReading, boolean inWriting) {
    if (isReadWanted != inReading || isWriteWanted != inWriting) {
      isReadWanted = inReading;
      isWriteWanted = inWriting;
      transport.interest(inReading, inWriting);
    }
  }

  boolean isWriteWanted() {
    return isWriteWanted;
  }

  boolean isReadWanted() {
    return isReadWanted;
  }
}
