package io.atlaskv.redis.config;

/// Which door a value came through, weakest first.
///
/// @param door of the value
/// @param place where exactly, say `atlaskv.yaml:3` or `ATLASKV_PORT`; empty if the door says it
///   all
public record Origin(Door door, String place) {
  /// The doors, each stronger than those before it.
  public enum Door {
    DEFAULT,
    PROFILE,
    FILE,
    ENVIRONMENT,
    FLAG,
    CONFIG_SET
  }

  static final Origin DEFAULT = new Origin(Door.DEFAULT, "");
  static final Origin PROGRAM = new Origin(Door.FLAG, "program");
  static final Origin CONFIG_SET = new Origin(Door.CONFIG_SET, "");

  @Override
  public String toString() {
    return switch (door) {
      case DEFAULT -> "default";
      case PROFILE -> "profile " + place;
      case FILE, ENVIRONMENT, FLAG -> place;
      case CONFIG_SET -> "CONFIG SET";
    };
  }
}
