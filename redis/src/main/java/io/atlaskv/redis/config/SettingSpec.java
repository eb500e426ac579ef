package io.atlaskv.redis.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What is known of a setting beside its type and value: CONFIG, the doors of configuration and
/// `docs/configuration.md` read this.
///
/// @param name in lower case; the environment writes it `ATLASKV_NAME` with `_` for `-`
/// @param summary what it does, one line; why nothing obeys it, if it is ignored
/// @param traits how it may be given
/// @param aliases older names
public record SettingSpec(String name, String summary, Set<Trait> traits, List<String> aliases) {
  /// How a setting may be given.
  public enum Trait {
    /// CONFIG SET takes it; otherwise it is known at the start only.
    LIVE,
    /// CONFIG SET takes it only where `enable-protected-configs` allows.
    PROTECTED,
    /// Its value is not to be logged.
    SECRET,
    /// CONFIG GET shows it only by its full name.
    HIDDEN,
    /// It takes several words.
    LIST,
    /// It takes several words, and each line of a redis.conf adds to them.
    ACCUMULATED,
    /// Known because tools and Redis' own tests set it, though nothing here obeys it.
    IGNORED
  }

  public SettingSpec {
    traits = Set.copyOf(traits);
    aliases = List.copyOf(aliases);
  }

  /// CONFIG SET changes it.
  public static SettingSpec live(String name, String summary) {
    return new SettingSpec(name, summary, Set.of(Trait.LIVE), List.of());
  }

  /// Given at the start, for good.
  public static SettingSpec atStart(String name, String summary) {
    return new SettingSpec(name, summary, Set.of(), List.of());
  }

  /// Known, and without effect for a reason.
  static SettingSpec ignored(String name, String reason) {
    return new SettingSpec(name, reason, Set.of(Trait.LIVE, Trait.IGNORED), List.of());
  }

  public SettingSpec guarded() {
    return with(Trait.PROTECTED);
  }

  public SettingSpec secret() {
    return with(Trait.SECRET);
  }

  public SettingSpec hidden() {
    return with(Trait.HIDDEN);
  }

  public SettingSpec list() {
    return with(Trait.LIST);
  }

  public SettingSpec accumulated() {
    return with(Trait.LIST).with(Trait.ACCUMULATED);
  }

  /// Not by CONFIG SET after all.
  SettingSpec fixed() {
    var fewer = EnumSet.copyOf(traits);
    fewer.remove(Trait.LIVE);
    return new SettingSpec(name, summary, fewer, aliases);
  }

  private SettingSpec with(Trait trait) {
    var more = EnumSet.of(trait);
    more.addAll(traits);
    return new SettingSpec(name, summary, more, aliases);
  }

  /// An older name of the same.
  public SettingSpec alias(String alias) {
    var all = new ArrayList<>(aliases);
    all.add(alias);
    return new SettingSpec(name, summary, traits, all);
  }

  public boolean is(Trait trait) {
    return traits.contains(trait);
  }
}
