package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.atStart;
import static io.atlaskv.redis.config.SettingSpec.live;

/// Where clients come in.
public final class NetworkSettings {
  private static final int PORT_MAX = 65_535;
  private static final int LOOPS_MAX = 64;

  public final NumberSetting port;
  public final ValueSetting<String> bind;
  public final ValueSetting<String> unixsocket;
  public final ValueSetting<String> unixsocketperm;
  public final BooleanSetting protectedMode;
  public final NumberSetting nativePort;
  public final NumberSetting httpPort;
  public final ValueSetting<String> httpBind;
  public final NumberSetting tcpBacklog;
  public final NumberSetting tcpKeepalive;
  public final NumberSetting loops;

  NetworkSettings(Settings settings) {
    settings.section("Network");
    port =
        settings.number(
            live("port", "Port to listen on; 0 takes a free one and says which."),
            6379,
            0,
            PORT_MAX);
    bind =
        settings.text(
            live(
                    "bind",
                    "Addresses to listen on; `*` is all of them; one with a `-` in front may be"
                        + " missing on this machine.")
                .list(),
            "127.0.0.1");
    unixsocket =
        settings.text(
            atStart("unixsocket", "Path of a Unix socket to listen on too; empty: none."), "");
    unixsocketperm =
        settings.value(
            atStart("unixsocketperm", "Its permissions, in octal; 0 leaves them to the system."),
            FileMode.FORM,
            "0");
    protectedMode =
        settings.bool(
            live(
                "protected-mode",
                "While there is no password, only clients of this machine are let in."),
            true);
    nativePort =
        settings.number(
            atStart(
                "native-port",
                "Port of the native protocol, on the first address of `bind`; 0 takes a free one, -1"
                    + " none. If `port` or a redis.conf is given: none, unless this is given too."),
            6380,
            -1,
            PORT_MAX);
    httpPort =
        settings.number(
            atStart(
                "http-port",
                "Port of /health, /ready and /metrics; 0 takes a free one, -1 none. If `port` or a"
                    + " redis.conf is given: none, unless this is given too."),
            6381,
            -1,
            PORT_MAX);
    httpBind =
        settings.text(
            atStart("http-bind", "Address of the HTTP port, which asks for no password."),
            "127.0.0.1");
    tcpBacklog =
        settings.number(
            atStart("tcp-backlog", "Connections that may wait to be accepted."),
            511,
            1,
            Integer.MAX_VALUE);
    tcpKeepalive =
        settings.number(
            live(
                "tcp-keepalive",
                "Seconds of silence after which the system asks whether a client is still there;"
                    + " 0: never."),
            300,
            0,
            Integer.MAX_VALUE);
    loops =
        settings.number(
            atStart("loops", "Threads that serve clients; 0 is half of the processors."),
            0,
            0,
            LOOPS_MAX);
  }
}
