package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.atStart;
import static io.atlaskv.redis.config.SettingSpec.live;

/// Who may do what.
public final class AccessSettings {
  /// Who is allowed something.
  public enum Audience {
    NO,
    YES,
    /// Clients on this machine.
    LOCAL;

    /// True if the client is one of them.
    ///
    /// @param isLocalClient whether it is on this machine
    public boolean includes(boolean isLocalClient) {
      return this == YES || (this == LOCAL && isLocalClient);
    }
  }

  public final ChoiceSetting<Audience> enableProtectedConfigs;
  public final ChoiceSetting<Audience> enableDebugCommand;

  public final ValueSetting<String> requirepass;
  public final ValueSetting<CommandNames> renameCommand;

  AccessSettings(Settings settings) {
    settings.section("Access");
    requirepass =
        settings.text(
            live("requirepass", "Password of the default user; empty: none is asked for.").secret(),
            "");
    renameCommand =
        settings.value(
            atStart("rename-command", "Another name for a command; an empty one takes it away.")
                .accumulated()
                .hidden(),
            CommandNames.FORM,
            CommandNames.ORIGINAL);
    enableProtectedConfigs =
        settings.choice(
            atStart("enable-protected-configs", "Who may change protected settings."), Audience.NO);
    enableDebugCommand =
        settings.choice(atStart("enable-debug-command", "Who may call DEBUG."), Audience.NO);
  }
}
