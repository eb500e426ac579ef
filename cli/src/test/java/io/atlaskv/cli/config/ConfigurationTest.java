package io.atlaskv.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.config.Origin;
import io.atlaskv.redis.config.Profile;
import io.atlaskv.redis.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Configuration read(Map<String, String> environment, Object... arguments)
      throws ConfigurationException {
    return Configuration.read(
        List.of(arguments).stream().map(String::valueOf).toList(), environment);
  }

  private static Settings settings(Object... arguments) throws ConfigurationException {
    return read(Map.of(), arguments).settings();
  }

  private static List<String> mistakes(Map<String, String> environment, Object... arguments) {
    return catchThrowableOfType(ConfigurationException.class, () -> read(environment, arguments))
        .sentences();
  }

  private static List<String> mistakes(Object... arguments) {
    return mistakes(Map.of(), arguments);
  }

  @Test
  void nothingMeansDefaults() throws ConfigurationException {
    Settings settings = settings();
    assertThat(settings.all()).allMatch(setting -> setting.isDefault());
    assertThat(settings.home()).isNull();
    assertThat(settings.network.bind.value()).isEqualTo("127.0.0.1");
  }

  @Test
  void eachDoorIsStrongerThanThoseBeforeIt() throws Exception {
    Path yaml = file("a.yaml", "port: 1\nmemory-limit: 128mb\nloops: 3\nslowlog-max-len: 5\n");
    var environment = Map.of("ATLASKV_MEMORY_LIMIT", "256mb", "ATLASKV_LOOPS", "4", "PATH", "x");
    Settings settings = read(environment, "--config", yaml, "--loops", "5").settings();
    assertThat(settings.network.port.value()).isEqualTo(1);
    assertThat(settings.network.port.origin()).hasToString("a.yaml:1");
    assertThat(settings.storage.memoryLimit.value()).isEqualTo(256L << 20);
    assertThat(settings.storage.memoryLimit.origin()).hasToString("ATLASKV_MEMORY_LIMIT");
    assertThat(settings.network.loops.value()).isEqualTo(5);
    assertThat(settings.network.loops.origin().door()).isEqualTo(Origin.Door.FLAG);
  }

  @Test
  void theEnvironmentMayNameTheFile() throws Exception {
    Path yaml = file("a.yaml", "port: 7001\n");
    Configuration configuration = read(Map.of("ATLASKV_CONFIG", yaml.toString()));
    assertThat(configuration.settings().network.port.value()).isEqualTo(7001);
  }

  @Test
  void variablesThatAreNoSettingsAreWarnedAboutUnlessTheyAreOthers() throws Exception {
    var environment =
        Map.of(
            "ATLASKV_HEAP", "1g",
            "ATLASKV_JAVA_OPTS", "-ea",
            "ATLASKV_CI_CHECK_SECONDS", "1",
            "ATLASKV_PORT", "tcp://10.0.0.1:6379",
            "ATLASKV_MEMORY_LIMT", "1gb");
    Configuration configuration = read(environment);
    assertThat(configuration.warnings())
        .containsExactly(
            "ATLASKV_MEMORY_LIMT: there is no setting 'memory-limt', did you mean 'memory-limit'?");
    assertThat(configuration.settings().network.port.isDefault()).isTrue();
  }

  @Test
  void yamlHasWordsListsAndItsOwnBooleans() throws Exception {
    Path yaml =
        file(
            "a.yaml",
            """
            # a comment
            port: 7000   # another
            bind: [127.0.0.1, "::1"]
            latency-tracking: false
            appendfsync: everysec
            save:
              - 900 1
              - 300 10
            dir: "/tmp/some data"
            """);
    Settings settings = settings(yaml);
    assertThat(settings.network.bind.value()).isEqualTo("127.0.0.1 ::1");
    assertThat(settings.monitoring.latencyTracking.isOn()).isFalse();
    assertThat(settings.storage.durability.value()).isEqualTo(Durability.parse("interval:1s"));
    assertThat(settings.storage.save.text()).isEqualTo("900 1 300 10");
    assertThat(settings.storage.dir.value()).isEqualTo("/tmp/some data");
  }

  @Test
  void mistakesInYamlAreToldWithTheirPlaces() throws Exception {
    Path yaml =
        file(
            "a.yaml",
            """
            prot: 7000
            loops: many

            daemonize: yes
            memory-limit: [1gb, 2gb]
            table-size: 1
            """);
    assertThat(mistakes(yaml))
        .containsExactly(
            "a.yaml:1: there is no setting 'prot', did you mean 'port'?",
            "a.yaml:2: 'loops \"many\"': argument couldn't be parsed into an integer"
                + " (allowed: a number from 0 to 64)",
            "a.yaml:4: 'daemonize \"yes\"' has no effect: the server stays in the foreground;"
                + " a service manager or '&' puts it elsewhere",
            "a.yaml:5: 'memory-limit \"1gb\" \"2gb\"': wrong number of arguments",
            "a.yaml:6: 'table-size \"1\"': argument must be between 65536 and 1073741824 inclusive"
                + " (allowed: a size from 64kb to 1gb)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'port: 1\\nport: 2' | a.yaml:2: 'port' is given twice",
        "'- port' | a.yaml:1: must be lines of the form 'name: value'",
        "'port: {a: b}' | a.yaml:1: 'port' must be a value or a list of values, not a mapping",
        "'a: 1\\n b: 2' | a.yaml:2: mapping values are not allowed here",
        "'[a]: 2' | a.yaml:1: the name of a setting must be a word"
      })
  void whatIsNoMappingOfNamesIsRefused(String text, String sentence) throws Exception {
    Path yaml = file("a.yaml", text.replace("\\n", "\n"));
    assertThat(mistakes(yaml)).containsExactly(sentence);
  }

  @Test
  void anEmptyYamlIsFine() throws Exception {
    assertThat(settings(file("a.yaml", "# nothing\n")).all())
        .allMatch(setting -> setting.isDefault());
  }

  @Test
  void aRedisConfIsTakenAsItIs() throws Exception {
    Path more = file("more.conf", "slowlog-max-len 7\n");
    Path conf =
        file(
            "redis.conf",
            """
            # Redis
            port 7000
            BIND 127.0.0.1 -::1
            include %s
            appendonly no
            appendfsync always
            daemonize yes
            logfile ""
            save 900 1
            save 300 10
            maxmemory 100mb
            maxmemory-polcy noeviction
            rdb-save-incremental-fsync yes
            rdb-save-incremental-fsync no
            hash-max-ziplist-entries 33
            """
                .formatted(more));
    Configuration configuration = read(Map.of(), conf, "--port", "7001");
    Settings settings = configuration.settings();
    assertThat(settings.network.port.value()).isEqualTo(7001);
    assertThat(settings.network.bind.value()).isEqualTo("127.0.0.1 -::1");
    assertThat(settings.monitoring.slowlogMaxLen.value()).isEqualTo(7);
    assertThat(settings.storage.durability.value()).isEqualTo(Durability.ALWAYS);
    assertThat(settings.storage.save.text()).isEqualTo("900 1 300 10");
    assertThat(settings.storage.dir.value()).isEqualTo(".");
    assertThat(settings.eviction.maxmemory.value()).isEqualTo(100 << 20);
    assertThat(settings.matching(List.of("hash-max-listpack-entries")))
        .containsEntry("hash-max-listpack-entries", "33");
    assertThat(configuration.warnings())
        .containsExactly(
            "redis.conf:5: 'appendonly \"no\"' has no effect: every write is logged whatever this"
                + " says; 'appendfsync no' is the setting that does not wait for the disk",
            "redis.conf:7: 'daemonize \"yes\"' has no effect: the server stays in the foreground;"
                + " a service manager or '&' puts it elsewhere",
            "redis.conf:12: there is no setting 'maxmemory-polcy', did you mean"
                + " 'maxmemory-policy'?",
            "redis.conf:13: there is no setting 'rdb-save-incremental-fsync'",
            "redis.conf:15: 'hash-max-ziplist-entries \"33\"' has no effect: there are no collection"
                + " types yet");
  }

  @Test
  void aRedisConfThatSaysNothingMeansWhatItMeansToRedis() throws Exception {
    Settings settings = settings(file("redis.conf", ""));
    assertThat(settings.network.bind.value()).isEqualTo("* -::*");
    assertThat(settings.storage.save.text()).isEqualTo("3600 1 300 100 60 10000");
    Path conf = file("b.conf", "save 5 1\nsave \"\"\nsave 6 1\n");
    assertThat(settings(conf).storage.save.text()).isEqualTo("6 1");
    assertThat(settings(conf, "--save", "7", "1").storage.save.text()).isEqualTo("6 1 7 1");
    assertThat(settings(conf, "--save", "").storage.save.text()).isEmpty();
  }

  @Test
  void percentilesAreWords() throws Exception {
    Path conf = file("redis.conf", "latency-tracking-info-percentiles 50 99 99.9\n");
    assertThat(settings(conf).monitoring.latencyTrackingInfoPercentiles.value().percents())
        .containsExactly(50.0, 99.0, 99.9);
    Path yaml = file("a.yaml", "latency-tracking-info-percentiles: [50, 75]\n");
    assertThat(settings(yaml).monitoring.latencyTrackingInfoPercentiles.text()).isEqualTo("50 75");
    assertThat(settings("--latency-tracking-info-percentiles", "5", "10"))
        .extracting(all -> all.monitoring.latencyTrackingInfoPercentiles.text())
        .isEqualTo("5 10");
  }

  @Test
  void commandsGetOtherNamesOrNone() throws Exception {
    Path conf = file("redis.conf", "rename-command FLUSHDB badger\nrename-command flushall \"\"\n");
    assertThat(settings(conf).access.renameCommand.value().renamed())
        .isEqualTo(Map.of("flushdb", "badger", "flushall", ""));
    assertThat(settings(conf).access.renameCommand.text()).isEqualTo("flushall  flushdb badger");
  }

  @Test
  void secretsAreNotTold() throws Exception {
    Configuration configuration = read(Map.of(), file("redis.conf", "masterauth foobared\n"));
    assertThat(configuration.warnings())
        .containsExactly("redis.conf:1: 'masterauth' has no effect: there is no replication yet");
  }

  @Test
  void whatMustNotBeIgnoredEndsTheStart() throws Exception {
    Path conf = file("redis.conf", "replicaof 10.0.0.1 6379\ntls-port 6380\ncluster-enabled yes\n");
    assertThat(mistakes(conf))
        .containsExactly(
            "redis.conf:1: 'replicaof \"10.0.0.1\" \"6379\"': there is no replication yet"
                + " (allowed: nothing)",
            "redis.conf:2: 'tls-port \"6380\"': there is no TLS yet (allowed: 0)",
            "redis.conf:3: 'cluster-enabled \"yes\"': there is no cluster mode yet (allowed: no)");
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws Exception {
    Path missing = folder.resolve("none.conf");
    assertThat(mistakes(missing)).containsExactly(missing + ": there is no such file");
    Path loop = folder.resolve("loop.conf");
    Files.writeString(loop, "include " + loop + "\n");
    assertThat(mistakes(loop)).containsExactly("loop.conf:1: files include each other, 16 deep");
    assertThat(mistakes(file("c.conf", "\nport \"1\n")))
        .containsExactly("c.conf:2: unbalanced quotes in the line");
  }

  @Test
  void flagsAreReadAsRedisReadsThem() throws Exception {
    Settings settings =
        settings(
            "--port=7000",
            "--maxmemory 700mb",
            "--shutdown-on-sigint",
            "nosave",
            "force",
            "now",
            "--proc-title-template",
            "--my--title",
            "--save",
            "--loglevel",
            "verbose",
            "--save");
    assertThat(settings.matching(List.of("port", "maxmemory", "shutdown-on-sigint", "loglevel")))
        .isEqualTo(
            Map.of(
                "port", "7000",
                "maxmemory", "734003200",
                "shutdown-on-sigint", "nosave now force",
                "loglevel", "verbose"));
    assertThat(settings.matching(List.of("proc-title-template")))
        .containsEntry("proc-title-template", "--my--title");
    assertThat(settings(file("r.conf", ""), "loglevel", "verbose", "--maxmemory '1mb'").all())
        .anyMatch(setting -> setting.toString().equals("maxmemory 1048576"))
        .anyMatch(setting -> setting.toString().equals("loglevel verbose"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--port | 'port': wrong number of arguments",
        "--port,6380,--loglevel | 'loglevel': wrong number of arguments",
        "--port,6379,6380 | 'port \"6379\" \"6380\"': wrong number of arguments",
        "--port,--loglevel,verbose | 'port \"--loglevel\" \"verbose\"': wrong number of arguments",
        "--port,--bla,--loglevel,verbose | 'port \"--bla\"': argument couldn't be parsed into an"
            + " integer (allowed: a number from 0 to 65535)",
        "--logfile,--my--log,--loglevel,--bla | 'loglevel \"--bla\"': argument(s) must be one of the"
            + " following: debug, verbose, notice, warning (allowed: debug, verbose, notice, warning)",
        "--shutdown-on-sigint | 'shutdown-on-sigint': argument(s) must be one of the following:"
            + " default, save, nosave, now, force (allowed: default, or words of: save, nosave, now,"
            + " force)",
        "--replicaof,127.0.0.1,abc | 'replicaof \"127.0.0.1\" \"abc\"': Invalid master port"
            + " (allowed: nothing)",
        "--replicaof,--127.0.0.1,--abc,x | 'replicaof \"--127.0.0.1\"': wrong number of arguments"
            + " (allowed: nothing)"
      })
  void mistakesAmongFlagsAreToldAsRedisTellsThem(String arguments, String sentence) {
    assertThat(mistakes((Object[]) arguments.split(","))).contains("command line: " + sentence);
  }

  @Test
  void aProfileIsWeakerThanWhatIsGivenByName() throws Exception {
    Settings settings = settings("--profile", "financial");
    assertThat(settings.storage.profile.value()).isEqualTo(Profile.FINANCIAL);
    assertThat(settings.storage.durability.value()).isEqualTo(Durability.ALWAYS);
    assertThat(settings.storage.durability.origin()).hasToString("profile financial");
    Path yaml = file("a.yaml", "durability: interval:50ms\nprofile: cache-with-fallback\n");
    assertThat(settings(yaml, "--profile", "financial").storage.durability.text())
        .isEqualTo("interval:50ms");
  }

  @ParameterizedTest
  @CsvSource({
    "cache, os, ''",
    "cache-with-fallback, interval:1000ms, ''",
    "application-state, interval:1000ms, 3600 1 300 100 60 10000",
    "financial, always, 3600 1 300 100 60 10000",
    "offset-store, interval:1000ms, ''"
  })
  void profilesSetWhatTheirPurposeNeeds(String profile, String durability, String save)
      throws Exception {
    Settings settings = settings("--profile", profile);
    assertThat(settings.storage.durability.text()).isEqualTo(durability);
    assertThat(settings.storage.save.text()).isEqualTo(save);
  }
}
