/// Redis types and commands on the engine; start at `io.atlaskv.redis.command.CommandTable`.
module io.atlaskv.redis {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive io.atlaskv.engine;
}
