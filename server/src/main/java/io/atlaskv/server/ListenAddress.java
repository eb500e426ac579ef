package io.atlaskv.server;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One address of `bind`.
///
/// @param host a name or number; empty: every address of the machine, of both families
/// @param isOptional may be missing on this machine
record ListenAddress(String host, boolean isOptional) {
  private static final Set<String> EVERY = Set.of("*", "0.0.0.0", "::*", "::");
  private static final ListenAddress ALL = new ListenAddress("", false);

  /// Words of `bind`, which may be none. One socket serves every address, so `*` and `::*` are one.
  static List<ListenAddress> parse(String bind) {
    var addresses = new LinkedHashSet<ListenAddress>();
    for (String word : bind.strip().split(" +", -1)) {
      boolean isOptional = word.startsWith("-");
      String host = isOptional ? word.substring(1) : word;
      if (EVERY.contains(host)) {
        return List.of(ALL);
      }
      if (!host.isEmpty()) {
        addresses.add(new ListenAddress(host, isOptional));
      }
    }
    return List.copyOf(addresses);
  }

  /// The first of them, for a door that has one socket; this machine if there is none.
  static String first(String bind) {
    List<ListenAddress> addresses = parse(bind);
    if (addresses.isEmpty()) {
      return "127.0.0.1";
    }
    String host = addresses.getFirst().host;
    return host.isEmpty() ? "::" : host;
  }

  @Override
  public String toString() {
    return host.isEmpty() ? "*" : host;
  }
}
