package io.atlaskv.example.searchindex;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.Range;

/// A word stands in a document. As keys, all postings of a word are neighbours, in the order of
/// their documents.
record Posting(String word, long document) {
  static final OrderedCodec<Posting> CODEC =
      Codec.tuple(
          Codec.field(Codec.utf8(), Posting::word),
          Codec.field(Codec.int64(), Posting::document),
          Posting::new);

  /// All postings of one word.
  static Range of(String word) {
    return Range.prefix(Codec.utf8().delimited().toBytes(word));
  }

  byte[] key() {
    return CODEC.toBytes(this);
  }

  static Posting fromKey(Bytes key) {
    return CODEC.fromBytes(key.toArray());
  }
}
