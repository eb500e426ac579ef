package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.redis.config.CommandNames;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandTableTest {
  private static final Path SOURCES = Path.of("src/main/java/io/atlaskv/redis/command");
  private static final Path GOLDEN = Path.of("src/test/resources/golden/resp");

  private final CommandTable table = new CommandTable(CommandTable.ALL);

  @Test
  void everyCommandClassIsListed() throws IOException {
    var classes = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      files
          .filter(file -> file.getFileName().toString().endsWith("Command.java"))
          .filter(file -> !file.getParent().equals(SOURCES))
          .forEach(file -> classes.add(file.getFileName().toString().replace(".java", "")));
    }
    var listed = new TreeSet<String>();
    CommandTable.ALL.forEach(command -> listed.add(command.getClass().getSimpleName()));
    assertEquals(classes, listed);
  }

  @Test
  void namesAreUniqueAndSorted() {
    var names = CommandTable.ALL.stream().map(command -> command.spec().name()).toList();
    assertEquals(names.stream().sorted().toList(), names);
    assertEquals(names.size(), new HashSet<>(names).size());
  }

  @Test
  void everyCommandHasGoldenReplies() {
    for (Command command : CommandTable.ALL) {
      String file = command.spec().name().toLowerCase(Locale.ROOT) + ".txt";
      assertTrue(Files.exists(GOLDEN.resolve(file)), "no golden/resp/" + file);
    }
  }

  @Test
  void everyCommandIsDocumented() {
    for (Command command : withSubcommands(CommandTable.ALL)) {
      CommandSpec spec = command.spec();
      assertTrue(
          !spec.doc().summary().isEmpty() && !spec.doc().complexity().isEmpty(), spec.name());
      boolean isWrite = spec.has(Flag.WRITE);
      assertTrue(!isWrite || !spec.has(Flag.READONLY), spec.name() + " writes and does not");
      assertTrue(!isWrite || spec.keys().first() > 0 || spec.has(Flag.EXCLUSIVE), spec.name());
    }
  }

  @Test
  void subcommandsAreFoundByTheirFullNames() {
    for (RegisteredCommand command : table.all()) {
      assertEquals(command, table.named(command.spec().name()));
      for (RegisteredCommand subcommand : command.subcommands()) {
        assertEquals(subcommand, table.named(subcommand.lowerName()));
        assertEquals(subcommand, table.named(subcommand.lowerName().toUpperCase(Locale.ROOT)));
      }
      assertNull(table.named(command.lowerName() + "|"));
      assertNull(table.named(command.lowerName() + "|nosuch"));
    }
    assertNull(table.named(""));
  }

  private static List<Command> withSubcommands(List<Command> commands) {
    return commands.stream()
        .flatMap(command ->
            Stream.concat(Stream.of(command), withSubcommands(command.subcommands()).stream()))
        .toList();
  }

  @Test
  void namesAreFoundInAnyCase() {
    for (RegisteredCommand command : table.all()) {
      String name = command.spec().name();
      assertEquals(command, find(name));
      assertEquals(command, find(name.toLowerCase(Locale.ROOT)));
      assertNotNull(find(name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT)));
      assertNull(find(name + "X"));
      boolean isNameToo =
          table.all().stream().anyMatch(c -> c.spec().name().equals(name.substring(1)));
      assertEquals(isNameToo, find(name.substring(1)) != null, name); // PTTL and TTL
    }
    assertNull(find(""));
    assertNull(find("A-NAME-THAT-IS-LONGER-THAN-ALL-OF-THEM"));
  }

  private RegisteredCommand find(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    MemorySegment memory = Arena.ofAuto().allocate(bytes.length + 8);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    memory.asSlice(bytes.length).fill((byte) 'x');
    return table.find(memory, 0, bytes.length);
  }

  @Test
  void commandsAreCalledByTheirNewNames() {
    var names = new CommandNames(Map.of("flushdb", "badger", "flushall", ""));
    var renamed = new CommandTable(CommandTable.ALL, names);
    assertNull(renamed.named("flushdb"));
    assertNull(renamed.named("flushall"));
    assertEquals("FLUSHDB", Objects.requireNonNull(renamed.named("badger")).spec().name());
    assertEquals(table.all().size() - 1, renamed.all().size());
  }
}
