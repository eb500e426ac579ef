package io.atlaskv.server;

import java.util.ArrayList;
import java.util.List;

/// One address of `bind`.
///
/// @param host a name or number; empty: every address of the machine
/// @param family which addresses are meant if `host` is empty
/// @param isOptional may be missing on this machine
record ListenAddress(String host, Family family, boolean isOptional) {
  /// Addresses of the machine.
  enum Family {
    IPV4,
    IPV6,
    BOTH
  }

  /// Words of `bind`, which may be none: `*` and `::*` for all addresses of a family, together one
  /// socket for both.
  static List<ListenAddress> parse(String bind) {
    var addresses = new ArrayList<ListenAddress>();
    for (String word : bind.strip().split(" +", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      boolean isOptional = word.startsWith("-");
      String host = isOptional ? word.substring(1) : word;
      addresses.add(
          switch (host) {
            case "*", "0.0.0.0" -> new ListenAddress("", Family.IPV4, isOptional);
            case "::*", "::" -> new ListenAddress("", Family.IPV6, isOptional);
            default -> new ListenAddress(host, Family.BOTH, isOptional);
          });
    }
    boolean isAny4 = addresses.stream().anyMatch(address -> address.isAny(Family.IPV4));
    boolean isAny6 = addresses.stream().anyMatch(address -> address.isAny(Family.IPV6));
    if (isAny4 && isAny6) {
      addresses.removeIf(address -> address.host.isEmpty());
      addresses.add(new ListenAddress("", Family.BOTH, false));
    }
    return addresses;
  }

  /// The first of them, for a door that has one socket; this machine if there is none.
  static String first(String bind) {
    List<ListenAddress> addresses = parse(bind);
    if (addresses.isEmpty()) {
      return "127.0.0.1";
    }
    ListenAddress first = addresses.getFirst();
    return first.host.isEmpty() ? (first.family == Family.IPV4 ? "0.0.0.0" : "::") : first.host;
  }

  private boolean isAny(Family wanted) {
    return host.isEmpty() && family == wanted;
  }

  @Override
  public String toString() {
    return host.isEmpty() ? "*" : host;
  }
}
