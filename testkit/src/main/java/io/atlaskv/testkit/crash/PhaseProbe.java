package io.atlaskv.testkit.crash;

import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import java.util.EnumSet;
import java.util.Set;

/// Asks a running server through `INFO persistence` what it is at.
final class PhaseProbe implements AutoCloseable {
  private final RespConnection connection;
  private long switchesBefore = -1;

  PhaseProbe(RespConnection connection) {
    this.connection = connection;
  }

  Set<Phase> poll() {
    if (!(connection.call("INFO", "persistence") instanceof RespReply.Bulk(String info))) {
      return EnumSet.noneOf(Phase.class);
    }
    var phases = EnumSet.noneOf(Phase.class);
    if (field(info, "atlas_flush_running") > 0) {
      phases.add(Phase.FLUSH);
    }
    if (field(info, "atlas_compaction_running") > 0) {
      phases.add(Phase.COMPACTION);
    }
    long switches = field(info, "atlas_log_segment_switches");
    if (switchesBefore >= 0 && switches != switchesBefore) {
      phases.add(Phase.SEGMENT_SWITCH);
    }
    switchesBefore = switches;
    return phases;
  }

  @Override
  public void close() {
    connection.close();
  }

  /// 0 where the server does not know the field.
  private static long field(String info, String name) {
    int start = info.indexOf(name + ":");
    if (start < 0) {
      return 0;
    }
    int end = info.indexOf('\r', start);
    return Long.parseLong(info.substring(start + name.length() + 1, end < 0 ? info.length() : end));
  }
}
