package io.atlaskv.server;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.server.http.Figures;
import io.atlaskv.server.http.HttpDoor;
import org.jspecify.annotations.Nullable;

/// What the HTTP door tells of a server, from before the store is open until it is closed.
final class ServerHealth implements HttpDoor.Source {
  private volatile @Nullable Server server;
  private volatile boolean isEnding;
  private volatile boolean isBroken;

  /// The store is open, requests are served.
  void serving(Server opened) {
    server = opened;
  }

  /// No further client is taken.
  void ending() {
    isEnding = true;
  }

  /// An event loop has ended by an error: its clients are not served any more.
  void broken() {
    isBroken = true;
  }

  @Override
  public String sickness() {
    return isBroken ? "an event loop has failed" : "";
  }

  @Override
  public String unreadiness() {
    Server opened = server;
    if (isBroken) {
      return sickness();
    }
    if (isEnding) {
      return "shutting down";
    }
    if (opened == null) {
      return "opening the store";
    }
    AtlasException failure = opened.data().store().failure();
    return failure == null ? "" : "read-only since the log failed: " + failure.getMessage();
  }

  @Override
  public @Nullable Figures figures() {
    Server opened = server;
    return opened == null || isEnding ? null : opened.figures(unreadiness().isEmpty());
  }
}
