package io.atlaskv.cli.client;

import java.io.IOException;

/// `atlaskv put KEY VALUE`.
final class PutCommand extends ClientCommand {
  private static final String STANDARD_INPUT = "-";

  PutCommand() {
    super(
        "put",
        "KEY VALUE",
        "Sets the value of a key. VALUE - stands for standard input, all of its bytes.");
  }

  @Override
  boolean isNative() {
    return true;
  }

  @Override
  int run(Arguments arguments, Terminal terminal)
      throws IOException, RefusedException, MisuseException {
    require(arguments, 2, 2);
    Bytes key = Bytes.of(arguments.words().getFirst());
    String word = arguments.words().get(1);
    try (KeyClient client = connect(arguments)) { // first: nobody types a value for no server
      Bytes value =
          word.equals(STANDARD_INPUT) ? Bytes.of(terminal.in().readAllBytes()) : Bytes.of(word);
      client.put(key, value);
    }
    terminal.println(
        arguments.has(JSON) ? Json.object().field("key", key).field("ok", true).end() : "OK");
    return ClientMain.EXIT_OK;
  }
}
