package io.atlaskv.redis.config;

import java.util.ArrayList;
import java.util.List;

/// What is known of a setting beside its type and value: CONFIG, the doors of configuration and
/// `docs/configuration.md` read this.
///
/// @param name in lower case; the environment writes it `ATLASKV_NAME` with `_` for `-`
/// @param summary what it does, one line
/// @param isLive CONFIG SET takes it; otherwise it is known at the start only
/// @param isProtected CONFIG SET takes it only where `enable-protected-configs` allows
/// @param isSecret its value is not to be logged
/// @param isHidden CONFIG GET shows it only by its full name
/// @param isAccumulated each line of a redis.conf adds to it
/// @param aliases older names
/// @param ignored why nothing obeys it; empty for all that have an effect
public record SettingSpec(
    String name,
    String summary,
    boolean isLive,
    boolean isProtected,
    boolean isSecret,
    boolean isHidden,
    boolean isAccumulated,
    List<String> aliases,
    String ignored) {

  public SettingSpec {
    aliases = List.copyOf(aliases);
  }

  /// CONFIG SET changes it.
  public static SettingSpec live(String name, String summary) {
    return new SettingSpec(name, summary, true, false, false, false, false, List.of(), "");
  }

  /// Given at the start, for good.
  public static SettingSpec atStart(String name, String summary) {
    return new SettingSpec(name, summary, false, false, false, false, false, List.of(), "");
  }

  /// Known because tools and Redis' own tests set it, though nothing here obeys it.
  ///
  /// @param reason why not, as people read it after the words "has no effect:"
  public static SettingSpec ignored(String name, String reason) {
    return new SettingSpec(name, "", true, false, false, false, false, List.of(), reason);
  }

  public SettingSpec guarded() {
    return new SettingSpec(
        name, summary, isLive, true, isSecret, isHidden, isAccumulated, aliases, ignored);
  }

  public SettingSpec secret() {
    return new SettingSpec(
        name, summary, isLive, isProtected, true, isHidden, isAccumulated, aliases, ignored);
  }

  public SettingSpec hidden() {
    return new SettingSpec(
        name, summary, isLive, isProtected, isSecret, true, isAccumulated, aliases, ignored);
  }

  public SettingSpec accumulated() {
    return new SettingSpec(
        name, summary, isLive, isProtected, isSecret, isHidden, true, aliases, ignored);
  }

  public SettingSpec fixed() {
    return new SettingSpec(
        name, summary, false, isProtected, isSecret, isHidden, isAccumulated, aliases, ignored);
  }

  public SettingSpec alias(String alias) {
    var all = new ArrayList<>(aliases);
    all.add(alias);
    return new SettingSpec(
        name, summary, isLive, isProtected, isSecret, isHidden, isAccumulated, all, ignored);
  }

  public boolean isIgnored() {
    return !ignored.isEmpty();
  }
}
