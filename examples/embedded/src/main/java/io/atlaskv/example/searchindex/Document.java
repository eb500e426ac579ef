package io.atlaskv.example.searchindex;

import io.atlaskv.engine.api.Codec;

/// What is searched.
///
/// @param title of one line
/// @param text of any length
public record Document(String title, String text) {
  static final Codec<Document> CODEC =
      Codec.of(
          (document, out) -> out.putText(document.title()).putText(document.text()),
          in -> new Document(in.takeText(), in.takeText()));
}
