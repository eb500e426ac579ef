/// The embeddable store; start at `io.atlaskv.engine.AtlasKv`.
///
/// Public: `io.atlaskv.engine`, `io.atlaskv.engine.api` and `io.atlaskv.engine.api.tools`. The
/// modules above get the ports and the tickets of the internal packages by qualified exports.
@SuppressWarnings("module") // the modules above are not there when this one is compiled
module io.atlaskv.engine {
  // Not transitive: javac would want it of every module that requires this one.
  requires static org.jspecify;
  requires jdk.jfr;

  exports io.atlaskv.engine;
  exports io.atlaskv.engine.api;
  exports io.atlaskv.engine.api.tools;
  exports io.atlaskv.engine.internal.base to
      io.atlaskv.redis,
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
  exports io.atlaskv.engine.internal.io to
      io.atlaskv.redis,
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
  exports io.atlaskv.engine.internal.cache to
      io.atlaskv.redis,
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
  exports io.atlaskv.engine.internal.db to
      io.atlaskv.redis,
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
  exports io.atlaskv.engine.internal.embedded to
      io.atlaskv.bench;

  requires static com.google.errorprone.annotations;
}
