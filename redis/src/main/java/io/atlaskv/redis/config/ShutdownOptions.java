package io.atlaskv.redis.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a shutdown is done: words of `SHUTDOWN` and of `shutdown-on-sigterm`.
///
/// @param words none: as the server would do it on its own
public record ShutdownOptions(Set<Word> words) {
  /// Options, in the order in which they are written.
  public enum Word {
    SAVE,
    NOSAVE,
    NOW,
    FORCE;

    /// The word written so in any case, or null.
    public static @Nullable Word find(String text) {
      for (Word word : values()) {
        if (word.name().equalsIgnoreCase(text)) {
          return word;
        }
      }
      return null;
    }
  }

  private static final String DEFAULT_WORD = "default";

  public static final ShutdownOptions DEFAULT = new ShutdownOptions(Set.of());

  static final ValueSetting.Form<ShutdownOptions> FORM =
      new ValueSetting.Form<>(
          "default, or words of: save, nosave, now, force",
          (text, _) -> read(text),
          ShutdownOptions::text);

  public ShutdownOptions {
    words = Set.copyOf(words);
  }

  public boolean has(Word word) {
    return words.contains(word);
  }

  /// True unless they contradict each other.
  public boolean isValid() {
    return !has(Word.SAVE) || !has(Word.NOSAVE);
  }

  /// True if it is to end even if writes get lost.
  public boolean mayLoseWrites() {
    return has(Word.NOSAVE) || has(Word.FORCE);
  }

  /// Whether a snapshot is to be made first.
  ///
  /// @param isUsual whether the server makes some by itself
  public boolean wantsSnapshot(boolean isUsual) {
    return has(Word.SAVE) || (isUsual && !has(Word.NOSAVE));
  }

  private static ShutdownOptions read(String text) {
    var words = EnumSet.noneOf(Word.class);
    List<String> given = List.of(text.strip().toLowerCase(Locale.ROOT).split(" +", -1));
    if (!given.equals(List.of(DEFAULT_WORD))) {
      given.forEach(word -> words.add(word(word)));
    }
    var options = new ShutdownOptions(words);
    if (!options.isValid()) {
      throw invalid();
    }
    return options;
  }

  private static Word word(String text) {
    Word word = Word.find(text);
    if (word == null) {
      throw invalid();
    }
    return word;
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException(
        "argument(s) must be one of the following: default, save, nosave, now, force");
  }

  private String text() {
    if (words.isEmpty()) {
      return DEFAULT_WORD;
    }
    var text = new ArrayList<String>();
    EnumSet.copyOf(words).forEach(word -> text.add(word.name().toLowerCase(Locale.ROOT)));
    return String.join(" ", text);
  }
}
