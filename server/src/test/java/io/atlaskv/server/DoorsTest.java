package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.redis.config.Settings;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.params.SetParams;

/// All doors of one server, on real sockets.
class DoorsTest {
  @TempDir Path directory;

  private Settings settings() {
    return TestSettings.of(directory, 2);
  }

  private static DoorSettings doors(DoorPort binary, DoorPort http) {
    return new DoorSettings(binary, http, "127.0.0.1");
  }

  @Test
  void theVectorsHoldOnASocket() throws IOException {
    NativeVectors vectors = NativeVectors.read();
    var doors = doors(DoorPort.required(0), DoorPort.CLOSED);
    try (AtlasServer server = AtlasServer.start(settings(), doors, "test");
        var socket =
            new Socket(InetAddress.getLoopbackAddress(), server.nativePort().orElseThrow())) {
      String all = String.join("", vectors.requests());
      socket.getOutputStream().write(all.getBytes(StandardCharsets.ISO_8859_1));
      byte[] answers = socket.getInputStream().readAllBytes(); // to the end: it was closed
      assertThat(new String(answers, StandardCharsets.ISO_8859_1))
          .isEqualTo(String.join("", vectors.responses()));
    }
  }

  @Test
  void theLargestPayloadGoesInAndOut() throws IOException {
    var doors = doors(DoorPort.required(0), DoorPort.CLOSED);
    try (AtlasServer server = AtlasServer.start(settings(), doors, "test");
        var socket =
            new Socket(InetAddress.getLoopbackAddress(), server.nativePort().orElseThrow());
        var jedis = TestClient.of(server)) {
      var value = new byte[NativeFrame.PAYLOAD_BYTES_MAX - 5];
      Arrays.fill(value, (byte) 7);
      var put = ByteBuffer.allocate(5 + NativeFrame.PAYLOAD_BYTES_MAX);
      put.put((byte) 2).putInt(NativeFrame.PAYLOAD_BYTES_MAX).putInt(1).put((byte) 'k').put(value);
      socket.getOutputStream().write(put.array());
      socket.getOutputStream().write(new byte[] {1, 0, 0, 0, 5, 0, 0, 0, 1, 'k'});
      var input = new DataInputStream(socket.getInputStream());
      assertThat(input.readNBytes(5)).containsExactly(0, 0, 0, 0, 0);
      assertThat(input.readByte()).isZero();
      assertThat(input.readInt()).isEqualTo(value.length);
      assertThat(Arrays.equals(input.readNBytes(value.length), value)).isTrue();
      assertThat(jedis.get("k".getBytes(StandardCharsets.UTF_8))).hasSize(value.length);
    }
  }

  @Test
  void aValueInFragmentsIsReadWholeAndOneTooLargeRefused() throws IOException {
    var doors = doors(DoorPort.required(0), DoorPort.CLOSED);
    try (AtlasServer server = AtlasServer.start(settings(), doors, "test");
        var socket =
            new Socket(InetAddress.getLoopbackAddress(), server.nativePort().orElseThrow());
        var jedis = TestClient.of(server)) {
      int length = 3 * 1024 * 1024;
      jedis.setrange("k", length - 1, "x");
      jedis.setrange("large", NativeFrame.PAYLOAD_BYTES_MAX, "x");
      socket.getOutputStream().write(new byte[] {1, 0, 0, 0, 5, 0, 0, 0, 1, 'k'});
      socket.getOutputStream().write(new byte[] {1, 0, 0, 0, 9, 0, 0, 0, 5});
      socket.getOutputStream().write("large".getBytes(StandardCharsets.UTF_8));
      var input = new DataInputStream(socket.getInputStream());
      assertThat(input.readByte()).isZero();
      assertThat(input.readInt()).isEqualTo(length);
      byte[] value = input.readNBytes(length);
      assertThat(value[0]).isZero();
      assertThat(value[length - 1]).isEqualTo((byte) 'x');
      assertThat(input.readByte()).isEqualTo((byte) NativeFrame.ERROR);
      byte[] sentence = input.readNBytes(input.readInt());
      assertThat(new String(sentence, StandardCharsets.UTF_8))
          .isEqualTo("value of 16777217 bytes, the limit of a payload is 16777216");
    }
  }

  @Test
  void theHttpDoorTellsOfTheServer() throws Exception {
    var doors = doors(DoorPort.CLOSED, DoorPort.required(0));
    try (AtlasServer server = AtlasServer.start(settings(), doors, "test");
        var jedis = TestClient.of(server);
        HttpClient client = HttpClient.newHttpClient()) {
      jedis.set("k", "v");
      String at = "http://127.0.0.1:" + server.httpPort().orElseThrow();
      assertThat(get(client, at + "/ready").statusCode()).isEqualTo(200);
      String metrics = get(client, at + "/metrics").body();
      assertThat(metrics).contains("atlaskv_keys{database=\"0\"} 1.0\n");
      assertThat(metrics).contains("atlaskv_connected_clients 1.0\n");
      assertThat(metrics).doesNotContain("atlaskv_commands_processed_total 0.0\n");
    }
  }

  @Test
  void theHttpDoorTellsOfEachDatabase() throws Exception {
    var doors = doors(DoorPort.CLOSED, DoorPort.required(0));
    try (AtlasServer server = AtlasServer.start(settings(), doors, "test");
        var jedis = TestClient.of(server);
        HttpClient client = HttpClient.newHttpClient()) {
      String at = "http://127.0.0.1:" + server.httpPort().orElseThrow() + "/metrics";
      assertThat(get(client, at).body()).doesNotContain("atlaskv_database_");
      jedis.set("key", "value");
      jedis.get("key");
      jedis.get("nosuch");
      jedis.select(3);
      jedis.set("a", "1");
      jedis.set("b", "12", new SetParams().ex(1_000));
      jedis.get("a");
      jedis.get("a");
      assertThat(get(client, at).body())
          .contains("atlaskv_database_hits_total{database=\"0\"} 1.0\n")
          .contains("atlaskv_database_misses_total{database=\"0\"} 1.0\n")
          .contains("atlaskv_database_hit_bytes_total{database=\"0\"} 5.0\n")
          .contains("atlaskv_database_written_rows_total{database=\"0\"} 1.0\n")
          .contains("atlaskv_database_written_bytes_total{database=\"0\"} 21.0\n")
          .contains("atlaskv_database_bytes{database=\"0\"} 8.0\n")
          .contains("atlaskv_database_table_bytes{database=\"0\"} 0.0\n")
          .contains("atlaskv_database_hits_total{database=\"3\"} 2.0\n")
          .contains("atlaskv_database_misses_total{database=\"3\"} 0.0\n")
          .contains("atlaskv_database_hit_bytes_total{database=\"3\"} 2.0\n")
          .contains("atlaskv_database_written_rows_total{database=\"3\"} 3.0\n")
          .contains("atlaskv_database_bytes{database=\"3\"} 5.0\n")
          .doesNotContain("atlaskv_database_hits_total{database=\"1\"}");
    }
  }

  @Test
  void onlyTheRedisDoorIsOpenByItself() throws IOException {
    try (AtlasServer server = AtlasServer.start(settings(), "test")) {
      assertThat(server.nativePort()).isEmpty();
      assertThat(server.httpPort()).isEmpty();
      assertThat(server.warnings()).isEmpty();
    }
  }

  @Test
  void aTakenPortThatNobodyAskedForIsAWarning() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DoorPort port = DoorPort.optional(taken.getLocalPort());
      try (AtlasServer server = AtlasServer.start(settings(), doors(port, port), "test");
          var jedis = TestClient.of(server)) {
        assertThat(jedis.ping()).isEqualTo("PONG");
        assertThat(server.nativePort()).isEmpty();
        assertThat(server.httpPort()).isEmpty();
        String place = "127.0.0.1:" + taken.getLocalPort();
        assertThat(server.warnings())
            .containsExactly(
                "no native protocol: cannot listen on "
                    + place
                    + ": Address already in use (--native-port chooses another)",
                "no HTTP: cannot listen on "
                    + place
                    + ": Address already in use (--http-port chooses another)");
      }
    }
  }

  @Test
  void aTakenPortThatWasAskedForEndsTheStartAndLeavesNothingBehind() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DoorPort port = DoorPort.required(taken.getLocalPort());
      for (DoorSettings doors :
          new DoorSettings[] {doors(port, DoorPort.CLOSED), doors(DoorPort.required(0), port)}) {
        assertThatThrownBy(() -> AtlasServer.start(settings(), doors, "test"))
            .isInstanceOf(IOException.class)
            .hasMessage(
                "cannot listen on 127.0.0.1:%d: Address already in use", taken.getLocalPort());
      }
    }
    AtlasServer.start(settings(), "test").close(); // the directory is not locked
  }

  private static HttpResponse<String> get(HttpClient client, String uri)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aStartThatSaysNothingOfPortsOpensEveryDoor() {
    var plain = new Settings();
    assertThat(DoorSettings.of(plain).nativePort()).isEqualTo(DoorPort.optional(6380));
    assertThat(DoorSettings.of(plain).httpPort()).isEqualTo(DoorPort.optional(6381));
    DoorSettings asked = DoorSettings.of(new Settings().with("native-port", "7"));
    assertThat(asked.nativePort()).isEqualTo(DoorPort.required(7));
    assertThat(asked.httpPort()).isEqualTo(DoorPort.optional(6381));
  }

  @Test
  void aStartWithAPortOpensWhatIsAskedFor() {
    DoorSettings none = DoorSettings.of(new Settings().with("port", "7000"));
    assertThat(none.nativePort()).isEqualTo(DoorPort.CLOSED);
    assertThat(none.httpPort()).isEqualTo(DoorPort.CLOSED);
    Settings settings =
        new Settings().with("port", "0").with("native-port", "0").with("http-port", "-1");
    DoorSettings asked = DoorSettings.of(settings.with("http-bind", "::"));
    assertThat(asked).isEqualTo(new DoorSettings(DoorPort.required(0), DoorPort.CLOSED, "::"));
  }
}
