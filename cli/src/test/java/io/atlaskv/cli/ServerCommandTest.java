package io.atlaskv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.server.DoorPort;
import io.atlaskv.server.DoorSettings;
import io.atlaskv.server.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCommandTest {
  private static final long MIB = 1024 * 1024;

  @Test
  void noFlagMeansDefaults() throws UsageException {
    assertThat(settings()).isEqualTo(ServerSettings.DEFAULT);
    assertThat(settings().bind()).isEqualTo("127.0.0.1");
    assertThat(settings().port()).isEqualTo(6379);
    assertThat(settings().directory()).isEqualTo(Path.of("data"));
    assertThat(settings().options().durability())
        .isEqualTo(Durability.interval(Duration.ofMillis(100)));
  }

  @Test
  void everyFlagIsRead() throws UsageException {
    ServerSettings settings =
        settings(
            "--port=0",
            "--bind=::1",
            "--dir=/tmp/some data",
            "--durability=interval:1s",
            "--memory-limit=512mb",
            "--loops=4",
            "--memtable-size=1mb",
            "--wal-segment-size=2mb",
            "--table-size=3mb");
    assertThat(settings.port()).isZero();
    assertThat(settings.bind()).isEqualTo("::1");
    assertThat(settings.directory()).isEqualTo(Path.of("/tmp/some data"));
    assertThat(settings.loops()).isEqualTo(4);
    var options = settings.options();
    assertThat(options.durability()).isEqualTo(Durability.interval(Duration.ofSeconds(1)));
    assertThat(options.memoryLimitBytes()).isEqualTo(512 * MIB);
    assertThat(options.memtableBytes()).isEqualTo(MIB);
    assertThat(options.logSegmentBytes()).isEqualTo(2 * MIB);
    assertThat(options.tableBytes()).isEqualTo(3 * MIB);
  }

  @Test
  void aStartWithoutAPortOpensEveryDoor() throws UsageException {
    assertThat(doors()).isEqualTo(DoorSettings.DEFAULT);
    assertThat(doors("--dir", "x").nativePort()).isEqualTo(DoorPort.optional(6380));
    assertThat(doors("--native-port", "7").nativePort()).isEqualTo(DoorPort.required(7));
    assertThat(doors("--native-port", "7").httpPort()).isEqualTo(DoorPort.optional(6381));
  }

  @Test
  void aStartWithAPortOpensWhatIsAskedFor() throws UsageException {
    assertThat(doors("--port", "7000")).isEqualTo(DoorSettings.NONE);
    DoorSettings asked = doors("--port=0", "--native-port=0", "--http-port=1", "--http-bind=::");
    assertThat(asked).isEqualTo(new DoorSettings(DoorPort.required(0), DoorPort.required(1), "::"));
  }

  private static DoorSettings doors(String... arguments) throws UsageException {
    return ServerCommand.doors(List.of(arguments));
  }

  @Test
  void flagAndValueMayBeTwoArguments() throws UsageException {
    assertThat(settings("--port", "7000", "--durability", "os").port()).isEqualTo(7000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port=65536",
        "--port=6379x",
        "--port=",
        "--bind= ",
        "--loops=0",
        "--loops=65",
        "--dir=",
        "--dir=\0",
        "--durability=interval:0ms",
        "--memory-limit=1mb",
        "--memtable-size=1gb1",
        "--wal-segment-size=1",
        "--table-size=2gb"
      })
  void badValueIsRefusedAndNamed(String argument) {
    String flag = argument.substring(0, argument.indexOf('='));
    String value = argument.substring(argument.indexOf('=') + 1);
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> settings(argument))
        .withMessageStartingWith(flag + " '" + value + "': ");
  }

  private static ServerSettings settings(String... arguments) throws UsageException {
    return ServerCommand.settings(List.of(arguments));
  }
}
