/// Redis types and commands on the engine; start at `io.atlaskv.redis.command.CommandTable`.
///
/// Its packages speak of the engine's ports, so they go to our own modules only, as those do.
@SuppressWarnings("module") // the modules above are not there when this one is compiled
module io.atlaskv.redis {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive io.atlaskv.engine;

  exports io.atlaskv.redis.command to
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
  exports io.atlaskv.redis.config;
  exports io.atlaskv.redis.data to
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
  exports io.atlaskv.redis.pubsub to
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
  exports io.atlaskv.redis.resp to
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
  exports io.atlaskv.redis.store to
      io.atlaskv.server,
      io.atlaskv.cli,
      io.atlaskv.bench;
}
