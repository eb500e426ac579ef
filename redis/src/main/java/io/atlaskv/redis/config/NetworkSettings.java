package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.atStart;

/// Where clients come in.
public final class NetworkSettings {
  private static final int PORT_MAX = 65_535;

  public final NumberSetting port;
  public final ValueSetting<String> bind;
  public final NumberSetting tcpBacklog;

  NetworkSettings(Settings settings) {
    port =
        settings.number(
            atStart("port", "Port to listen on; 0 takes a free one and says which."),
            6379,
            0,
            PORT_MAX);
    bind = settings.text(atStart("bind", "Address to listen on."), "127.0.0.1");
    tcpBacklog =
        settings.number(
            atStart("tcp-backlog", "Connections that wait to be accepted."),
            511,
            1,
            Integer.MAX_VALUE);
  }
}
