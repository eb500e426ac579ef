package io.atlaskv.server;

import io.atlaskv.redis.command.CommandsAhead;
import io.atlaskv.redis.resp.Args;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The next complete requests in the input of one connection, parsed before the first of them runs.
/// Reused for all connections of a loop.
final class RequestWindow {
  private final Args[] requests = new Args[CommandsAhead.REQUESTS_MAX];
  private final int[] bytes = new int[CommandsAhead.REQUESTS_MAX];
  private int count;

  RequestWindow() {
    Arrays.setAll(requests, i -> new Args());
  }

  /// Parses what is complete in `[from, to)`, as far as there is place for it. Returns COMPLETE, or
  /// what the parser said of the request after the last one here.
  ///
  /// @param max most requests to parse
  int fill(RequestReader parser, MemorySegment memory, int from, int to, int max) {
    count = 0;
    int at = from;
    while (at < to && count < max) {
      int state = parser.parse(memory, at, to);
      if (state != RequestReader.COMPLETE) {
        return state;
      }
      bytes[count] = parser.end();
      at += parser.end();
      requests[count] = parser.take(requests[count]);
      count++;
    }
    return RequestReader.COMPLETE;
  }

  int count() {
    return count;
  }

  /// The requests, of which the first `count` mean something.
  Args[] requests() {
    return requests;
  }

  /// Length of a request in the input.
  int bytes(int request) {
    return bytes[request];
  }

  /// Gives a request away, for as long as the taker likes.
  Args take(int request) {
    Args taken = requests[request];
    requests[request] = new Args();
    return taken;
  }
}
