package io.atlaskv.cli.client;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/// Completes names of commands and subcommands. It asks the server for them once, with the first
/// word that is to be completed.
final class CommandCompleter implements Completer {
  private final CliSession session;
  private @Nullable NavigableSet<String> names;

  CommandCompleter(CliSession session) {
    this.session = session;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    for (String name : matching(line.words())) {
      candidates.add(new Candidate(name));
    }
  }

  /// What the last of the words may become, in the case it was begun in.
  List<String> matching(List<String> words) {
    String last = words.getLast();
    boolean isUpper = !last.isEmpty() && last.equals(last.toUpperCase(Locale.ROOT));
    String prefix = words.size() == 2 ? words.getFirst().toLowerCase(Locale.ROOT) + "|" : "";
    if (words.size() > 2) {
      return List.of();
    }
    String begun = prefix + last.toLowerCase(Locale.ROOT);
    return names().tailSet(begun, true).stream()
        .takeWhile(name -> name.startsWith(begun))
        .map(name -> name.substring(prefix.length()))
        .filter(name -> name.indexOf('|') < 0)
        .map(name -> isUpper ? name.toUpperCase(Locale.ROOT) : name)
        .toList();
  }

  private NavigableSet<String> names() {
    NavigableSet<String> known = names;
    if (known == null) {
      known = new TreeSet<>(List.of("clear", "exit"));
      try {
        collect(session.connect().call(List.of(Bytes.of("COMMAND"))), known);
      } catch (IOException | RefusedException _) {
        return known; // ask again next time
      }
      names = known;
    }
    return known;
  }

  /// COMMAND's reply: a name first, the subcommands tenth, in the same form.
  private static void collect(Reply reply, Set<String> known) {
    if (!(reply instanceof Reply.Many commands)) {
      return;
    }
    for (Reply command : commands.elements()) {
      if (command instanceof Reply.Many facts && !facts.elements().isEmpty()) {
        if (facts.elements().getFirst() instanceof Reply.Bulk name && name.bytes().text() != null) {
          known.add(String.valueOf(name.bytes().text()));
        }
        if (facts.elements().size() > 9) {
          collect(facts.elements().get(9), known);
        }
      }
    }
  }
}
