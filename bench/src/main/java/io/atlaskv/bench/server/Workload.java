package io.atlaskv.bench.server;

import java.util.Locale;

/// One command at one pipeline depth.
///
/// @param command `GET` or `SET`
/// @param pipeline commands in flight per connection
/// @param requests per round
record Workload(String command, int pipeline, int requests) {
  String name() {
    return command.toLowerCase(Locale.ROOT) + "-p" + pipeline;
  }
}
