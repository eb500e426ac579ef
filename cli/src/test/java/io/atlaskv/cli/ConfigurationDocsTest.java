package io.atlaskv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.redis.config.Profile;
import io.atlaskv.redis.config.Setting;
import io.atlaskv.redis.config.SettingSpec.Trait;
import io.atlaskv.redis.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The tables of `docs/configuration.md` are made from the settings:
/// `-Datlaskv.golden.rewrite=true` writes them.
class ConfigurationDocsTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final String MARK = "<!-- from here on made by ConfigurationDocsTest -->\n";

  @Test
  void thePageSaysWhatTheSettingsSay() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).contains(MARK);
    String made = page.substring(0, page.indexOf(MARK)) + MARK + tables();
    if (Boolean.getBoolean("atlaskv.golden.rewrite")) {
      Files.writeString(PAGE, made);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(made);
  }

  private static String tables() {
    var text = new StringBuilder("\n## Profiles\n\n| profile | sets |\n| --- | --- |\n");
    for (Profile profile : Profile.values()) {
      var presets = new TreeMap<>(profile.presets());
      text.append("| `").append(word(profile)).append("` | ");
      text.append(
          String.join(
              ", ",
              presets.entrySet().stream()
                  .map(preset -> "`" + preset.getKey() + " " + quoted(preset.getValue()) + "`")
                  .toList()));
      text.append(presets.isEmpty() ? "nothing |\n" : " |\n");
    }
    new Settings()
        .sections()
        .forEach((title, settings) -> {
          text.append("\n## ").append(title).append("\n\n");
          text.append("| key, environment | values | default | change | what |\n");
          text.append("| --- | --- | --- | --- | --- |\n");
          settings.stream()
              .filter(setting -> !setting.spec().is(Trait.HIDDEN))
              .forEach(setting -> row(setting, text));
        });
    return text.toString();
  }

  private static void row(Setting setting, StringBuilder text) {
    text.append("| `").append(setting.name()).append('`');
    setting.spec().aliases().forEach(alias -> text.append(", `").append(alias).append('`'));
    text.append("<br>`ATLASKV_");
    text.append(setting.name().toUpperCase(Locale.ROOT).replace('-', '_')).append("` | ");
    text.append(cell(setting.allowed())).append(" | ");
    text.append(setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`");
    text.append(" | ").append(change(setting)).append(" | ");
    text.append(cell(setting.spec().summary())).append(" |\n");
  }

  private static String change(Setting setting) {
    if (!setting.spec().is(Trait.LIVE)) {
      return "at start";
    }
    return setting.spec().is(Trait.PROTECTED) ? "live, protected" : "live";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String quoted(String value) {
    return value.isEmpty() || value.contains(" ") ? "\"" + value + "\"" : value;
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
