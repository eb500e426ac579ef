package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.NamespaceStatistics;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.NamespaceRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Names of namespaces and what they are; kept in namespace 0, so that creating and dropping one is
/// one record. A namespace is raw or redis for good (DESIGN §7). The default namespace has a row
/// only once it was given options. Guarded by its own monitor.
final class NamespaceDirectory {
  static final String DEFAULT_NAME = "default";
  private static final int NAME_BYTES_MAX = 255;

  private final EmbeddedDb db;
  private final EmbeddedNamespace defaultNamespace;
  private final TreeMap<String, EmbeddedNamespace> raw = new TreeMap<>();
  private final TreeSet<String> others = new TreeSet<>();

  NamespaceDirectory(EmbeddedDb db) {
    this.db = db;
    defaultNamespace =
        new EmbeddedNamespace(db, DEFAULT_NAME, NamespaceKey.DEFAULT, NamespaceOptions.DEFAULT);
    raw.put(DEFAULT_NAME, defaultNamespace);
    for (String name : db.engine().possibleNames()) {
      byte[] row = db.engine().row(NamespaceKey.directory(name));
      if (row == null) {
        continue;
      }
      if (!NamespaceRow.isRaw(row)) {
        others.add(name);
        continue;
      }
      NamespaceRow known = NamespaceRow.decode(name, row);
      if (name.equals(DEFAULT_NAME)) {
        defaultNamespace.options(known.options());
      } else {
        raw.put(name, new EmbeddedNamespace(db, name, known.id(), known.options()));
      }
    }
    if (db.engine().failure() == null) {
      settleTrees();
    }
  }

  /// Brings trees and options together where a crash came between the two.
  private void settleTrees() {
    var ids = new HashSet<Integer>();
    for (EmbeddedNamespace namespace : raw.values()) {
      ids.add(namespace.namespaceId());
      db.engine().trees().follow(namespace.namespaceId(), namespace.options(), false);
      apply(namespace);
    }
    for (int id : List.copyOf(db.engine().trees().all().keySet())) {
      if (!ids.contains(id)) {
        db.engine().trees().forget(id);
      }
    }
  }

  /// Names of all raw namespaces by their ids.
  synchronized Map<Integer, String> namesById() {
    var names = new HashMap<Integer, String>();
    raw.forEach((name, namespace) -> names.put(namespace.namespaceId(), name));
    return names;
  }

  /// How much of each raw namespace lies in tables, by name.
  synchronized Map<String, NamespaceStatistics> statistics() {
    var all = new TreeMap<String, NamespaceStatistics>();
    raw.forEach((name, namespace) -> all.put(name, namespace.statistics()));
    return Collections.unmodifiableMap(all);
  }

  EmbeddedNamespace defaultNamespace() {
    return defaultNamespace;
  }

  synchronized Optional<EmbeddedNamespace> find(String name) {
    return Optional.ofNullable(raw.get(name));
  }

  synchronized List<String> names() {
    return new ArrayList<>(raw.keySet());
  }

  /// The namespace of a name, made if there is none.
  ///
  /// @param options what it is to have from now on; null leaves what it has
  synchronized EmbeddedNamespace findOrCreate(String name, @Nullable NamespaceOptions options) {
    EmbeddedNamespace existing = raw.get(name);
    if (existing != null) {
      if (options != null && !options.equals(existing.options())) {
        if (options.hasQuota() && !existing.options().hasQuota()) {
          throw new IllegalArgumentException(
              "namespace '" + name + "' was made without a quota, and nobody has counted");
        }
        // What comes last says that all is done: until then the next call does it again.
        boolean isUncounted = existing.hasQuota() && !options.hasQuota();
        db.engine().trees().follow(existing.namespaceId(), options, false);
        write(name, new NamespaceRow(existing.namespaceId(), options), isUncounted);
        existing.options(options);
        apply(existing);
        if (isUncounted) {
          deleteRows(existing); // of writes that were counted and came between
        }
      }
      return existing;
    }
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > NAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "namespace name must have 1 to " + NAME_BYTES_MAX + " bytes, has " + length);
    }
    if (others.contains(name)) {
      throw new IllegalArgumentException("namespace '" + name + "' is not a raw one");
    }
    int id = db.freshNamespaceId();
    NamespaceOptions given = options == null ? NamespaceOptions.DEFAULT : options;
    db.engine().trees().follow(id, given, true);
    write(name, new NamespaceRow(id, given), false);
    var created = new EmbeddedNamespace(db, name, id, given);
    raw.put(name, created);
    apply(created);
    return created;
  }

  /// Has the background work go by its options from now on.
  private void apply(EmbeddedNamespace namespace) {
    db.engine().trees().shares(namespace.namespaceId(), namespace.options().ioShares());
    db.engine().prefixBytes(namespace.namespaceId(), namespace.options().prefixBytes());
  }

  /// @param isUncounted whether its quota is taken away
  private void write(String name, NamespaceRow content, boolean isUncounted) {
    byte[] key = NamespaceKey.directory(name);
    byte[] row = content.encode();
    PointWriter writer = db.writer();
    try {
      writer.batch.put(key, 0, key.length, row, 0, row.length);
      if (isUncounted) {
        QuotaCharge.deleteRows(writer.batch, content.id());
      }
      db.commit(writer.batch, null);
    } finally {
      db.done(writer);
    }
  }

  private void deleteRows(EmbeddedNamespace namespace) {
    PointWriter writer = db.writer();
    try {
      QuotaCharge.deleteRows(writer.batch, namespace.namespaceId());
      db.commit(writer.batch, null);
    } finally {
      db.done(writer);
    }
  }

  synchronized boolean drop(String name) {
    if (name.equals(DEFAULT_NAME)) {
      throw new IllegalArgumentException("namespace 'default' cannot be dropped, only cleared");
    }
    EmbeddedNamespace namespace = raw.get(name);
    if (namespace == null) {
      return false;
    }
    byte[] key = NamespaceKey.directory(name);
    byte[] start = NamespaceKey.first(namespace.namespaceId());
    byte[] end = NamespaceKey.end(namespace.namespaceId());
    PointWriter writer = db.writer();
    try {
      namespace.dropped();
      writer.batch.delete(key, 0, key.length);
      writer.batch.deleteRange(start, 0, start.length, end, 0, end.length);
      if (namespace.hasQuota()) {
        QuotaCharge.deleteRows(writer.batch, namespace.namespaceId());
      }
      db.commit(writer.batch, null);
    } catch (Throwable e) { // whatever it is, the name leads to a namespace that works or to none
      if (db.engine().row(key) != null) {
        namespace.kept();
      } else {
        forget(namespace); // done, but perhaps not for long: the log could not be written
      }
      throw e;
    } finally {
      db.done(writer);
    }
    forget(namespace);
    return true;
  }

  /// Lets go of all that is kept in memory for a namespace that was dropped.
  private void forget(EmbeddedNamespace namespace) {
    int id = namespace.namespaceId();
    raw.remove(namespace.name());
    db.readTallies().forget(id);
    db.engine().forgetWrites(id);
    db.engine().prefixBytes(id, 0);
    db.engine().namespaceForgotten(id);
    try {
      db.engine().trees().forget(id);
    } catch (AtlasException _) {
      // it is dropped all the same; the next open forgets the tree
    }
  }
}
