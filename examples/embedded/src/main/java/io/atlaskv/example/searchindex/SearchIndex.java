package io.atlaskv.example.searchindex;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Finds documents by their words.
///
/// | namespace | key | value |
/// | --- | --- | --- |
/// | `documents` | number | [Document] |
/// | `postings` | word, document | how often it stands there |
/// | `words` | word | number of documents with it |
///
/// All three change in one transaction, and are searched as of one moment: a search never finds a
/// document by words that it no longer has. May be used by any number of threads.
public final class SearchIndex {
  /// A document that has all words.
  ///
  /// @param id number of the document
  /// @param score how often the words stand in it, all together
  public record Hit(long id, long score, Document document) {}

  /// A word that is in use.
  ///
  /// @param documents number of documents with it
  public record Suggestion(String word, long documents) {}

  private record Candidate(long id, long score) {}

  private static final Comparator<Candidate> BEST_LAST =
      Comparator.comparingLong(Candidate::score)
          .thenComparing(Comparator.comparingLong(Candidate::id).reversed());

  private final Db db;
  private final KeyValueStore documents;
  private final KeyValueStore postings;
  private final KeyValueStore words;

  public SearchIndex(Db db) {
    this.db = db;
    documents = db.namespace("documents");
    postings = db.namespace("postings");
    words = db.namespace("words");
  }

  /// Adds a document, or replaces the one of that number.
  public void put(long id, Document document) {
    db.transact(tx -> {
      unlink(tx, id);
      tx.of(documents).put(Codec.int64().toBytes(id), Document.CODEC.toBytes(document));
      counts(document).forEach((word, frequency) -> link(tx, id, word, frequency));
    });
  }

  /// Removes a document; one that is not there is no error.
  public void remove(long id) {
    db.transact(tx -> {
      unlink(tx, id);
      tx.of(documents).delete(Codec.int64().toBytes(id));
    });
  }

  public Optional<Document> document(long id) {
    return Optional.ofNullable(documents.get(Codec.int64().toBytes(id), Document.CODEC));
  }

  /// Documents that have all of the words, the best first.
  ///
  /// @param hitsMax at most so many
  public List<Hit> search(Collection<String> query, int hitsMax) {
    var wanted = new TreeSet<String>();
    query.forEach(word -> wanted.add(Words.normalized(word)));
    if (wanted.isEmpty() || hitsMax == 0) {
      return List.of();
    }
    try (Snapshot moment = db.snapshot()) {
      KeyValueReader found = moment.of(documents);
      return best(moment.of(postings), wanted, hitsMax).stream()
          .sorted(BEST_LAST.reversed())
          .map(candidate -> hit(found, candidate))
          .toList();
    }
  }

  /// Words that begin so, in order, as for a search box.
  public List<Suggestion> suggest(String beginning, int wordsMax) {
    Range range = Range.prefix(Words.normalized(beginning));
    try (Stream<Suggestion> found =
        words.range(range).limit(wordsMax).stream()
            .map(entry ->
                new Suggestion(
                    entry.key().toUtf8(), Codec.int64().fromBytes(entry.value().toArray())))) {
      return found.toList();
    }
  }

  private static Map<String, Integer> counts(Document document) {
    return Words.count(document.title() + "\n" + document.text());
  }

  private void link(Transaction tx, long id, String word, int frequency) {
    tx.of(postings).put(new Posting(word, id).key(), Codec.int32().toBytes(frequency));
    count(tx, word, 1);
  }

  private void unlink(Transaction tx, long id) {
    Document old = tx.of(documents).get(Codec.int64().toBytes(id), Document.CODEC);
    if (old == null) {
      return;
    }
    for (String word : counts(old).keySet()) {
      tx.of(postings).delete(new Posting(word, id).key());
      count(tx, word, -1);
    }
  }

  private void count(Transaction tx, String word, long difference) {
    TransactionStore counters = tx.of(words);
    byte[] key = Codec.utf8().toBytes(word);
    Long old = counters.get(key, Codec.int64());
    long now = (old == null ? 0 : old) + difference;
    if (now == 0) {
      counters.delete(key);
    } else {
      counters.put(key, Codec.int64().toBytes(now));
    }
  }

  /// Leapfrog: the cursor that is behind jumps to where the foremost is, until all are at one
  /// document. Costs about as many seeks as the rarest word has documents.
  private static Collection<Candidate> best(
      KeyValueReader postings, Collection<String> wanted, int hitsMax) {
    var best = new PriorityQueue<Candidate>(BEST_LAST);
    var cursors = new ArrayList<PostingCursor>();
    try {
      for (String word : wanted) {
        cursors.add(new PostingCursor(postings, word));
      }
      while (cursors.stream().allMatch(PostingCursor::isValid)) {
        long foremost = cursors.stream().mapToLong(PostingCursor::document).max().orElseThrow();
        cursors.forEach(cursor -> cursor.advanceTo(foremost));
        if (cursors.stream()
            .allMatch(cursor -> cursor.isValid() && cursor.document() == foremost)) {
          long score = cursors.stream().mapToLong(PostingCursor::frequency).sum();
          best.add(new Candidate(foremost, score));
          if (best.size() > hitsMax) {
            best.remove();
          }
          cursors.forEach(PostingCursor::next);
        }
      }
    } finally {
      cursors.forEach(PostingCursor::close);
    }
    return best;
  }

  private static Hit hit(KeyValueReader documents, Candidate candidate) {
    Document document = documents.get(Codec.int64().toBytes(candidate.id()), Document.CODEC);
    if (document == null) {
      throw new IllegalStateException(
          "posting of document " + candidate.id() + ", which is not there");
    }
    return new Hit(candidate.id(), candidate.score(), document);
  }
}
