package io.atlaskv.example.searchindex;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `add DIR FILE...`, `search DIR WORD...`, `suggest DIR BEGINNING`; DIR is the store. A document
/// is numbered by the hash of its path, so that adding it again replaces it.
public final class SearchIndexMain {
  private static final int LINES = 10;
  private static final String USAGE =
      "usage: add DIR FILE... | search DIR WORD... | suggest DIR BEGINNING";

  private SearchIndexMain() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3) {
      System.err.println(USAGE);
      System.exit(2);
    }
    List<String> rest = List.of(arguments).subList(2, arguments.length);
    try (Db db = AtlasKv.open(Path.of(arguments[1]))) {
      var index = new SearchIndex(db);
      switch (arguments[0]) {
        case "add" -> add(index, rest);
        case "search" ->
            index
                .search(rest, LINES)
                .forEach(hit -> System.out.println(hit.score() + "  " + hit.document().title()));
        case "suggest" ->
            index
                .suggest(rest.getFirst(), LINES)
                .forEach(found -> System.out.println(found.documents() + "  " + found.word()));
        default -> {
          System.err.println(USAGE);
          System.exit(2);
        }
      }
    }
  }

  private static void add(SearchIndex index, List<String> files) throws IOException {
    for (String file : files) {
      index.put(file.hashCode(), new Document(file, Files.readString(Path.of(file))));
    }
  }
}
