package io.atlaskv.redis.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private final Settings settings = new Settings();
  private final NumberSetting length = settings.monitoring.slowlogMaxLen;
  private final BooleanSetting tracking = settings.monitoring.latencyTracking;

  private void change(String... words) throws SettingException {
    var assignments = new ArrayList<Settings.Assignment>();
    for (int i = 0; i < words.length; i += 2) {
      assignments.add(new Settings.Assignment(words[i], words[i + 1]));
    }
    settings.change(assignments, false);
  }

  private void assertRefused(String sentence, String... words) {
    assertThatThrownBy(() -> change(words))
        .isInstanceOf(SettingException.class)
        .hasMessage(sentence);
  }

  private static String failed(String name, String reason) {
    return "CONFIG SET failed (possibly related to argument '" + name + "') - " + reason;
  }

  @Test
  void everySettingTakesItsOwnText() {
    for (Setting setting : settings.all()) {
      String before = setting.text();
      setting.assign(before);
      assertThat(setting.text()).as(setting.name()).isEqualTo(before);
      assertThat(setting.isDefault()).as(setting.name()).isTrue();
    }
  }

  /// C1 of `Setting`: what CONFIG REWRITE writes is read again.
  @ParameterizedTest
  @CsvSource({
    "latency-tracking-info-percentiles, 0 0.0005 50 99.99 100",
    "notify-keyspace-events, AnKEm",
    "notify-keyspace-events, g$nKm"
  })
  void aTextIsTakenAndGivenBack(String name, String text) throws SettingException {
    change(name, text);
    assertThat(settings.matching(List.of(name))).containsExactly(Map.entry(name, text));
    change(name, settings.matching(List.of(name)).get(name));
    assertThat(settings.matching(List.of(name))).containsExactly(Map.entry(name, text));
  }

  @Test
  void aChangeIsSeenWithItsOrigin() throws SettingException {
    change("SLOWLOG-max-len", "7", "latency-tracking", "No");
    assertThat(length.value()).isEqualTo(7);
    assertThat(tracking.isOn()).isFalse();
    assertThat(length.origin()).isEqualTo(Origin.CONFIG_SET);
  }

  @Test
  void aValueThatIsRefusedUndoesThoseBeforeIt() {
    assertRefused(
        failed("latency-tracking", "argument must be 'yes' or 'no'"),
        "slowlog-max-len",
        "7",
        "latency-tracking",
        "x");
    assertThat(length.value()).isEqualTo(128);
    assertThat(length.origin()).isEqualTo(Origin.DEFAULT);
  }

  @Test
  void aListenerThatRefusesUndoesAllAndTellsThoseThatWereTold() {
    var told = new ArrayList<Long>();
    length.onChange(() -> told.add(length.value()));
    tracking.onChange(() -> {
      if (!tracking.isOn()) {
        throw new IllegalArgumentException("no way");
      }
    });
    assertRefused(
        failed("latency-tracking", "no way"), "slowlog-max-len", "7", "latency-tracking", "no");
    assertThat(told).containsExactly(7L, 128L);
    assertThat(tracking.isOn()).isTrue();
  }

  @Test
  void aListenerOfTwoSettingsRunsOnceWhenBothHaveTheirValues() throws SettingException {
    var told = new ArrayList<String>();
    Runnable listener = () -> told.add(length.text() + " " + tracking.text());
    length.onChange(listener);
    tracking.onChange(listener);
    change("slowlog-max-len", "7", "latency-tracking", "no");
    assertThat(told).containsExactly("7 no");
  }

  @Test
  void namesThatCannotBeSetAreToldInTheOrderGiven() {
    assertRefused(
        "Unknown option or number of arguments for CONFIG SET - 'nope'",
        "nope",
        "1",
        "databases",
        "1");
    assertRefused(failed("databases", "can't set immutable config"), "databases", "1", "nope", "1");
    assertRefused(
        failed("Slowlog-max-len", "duplicate parameter"),
        "slowlog-max-len",
        "1",
        "Slowlog-max-len",
        "2");
  }

  @Test
  void whatCannotBeSetTakesTheValueThatItHas() throws SettingException {
    change("databases", "16", "slowlog-max-len", "3");
    assertThat(length.value()).isEqualTo(3);
  }

  @Test
  void patternsShowEachNameOnce() {
    assertThat(settings.matching(List.of("slowlog-*", "SLOWLOG-MAX-LEN", "nope")))
        .isEqualTo(Map.of("slowlog-log-slower-than", "10000", "slowlog-max-len", "128"));
  }

  @Test
  void durabilityAnswersToTwoNames() throws SettingException {
    var names = List.of("appendfsync", "durability");
    assertThat(settings.matching(names))
        .isEqualTo(Map.of("appendfsync", "interval:100ms", "durability", "interval:100ms"));
    change("appendfsync", "everysec");
    assertThat(settings.matching(names))
        .isEqualTo(Map.of("appendfsync", "everysec", "durability", "interval:1000ms"));
    change("durability", "os");
    assertThat(settings.matching(names)).isEqualTo(Map.of("appendfsync", "no", "durability", "os"));
    assertThat(settings.storage.durability.value()).isEqualTo(Durability.OS);
    assertRefused(
        failed(
            "appendfsync",
            "argument(s) must be one of the following: always, everysec, no, os, interval:1ms to"
                + " interval:3600s"),
        "appendfsync",
        "sometimes");
  }

  @ParameterizedTest
  @CsvSource({"x", "''", "01", "+1", "' 1'", "1k", "99999999999999999999"})
  void numbersAreReadAsRedisReadsThem(String text) {
    assertRefused(
        failed("slowlog-max-len", "argument couldn't be parsed into an integer"),
        "slowlog-max-len",
        text);
  }

  @Test
  void numbersHaveBounds() {
    assertRefused(
        failed("slowlog-max-len", "argument must be between 0 and 9223372036854775807 inclusive"),
        "slowlog-max-len",
        "-1");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1b, 1",
    "2k, 2000",
    "2KB, 2048",
    "3m, 3000000",
    "3Mb, 3145728",
    "1g, 1000000000",
    "1gb, 1073741824",
    "9223372036854775807, 9223372036854775807"
  })
  void sizesHaveRedisUnits(String text, long bytes) {
    assertThat(MemorySize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"kb", "-1", "1tb", "1 kb", "1.5gb", "9223372036854775808", "9000000000gb"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> MemorySize.parse(text)).isInstanceOf(NumberFormatException.class);
  }
}
