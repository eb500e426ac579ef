package io.atlaskv.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Statistics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpDoorTest {
  private static final int SLOW_CLIENTS = 40;

  private final HttpClient client = HttpClient.newHttpClient();
  private volatile String sickness = "";
  private volatile String unreadiness = "";
  private volatile @Nullable Figures figures = figures(true);
  private HttpDoor door;

  @BeforeEach
  void open() throws IOException {
    var source =
        new HttpDoor.Source() {
          @Override
          public String sickness() {
            return sickness;
          }

          @Override
          public String unreadiness() {
            return unreadiness;
          }

          @Override
          public @Nullable Figures figures() {
            return figures;
          }
        };
    door = HttpDoor.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), source);
  }

  @AfterEach
  void close() {
    door.close();
    client.close();
  }

  @Test
  void aServerThatServesIsHealthyAndReady() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    assertThat(get("/ready").body()).isEqualTo("ready\n");
  }

  @Test
  void aServerThatCannotServeIsHealthyAndSaysWhyItIsNotReady() throws Exception {
    unreadiness = "shutting down";
    figures = null;
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/ready").statusCode()).isEqualTo(503);
    assertThat(get("/ready").body()).isEqualTo("shutting down\n");
    assertThat(get("/metrics").statusCode()).isEqualTo(503);
  }

  @Test
  void aServerOfNoUseIsNotHealthy() throws Exception {
    sickness = "an event loop has failed";
    assertThat(get("/health").statusCode()).isEqualTo(503);
    assertThat(get("/health").body()).isEqualTo("an event loop has failed\n");
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    assertThat(answer.body())
        .contains("# HELP atlaskv_commands_processed_total Commands run.\n")
        .contains("# TYPE atlaskv_commands_processed_total counter\n")
        .contains("atlaskv_commands_processed_total 12345.0\n")
        .contains("atlaskv_build_info{version=\"1.2\"} 1\n")
        .contains("atlaskv_command_duration_seconds_count{command=\"config|get\"} 4\n")
        .contains("atlaskv_command_duration_seconds_sum{command=\"config|get\"} 0.5\n")
        .contains("{command=\"config|get\",quantile=\"0.99\"} 0.25\n")
        .contains("atlaskv_command_failures_total{command=\"config|get\"} 1.0\n")
        .contains("atlaskv_command_rejections_total{command=\"config|get\"} 2.0\n")
        .contains("atlaskv_keyspace_hits_total 90.0\n")
        .contains("atlaskv_keys{database=\"1\"} 70.0\n")
        .contains("# TYPE atlaskv_database_hits_total counter\n")
        .contains("atlaskv_database_hits_total{database=\"1\"} 21.0\n")
        .contains("atlaskv_database_misses_total{database=\"1\"} 22.0\n")
        .contains("atlaskv_database_hit_bytes_total{database=\"1\"} 23.0\n")
        .contains("atlaskv_database_written_rows_total{database=\"1\"} 24.0\n")
        .contains("atlaskv_database_written_bytes_total{database=\"1\"} 25.0\n")
        .contains("# TYPE atlaskv_database_bytes gauge\n")
        .contains("atlaskv_database_bytes{database=\"1\"} 26.0\n")
        .contains("atlaskv_database_table_bytes{database=\"1\"} 27.0\n")
        .contains("atlaskv_table_bytes{level=\"0\"} 4096.0\n")
        .contains("atlaskv_table_entries{level=\"0\"} 100.0\n")
        .contains("atlaskv_table_deletions{level=\"0\"} 10.0\n")
        .contains("atlaskv_level_reads_total{level=\"0\"} 2048.0\n")
        .contains("atlaskv_level_read_hits_total{level=\"0\"} 1024.0\n")
        .contains("atlaskv_level_written_bytes_total{level=\"0\"} 8192.0\n")
        .contains("atlaskv_log_unsynced_operations 20.0\n")
        .contains("atlaskv_write_stall_seconds_total 1.5\n");
  }

  /// The rules of promlint that a name can break.
  @Test
  void everyMetricIsNamedAndHelpedAsPrometheusAsks() throws Exception {
    var types = new ArrayList<String>();
    for (String line : get("/metrics").body().split("\n", -1)) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", -1);
        types.add(words[2]);
        assertThat(words[2]).matches("(atlaskv|process)_[a-z_]+[a-z]");
        boolean isCounter = words[3].equals("counter");
        assertThat(words[2].endsWith("_total")).as(words[2]).isEqualTo(isCounter);
      }
      if (line.startsWith("# HELP ")) {
        assertThat(line).matches("# HELP [a-z_]+ .*\\.");
      }
    }
    assertThat(types).hasSizeGreaterThan(35).doesNotHaveDuplicates();
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/healthy").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(uri("/health"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    HttpResponse<String> refused = client.send(post, HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Allow")).hasValue("GET, HEAD");
    HttpRequest head = HttpRequest.newBuilder(uri("/metrics")).HEAD().build();
    HttpResponse<String> headers = client.send(head, HttpResponse.BodyHandlers.ofString());
    assertThat(headers.statusCode()).isEqualTo(200);
    assertThat(headers.body()).isEmpty();
  }

  @Test
  void clientsThatNeverEndTheirRequestsKeepNobodyWaiting() throws Exception {
    var slow = new ArrayList<Socket>();
    try {
      for (int i = 0; i < SLOW_CLIENTS; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
        socket.getOutputStream().write("GET /health HT".getBytes(StandardCharsets.US_ASCII));
        slow.add(socket);
      }
      assertThat(get("/health").statusCode()).isEqualTo(200);
      for (Socket socket : slow) { // and they are cut off
        socket.setSoTimeout(60_000);
        assertThat(socket.getInputStream().readAllBytes())
            .doesNotContain("200".getBytes(StandardCharsets.US_ASCII));
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + door.port() + path);
  }

  private static Figures figures(boolean isReady) {
    var store =
        new Statistics(
            100,
            90,
            80,
            1,
            2,
            3,
            List.of(new Statistics.Level(1, 4096, 100, 10, 5, 2, 2048, 1024, 8192)),
            4,
            5,
            6,
            7,
            8,
            true,
            false,
            9,
            10,
            11,
            12,
            13,
            14,
            17,
            18,
            19,
            20,
            21,
            22,
            15,
            1_500_000_000,
            16,
            0,
            0);
    return new Figures(
        "1.2",
        60,
        isReady,
        new Figures.Clients(3, 10_000, 5, 1, 12_345, 90, 10, 6, 7),
        List.of(
            new Figures.CommandCalls(
                "config|get", 4, 0.5, 1, 2, List.of(new Figures.Latency(0.99, 0.25)))),
        List.of(new Figures.Database(50, 5), new Figures.Database(70, 7)),
        List.of(new Figures.DatabaseUse(1, 21, 22, 23, 24, 25, 26, 27)),
        new Figures.Memory(1, 2, 3, 4),
        store);
  }
}
