package io.atlaskv.example.debianindex;

import java.util.Optional;

/// One package of one list.
///
/// @param list name of the list's file
/// @param text the stanza, one char per byte (ISO-8859-1), so that no byte is lost on the way
record Stanza(String list, String text) {
  String name() {
    return required("Package");
  }

  /// `list/name/version/architecture`: in byte order, all packages of a list stand by name.
  String path() {
    return list + "/" + name() + "/" + required("Version") + "/" + required("Architecture");
  }

  /// Value of a field on one line.
  Optional<String> field(String field) {
    var start = field + ": ";
    int from = text.startsWith(start) ? 0 : text.indexOf("\n" + start) + 1;
    if (from == 0 && !text.startsWith(start)) {
      return Optional.empty();
    }
    int end = text.indexOf('\n', from);
    return Optional.of(text.substring(from + start.length(), end < 0 ? text.length() : end));
  }

  private String required(String field) {
    return field(field)
        .orElseThrow(() -> new IllegalStateException(list + ": no " + field + " in\n" + text));
  }
}
