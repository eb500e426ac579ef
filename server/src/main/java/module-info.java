/// The network server; start at the package documentation of `io.atlaskv.server`.
module io.atlaskv.server {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive io.atlaskv.redis;

  exports io.atlaskv.server;
}
