/// The network server; start at the package documentation of `io.atlaskv.server`.
@SuppressWarnings("requires-automatic") // Prometheus' libraries are no modules
module io.atlaskv.server {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive io.atlaskv.redis;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires jdk.httpserver;

  exports io.atlaskv.server;
}
