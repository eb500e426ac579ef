package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.atStart;
import static io.atlaskv.redis.config.SettingSpec.live;

import java.util.List;

/// The process: its log, its beginning and its end.
public final class ProcessSettings {
  /// Which lines of the log are written: those of this level and above.
  public enum LogLevel {
    DEBUG,
    VERBOSE,
    NOTICE,
    WARNING
  }

  public final ChoiceSetting<LogLevel> loglevel;
  public final ValueSetting<String> logfile;
  public final ValueSetting<String> pidfile;
  public final OomSettings oom;
  public final ForcedSetting daemonize;
  public final ForcedSetting clusterEnabled;
  public final ForcedSetting tlsPort;
  public final ValueSetting<String> replicaof;

  ProcessSettings(Settings settings) {
    settings.section("Process");
    loglevel = settings.choice(live("loglevel", "How much is logged."), LogLevel.NOTICE);
    logfile = settings.text(atStart("logfile", "File of the log; empty: standard output."), "");
    pidfile =
        settings.text(
            atStart("pidfile", "File that has the id of the process while it runs; empty: none."),
            "");
    oom = new OomSettings(settings);
    daemonize =
        settings.add(
            ForcedSetting.tolerant(
                atStart("daemonize", "Whether it goes to the background: it does not."),
                "no",
                "the server stays in the foreground; a service manager or '&' puts it elsewhere"));
    clusterEnabled =
        settings.add(
            ForcedSetting.strict(
                atStart("cluster-enabled", "Whether it is part of a cluster: there is none yet."),
                "no",
                "there is no cluster mode yet"));
    tlsPort =
        settings.add(
            ForcedSetting.strict(
                atStart("tls-port", "Port for TLS: there is none yet."),
                "0",
                "there is no TLS yet"));
    replicaof =
        settings.value(
            atStart("replicaof", "Whose replica it is: it is nobody's.").alias("slaveof").list(),
            new ValueSetting.Form<>("nothing", (text, _) -> master(text), text -> text),
            "");
  }

  /// As Redis checks it, up to the point where it would begin.
  private static String master(String text) {
    if (text.isEmpty()) {
      return text;
    }
    List<String> words = List.of(text.split(" ", -1));
    if (words.size() != 2) {
      throw new IllegalArgumentException("wrong number of arguments");
    }
    if (!words.get(1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("Invalid master port");
    }
    throw new IllegalArgumentException("there is no replication yet");
  }
}
