package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Events of sockets from a selector.
final class NioPoller implements Poller {
  private static final System.Logger LOGGER = new LateLogger(NioPoller.class);
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long ACCEPT_PAUSE_NANOS = 100 * NANOS_PER_MILLI;

  private final Selector selector;
  private final Consumer<SelectionKey> dispatch = this::dispatch;
  private @Nullable EventLoop loop;
  private boolean isAcceptFailing;

  /// A listening socket and who takes its connections.
  private record Door(ServerSocketChannel listener, Consumer<SocketChannel> acceptor) {}

  NioPoller() throws IOException {
    selector = Selector.open();
  }

  /// Hands every connection that comes to `channel` to `acceptor`.
  void listen(ServerSocketChannel channel, Consumer<SocketChannel> acceptor) throws IOException {
    channel.register(selector, SelectionKey.OP_ACCEPT, new Door(channel, acceptor));
  }

  /// Reports events of `channel`, which belongs to the connection to be attached to the key.
  SelectionKey register(SocketChannel channel) throws IOException {
    return channel.register(selector, SelectionKey.OP_READ);
  }

  @Override
  public void poll(long timeoutNanos, EventLoop newLoop) throws IOException {
    loop = newLoop;
    if (timeoutNanos == 0) {
      selector.selectNow(dispatch);
    } else if (timeoutNanos < 0) {
      selector.select(dispatch);
    } else {
      selector.select(
          dispatch, Math.max(1, (timeoutNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
    }
  }

  private void dispatch(SelectionKey key) {
    EventLoop current = loop;
    if (current == null) {
      return;
    }
    try {
      if (key.attachment() instanceof Connection connection) {
        int ready = key.readyOps();
        if ((ready & SelectionKey.OP_WRITE) != 0) {
          current.writable(connection);
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
          current.readable(connection);
        }
      } else if (key.attachment() instanceof Door door) {
        accept(key, door, current);
      }
    } catch (CancelledKeyException _) {
      key.cancel(); // closed by an event before this one in the same round
    }
  }

  /// Never dies: without file descriptors it pauses and tries again, and says so once.
  private void accept(SelectionKey key, Door door, EventLoop current) {
    try {
      SocketChannel channel = door.listener().accept();
      while (channel != null) {
        isAcceptFailing = false;
        door.acceptor().accept(channel);
        channel = door.listener().accept();
      }
    } catch (IOException e) {
      if (!isAcceptFailing) {
        isAcceptFailing = true;
        LOGGER.log(Level.WARNING, "cannot accept connections for now: " + e.getMessage());
      }
      key.interestOps(0);
      current.after(
          ACCEPT_PAUSE_NANOS,
          () -> {
            if (key.isValid()) {
              key.interestOps(SelectionKey.OP_ACCEPT);
            }
          });
    }
  }

  @Override
  public void wakeUp() {
    selector.wakeup();
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "closing the selector", e);
    }
  }
}
