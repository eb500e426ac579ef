package io.atlaskv.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.atlaskv.redis.config.LateLogger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The HTTP door: `/health`, `/ready`, `/metrics`, for probes and scrapers.
///
/// A virtual thread for each request, so a slow client keeps nobody waiting. How many connections
/// there are, and how long a request or a reply may take, is bounded by the JDK's server, whose
/// only knobs are system properties.
public final class HttpDoor implements AutoCloseable {
  private static final System.Logger LOGGER = new LateLogger(HttpDoor.class);
  private static final int BACKLOG = 64;
  private static final String TEXT = "text/plain; charset=utf-8";

  static {
    preset("jdk.httpserver.maxConnections", "64");
    preset("sun.net.httpserver.maxReqTime", "5"); // seconds
    preset("sun.net.httpserver.maxRspTime", "10");
    preset("sun.net.httpserver.timerMillis", "1000"); // how often the two are looked at
    preset("sun.net.httpserver.maxReqHeaders", "64");
    preset("sun.net.httpserver.maxReqHeaderSize", "16384");
  }

  /// Where the answers come from. Any thread may ask.
  public interface Source {
    /// Why the process is of no use any more; empty if it is.
    String sickness();

    /// Why the server takes no requests; empty if it does.
    String unreadiness();

    /// What there is to measure; null while the server is not there.
    @Nullable Figures figures();
  }

  private record Answer(int status, String contentType, String body) {
    static Answer text(int status, String line) {
      return new Answer(status, TEXT, line + "\n");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Source source;

  private HttpDoor(HttpServer server, ExecutorService threads, Source source) {
    this.server = server;
    this.threads = threads;
    this.source = source;
  }

  /// Listens and answers.
  public static HttpDoor open(InetSocketAddress address, Source source) throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("atlas-http-", 0).factory());
    var door = new HttpDoor(server, threads, source);
    server.setExecutor(threads);
    server.createContext("/", door::handle);
    server.start();
    return door;
  }

  private static void preset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /// The port it listens on.
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      boolean isHead = method.equals("HEAD");
      Answer answer;
      if (isHead || method.equals("GET")) {
        answer = answer(exchange.getRequestURI().getPath());
      } else {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer = Answer.text(405, "only GET and HEAD");
      }
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), isHead ? -1 : body.length);
      if (!isHead) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Answer answer(String path) {
    try {
      return switch (path) {
        case "/health" -> verdict(source.sickness(), "ok");
        case "/ready" -> verdict(source.unreadiness(), "ready");
        case "/metrics" -> metrics();
        default -> Answer.text(404, "there are /health, /ready and /metrics");
      };
    } catch (IOException | RuntimeException e) { // our bug, or the store was closed meanwhile
      LOGGER.log(Level.WARNING, "no answer to " + path, e);
      return Answer.text(500, "internal error, see the log of the server");
    }
  }

  private static Answer verdict(String reason, String good) {
    return reason.isEmpty() ? Answer.text(200, good) : Answer.text(503, reason);
  }

  private Answer metrics() throws IOException {
    Figures figures = source.figures();
    return figures == null
        ? Answer.text(503, source.unreadiness())
        : new Answer(200, MetricsPage.CONTENT_TYPE, MetricsPage.of(figures));
  }

  /// Answers nobody any more; requests under way are cut off.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
