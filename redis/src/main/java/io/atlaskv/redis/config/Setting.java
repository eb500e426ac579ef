package io.atlaskv.redis.config;

import org.jspecify.annotations.Nullable;

/// One setting: a name, a type, and the value it has now, which any thread may read at any time.
///
/// Invariants:
/// - C1: `parse(text())` is the value again.
/// - C2: only `Settings` writes values, under its lock, and then runs the listeners.
public abstract class Setting {
  private final SettingSpec spec;
  private volatile Origin origin = Origin.DEFAULT;
  private @Nullable Runnable listener;

  Setting(SettingSpec spec) {
    this.spec = spec;
  }

  public SettingSpec spec() {
    return spec;
  }

  public String name() {
    return spec.name();
  }

  /// The value as CONFIG GET says it.
  public abstract String text();

  /// The value as CONFIG GET says it under one of its names.
  String textAs(String ignoredName) {
    return text();
  }

  /// What it is when nobody says anything.
  public abstract String defaultText();

  /// What may be given, for people.
  public abstract String allowed();

  /// Takes a value; the listener does not run.
  ///
  /// @throws IllegalArgumentException in Redis' words where it has some
  abstract void assign(String text);

  /// Where the value came from.
  public Origin origin() {
    return origin;
  }

  void origin(Origin newOrigin) {
    origin = newOrigin;
  }

  /// True if nobody said anything.
  public boolean isDefault() {
    return text().equals(defaultText());
  }

  /// Runs `action` after each change by CONFIG SET, when all parameters of the call have their new
  /// values. It throws IllegalArgumentException if the new value cannot be had; then all parameters
  /// get their old values back, and `action` may run again.
  public void onChange(Runnable action) {
    listener = action;
  }

  @Nullable Runnable listener() {
    return listener;
  }

  @Override
  public String toString() {
    return name() + " " + text();
  }
}
