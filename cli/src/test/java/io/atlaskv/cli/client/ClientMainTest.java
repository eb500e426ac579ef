package io.atlaskv.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.cli.CliProcess;
import io.atlaskv.testkit.process.ServerCommand;
import io.atlaskv.testkit.process.ServerProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client commands against a server in a process of its own.
class ClientMainTest {
  private static final Pattern NATIVE_LINE = Pattern.compile("native +127\\.0\\.0\\.1:(\\d+)");

  @TempDir static Path directory;
  private static ServerProcess server;
  private static int nativePort;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();
  private byte[] in = new byte[0];
  private boolean isInteractive;

  @BeforeAll
  static void start() {
    ServerCommand command = CliProcess.server("--native-port", "0");
    server = ServerProcess.start(command, directory, Duration.ofSeconds(60));
    Matcher line = NATIVE_LINE.matcher(server.lastOutput());
    assertThat(line.find()).as(server.lastOutput()).isTrue();
    nativePort = Integer.parseInt(line.group(1));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void empty() {
    assertThat(run("cli", "flushall")).isZero();
    out.reset();
  }

  @Test
  void aValueComesBackByteForByte() {
    in = new byte[] {0, 'a', '\n', (byte) 0xff, '\n'};
    assertThat(run("put", "k", "-")).isZero();
    assertThat(output()).isEqualTo("OK\n");
    assertThat(run("get", "k")).isZero();
    assertThat(out.toByteArray()).isEqualTo(in);
  }

  @Test
  void aPersonGetsALineAndNothingThatHarmsATerminal() {
    isInteractive = true;
    run("put", "k", "grün");
    out.reset();
    run("get", "k");
    assertThat(output()).isEqualTo("grün\n");
    run("put", "k", "\u001b[2J");
    out.reset();
    run("get", "k");
    assertThat(output()).isEqualTo("\"\\x1b[2J\"\n");
  }

  @Test
  void whatIsNotThereIsOne() {
    assertThat(run("get", "none")).isEqualTo(1);
    assertThat(output()).isEmpty();
    assertThat(err.toString()).isEqualTo("atlaskv get: no such key\n");
    assertThat(run("get", "--json", "none")).isEqualTo(1);
    assertThat(output()).isEqualTo("{\"key\":\"none\",\"found\":false}\n");
    assertThat(run("del", "none")).isEqualTo(1);
    assertThat(output()).isEqualTo("0\n");
  }

  @Test
  void bothDoorsShowTheSameKeys() {
    assertThat(runNative("put", "n", "1")).isZero();
    assertThat(run("get", "n")).isZero();
    assertThat(output()).isEqualTo("OK\n1");
    out.reset();
    assertThat(runNative("get", "n")).isZero();
    assertThat(output()).isEqualTo("1");
    assertThat(runNative("get", "none")).isEqualTo(1);
    assertThat(runNative("del", "n")).isZero();
    out.reset();
    assertThat(run("get", "--json", "n")).isEqualTo(1);
    assertThat(runNative("ping")).isZero();
    assertThat(output()).endsWith("PONG\n");
  }

  @Test
  void aKeyThatHoldsNoStringIsRefusedByBothDoors() {
    String long65k = "k".repeat(65_525);
    assertThat(run("get", long65k)).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("atlaskv get: ERR key is longer than 65524 bytes\n");
    assertThat(runNative("get", "--json", long65k)).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("{\"error\":\"key is longer than 65524 bytes\"}\n");
  }

  @Test
  void delSaysHowManyWereThere() {
    run("cli", "mset", "a", "1", "b", "2");
    out.reset();
    assertThat(run("del", "a", "b", "c")).isZero();
    assertThat(output()).isEqualTo("2\n");
  }

  @Test
  void scanReadsAllPagesInOrder() {
    var expected = new StringBuilder();
    var input = new StringBuilder();
    for (int i = 0; i < 2_500; i++) {
      String key = String.format("k%05d", i);
      input.append("set ").append(key).append(' ').append(i).append('\n');
      expected.append(key).append('\n');
    }
    in = input.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(run("cli")).isZero();
    out.reset();
    assertThat(run("scan")).isZero();
    assertThat(output()).isEqualTo(expected.toString());
    assertThat(run("scan", "k0000", "--values", "--limit=2")).isZero();
    assertThat(output()).isEqualTo("k00000\t0\nk00001\t1\n");
    assertThat(run("scan", "--start", "k00010", "--end", "k00012")).isZero();
    assertThat(output()).isEqualTo("k00010\nk00011\n");
    assertThat(run("scan", "--reverse", "--limit", "1500", "--json")).isZero();
    assertThat(output()).startsWith("{\"key\":\"k02499\"}\n").endsWith("{\"key\":\"k01000\"}\n");
    assertThat(run("scan", "nothing")).isZero();
    assertThat(output()).isEmpty();
  }

  @Test
  void jsonSaysBytesThatAreNoTextInBase64() {
    in = "set \"\\xff\" \"\\x00\\xfe\"\n".getBytes(StandardCharsets.UTF_8);
    run("cli");
    out.reset();
    run("scan", "--values", "--json");
    assertThat(output()).isEqualTo("{\"keyBase64\":\"/w==\",\"valueBase64\":\"AP4=\"}\n");
  }

  @Test
  void databasesAreApart() {
    run("put", "--db", "3", "k", "three");
    assertThat(run("get", "k")).isEqualTo(1);
    out.reset();
    assertThat(run("get", "k", "--db=3")).isZero();
    assertThat(output()).isEqualTo("three");
    assertThat(run("get", "k", "--db=99")).isEqualTo(1);
    assertThat(err.toString()).contains("ERR DB index is out of range");
  }

  @Test
  void cliRunsOneCommand() {
    assertThat(run("cli", "set", "k", "--x")).isZero();
    assertThat(output()).isEqualTo("OK\n");
    assertThat(run("cli", "--no-raw", "mget", "k", "none")).isZero();
    assertThat(output()).isEqualTo("1) \"--x\"\n2) (nil)\n");
    assertThat(run("cli", "--json", "mget", "k", "none")).isZero();
    assertThat(output()).isEqualTo("[\"--x\",null]\n");
    assertThat(run("cli", "frob")).isEqualTo(1);
    assertThat(output()).startsWith("ERR unknown command 'frob'");
  }

  @Test
  void cliRunsEveryLineOfAPipeAndSaysWhetherOneWasRefused() {
    in = "set a 1\n\nincr a\nfrob\nget \"a\"\n get 'x\n".getBytes(StandardCharsets.UTF_8);
    assertThat(run("cli")).isEqualTo(1);
    assertThat(output()).startsWith("OK\n2\nERR unknown command").endsWith("\n2\n");
    assertThat(err.toString()).isEqualTo("atlaskv cli: unbalanced quotes:  get 'x\n");
  }

  /// UNSUBSCRIBE is answered once for each name, in version 3 by pushes.
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void cliPrintsEveryAnswerToUnsubscribe() {
    String left = "unsubscribe\na\n0\nunsubscribe\nb\n0\n";
    in = "unsubscribe a b\nping\n".getBytes(StandardCharsets.UTF_8);
    assertThat(run("cli")).isZero();
    assertThat(output()).isEqualTo(left + "PONG\n");
    in = "hello 3\nunsubscribe a b\nping\n".getBytes(StandardCharsets.UTF_8);
    assertThat(run("cli")).isZero();
    assertThat(output()).endsWith("\n" + left + "PONG\n");
    in = "multi\nunsubscribe a b\ndiscard\n".getBytes(StandardCharsets.UTF_8);
    assertThat(run("cli")).isZero();
    assertThat(output()).isEqualTo("OK\nQUEUED\nOK\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$99999999999", "*-2", "$-2"})
  void aLengthThatCannotBeIsNotRedisProtocol(String answer) throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread other =
          Thread.ofVirtual()
              .start(() -> {
                try (var socket = listener.accept()) {
                  socket
                      .getOutputStream()
                      .write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      String port = Integer.toString(listener.getLocalPort());
      assertThat(runWords("get", "--port", port, "k")).isEqualTo(3);
      assertThat(err.toString())
          .isEqualTo("atlaskv get: not Redis' protocol: a length of " + answer.substring(1) + "\n");
      other.join();
    }
  }

  @Test
  void namesAreCompletedInTheCaseTheyWereBegunIn() throws Exception {
    var endpoint = new Endpoint("127.0.0.1", server.port(), "", 0, 10_000);
    var terminal = new Terminal(new ByteArrayInputStream(in), out, new PrintWriter(err), true);
    try (var session = new CliSession(endpoint, ReplyForm.PEOPLE, terminal)) {
      var completer = new CommandCompleter(session);
      assertThat(completer.matching(List.of("expi"))).contains("expire", "expireat");
      assertThat(completer.matching(List.of("EXPI"))).contains("EXPIRE", "EXPIREAT");
      assertThat(completer.matching(List.of("config", "res"))).containsExactly("resetstat");
      assertThat(completer.matching(List.of("get", "x"))).isEmpty();
      assertThat(completer.matching(List.of("cle"))).containsExactly("clear");
    }
  }

  @Test
  void thePromptShowsTheDatabaseThatTheConnectionHas() throws Exception {
    var endpoint = new Endpoint("127.0.0.1", server.port(), "", 0, 10_000);
    var terminal = new Terminal(new ByteArrayInputStream(in), out, new PrintWriter(err), true);
    var prompts = new ArrayList<String>();
    try (var session = new CliSession(endpoint, ReplyForm.PEOPLE, terminal)) {
      for (String line :
          List.of(
              "select 2",
              "multi",
              "select 3",
              "select x",
              "discard", // none of them has run
              "multi",
              "select 4",
              "set k v",
              "select 5",
              "select 99",
              "exec", // the last one failed
              "multi",
              "select 6",
              "nosuch",
              "exec", // refused as a whole
              "multi",
              "reset")) {
        session.run(Stream.of(line.split(" ")).map(Bytes::of).toList());
        prompts.add(session.prompt().replace(endpoint.toString(), ""));
      }
    }
    assertThat(prompts)
        .containsExactly(
            "[2]> ",
            "[2](TX)> ",
            "[2](TX)> ",
            "[2](TX)> ",
            "[2]> ", //
            "[2](TX)> ",
            "[2](TX)> ",
            "[2](TX)> ",
            "[2](TX)> ",
            "[2](TX)> ",
            "[5]> ", //
            "[5](TX)> ",
            "[5](TX)> ",
            "[5](TX)> ",
            "[5]> ", //
            "[5](TX)> ",
            "> ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get",
        "get a b",
        "put k",
        "del",
        "scan a b",
        "ping x",
        "get --nope k",
        "get --port=0 k",
        "scan p --start a",
        "get k --native --db 1",
        "get k --native --password x",
        "cli --raw --json ping",
        "scan --native"
      })
  void whatIsNotUnderstoodIsTwoInOneSentence(String line) {
    String[] words = line.split(" ");
    assertThat(runWords(words)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("atlaskv " + words[0] + ": ")
        .endsWith(" (see atlaskv " + words[0] + " --help)\n")
        .hasLineCount(1);
  }

  @Test
  void nobodyThereIsThree() throws IOException {
    try (var silent = new Socket()) { // has the port, so that nobody else listens there
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = silent.getLocalPort();
      for (String command : List.of("get k", "put k v", "del k", "scan", "ping", "cli ping")) {
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(1, List.of("--port", Integer.toString(port)));
        assertThat(runWords(words.toArray(String[]::new))).isEqualTo(3);
        assertThat(err.toString())
            .isEqualTo(
                "atlaskv "
                    + words.getFirst()
                    + ": cannot connect to 127.0.0.1:"
                    + port
                    + ": Connection refused\n");
      }
    }
  }

  @Test
  void theWrongDoorIsSaid() {
    assertThat(runWords("ping", "--port", Integer.toString(nativePort))).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo("atlaskv ping: the server does not speak Redis' protocol\n");
    assertThat(runWords("ping", "--native", "--port", Integer.toString(server.port())))
        .isEqualTo(3);
    assertThat(err.toString()).startsWith("atlaskv ping: the server ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "put", "del", "scan", "ping", "cli"})
  void everyCommandHasHelp(String command) {
    assertThat(runWords(command, "--help")).isZero();
    assertThat(output())
        .startsWith("Usage: atlaskv " + command)
        .contains(
            "--host HOST", "--port PORT", "--password WORD", "--db N", "--json", "Exit codes");
  }

  private int run(String command, String... words) {
    return runWords(with(command, server.port(), words));
  }

  private int runNative(String command, String... words) {
    var all = new ArrayList<>(List.of(with(command, nativePort, words)));
    all.add(1, "--native");
    return runWords(all.toArray(String[]::new));
  }

  private static String[] with(String command, int port, String... words) {
    var all = new ArrayList<>(List.of(command, "--port", Integer.toString(port)));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  /// Forgets earlier errors.
  private int runWords(String... words) {
    err.getBuffer().setLength(0);
    var terminal =
        new Terminal(new ByteArrayInputStream(in), out, new PrintWriter(err, true), isInteractive);
    return ClientMain.run(words[0], List.of(words).subList(1, words.length), terminal);
  }

  /// What was printed since it was last asked.
  private String output() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }
}
