package io.atlaskv.example.searchindex;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchIndexTest {
  private static final List<String> VOCABULARY =
      List.of("ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine");

  @TempDir private Path directory;
  private Db db;
  private SearchIndex index;

  @BeforeEach
  void open() {
    db = AtlasKv.open(directory);
    index = new SearchIndex(db);
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void findsWhatHasAllWordsTheBestFirst() {
    index.put(1, new Document("Trees", "Oak and elm"));
    index.put(2, new Document("Oak", "oak, oak! ELM."));
    index.put(3, new Document("Elm", "elm"));

    assertThat(index.search(List.of("Oak", "elm"), 10))
        .extracting(SearchIndex.Hit::id, SearchIndex.Hit::score)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(2L, 4L),
            org.assertj.core.groups.Tuple.tuple(1L, 2L));
    assertThat(index.search(List.of("oak", "fir"), 10)).isEmpty();
    assertThat(index.search(List.of(), 10)).isEmpty();
    assertThat(index.search(List.of("elm"), 1)).hasSize(1);
  }

  @Test
  void aWordIsNotTheBeginningOfAnother() {
    index.put(1, new Document("", "oak"));
    index.put(2, new Document("", "oaks"));
    assertThat(index.search(List.of("oak"), 10))
        .extracting(SearchIndex.Hit::id)
        .containsExactly(1L);
  }

  @Test
  void suggestsWordsInUse() {
    index.put(1, new Document("", "larch lark"));
    index.put(2, new Document("", "larch"));
    assertThat(index.suggest("LAR", 10))
        .containsExactly(
            new SearchIndex.Suggestion("larch", 2), new SearchIndex.Suggestion("lark", 1));
    index.remove(1);
    assertThat(index.suggest("lar", 10)).containsExactly(new SearchIndex.Suggestion("larch", 1));
    assertThat(index.document(1)).isEmpty();
  }

  @Test
  void writersOfTheSameWordsLoseNothing() throws Exception {
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 4; t++) {
      int first = t * 25;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int id = first; id < first + 25; id++) {
                  index.put(id, new Document("", "oak"));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(index.suggest("oak", 1)).containsExactly(new SearchIndex.Suggestion("oak", 100));
    assertThat(index.search(List.of("oak"), 200)).hasSize(100);
  }

  @Test
  void agreesWithAMapAfterManyChangesAndAReopen() {
    long seed = 42;
    var random = new Random(seed);
    var model = new TreeMap<Long, Document>();
    for (int i = 0; i < 400; i++) {
      long id = random.nextInt(60);
      if (random.nextInt(4) == 0) {
        index.remove(id);
        model.remove(id);
      } else {
        var document = new Document("", sentence(random));
        index.put(id, document);
        model.put(id, document);
      }
    }
    close();
    open();
    for (String first : VOCABULARY) {
      for (String second : VOCABULARY) {
        assertThat(index.search(List.of(first, second), 100))
            .as("seed " + seed + ": " + first + " " + second)
            .extracting(SearchIndex.Hit::id)
            .containsExactlyInAnyOrderElementsOf(expected(model, List.of(first, second)));
      }
    }
  }

  private static String sentence(Random random) {
    var words = new ArrayList<String>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      words.add(VOCABULARY.get(random.nextInt(VOCABULARY.size())));
    }
    return String.join(" ", words);
  }

  private static List<Long> expected(Map<Long, Document> model, List<String> wanted) {
    return model.entrySet().stream()
        .filter(
            entry -> new TreeSet<>(List.of(entry.getValue().text().split(" "))).containsAll(wanted))
        .map(Map.Entry::getKey)
        .toList();
  }
}
