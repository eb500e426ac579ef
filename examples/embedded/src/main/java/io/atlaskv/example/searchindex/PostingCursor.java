package io.atlaskv.example.searchindex;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.KeyValueReader;

/// Goes through the documents of one word, in order.
final class PostingCursor implements AutoCloseable {
  private final String word;
  private final Cursor cursor;

  PostingCursor(KeyValueReader postings, String word) {
    this.word = word;
    cursor = postings.range(Posting.of(word)).open();
  }

  boolean isValid() {
    return cursor.isValid();
  }

  long document() {
    return cursor.key(Posting.CODEC).document();
  }

  int frequency() {
    return cursor.value(Codec.int32());
  }

  /// To the first document that is at least `document`; does not move if it is there. However many
  /// are between, that is one seek.
  void advanceTo(long document) {
    if (document() < document) {
      cursor.seek(new Posting(word, document).key());
    }
  }

  void next() {
    cursor.next();
  }

  @Override
  public void close() {
    cursor.close();
  }
}
