package io.atlaskv.server;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One address of `bind`.
///
/// @param host a name or number; empty: every address of the machine, of both families
/// @param isOptional may be missing on this machine
record ListenAddress(String host, boolean isOptional) {
  private static final Set<String> EVERY = Set.of("*", "0.0.0.0", "::*", "::");
  private static final ListenAddress ALL = new ListenAddress("", false);

  /// Words of `bind`, which may be none. One socket serves every address, so `*` and `::*` are one.
  static List<ListenAddress> parse(String bind) {
    var addresses = new ArrayList<ListenAddress>();
    for (String word : new LinkedHashSet<>(List.of(bind.strip().split(" +", -1)))) {
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

  /// For a door that has one socket, which takes the first of these that is there: this machine if
  /// there is none in `bind`.
  static List<ListenAddress> candidates(String bind) {
    List<ListenAddress> addresses = parse(bind);
    for (int i = 0; i < addresses.size(); i++) {
      if (!addresses.get(i).isOptional) {
        return addresses.subList(0, i + 1);
      }
    }
    return addresses.isEmpty() ? List.of(new ListenAddress("127.0.0.1", false)) : addresses;
  }

  // Not the record's own, which are made at run time: they would take a tenth of a server's start.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ListenAddress(String otherHost, boolean isOtherOptional)
        && host.equals(otherHost)
        && isOptional == isOtherOptional;
  }

  @Override
  public int hashCode() {
    return 2 * host.hashCode() + (isOptional ? 1 : 0);
  }

  @Override
  public String toString() {
    return host.isEmpty() ? "*" : host;
  }
}
