package io.atlaskv.bench.compaction;

import java.util.List;

/// What was done to a store, in order: which keys, when, and how long keys and values were, but
/// none of their bytes. Keys are ranks, which have the order of the keys (those of one namespace
/// stand together), and that is all that compactions go by.
///
/// @param title what it is of
/// @param namespaces their names, by number
/// @param keys number of different keys; all ranks are below it
/// @param operations in the order in which they were done
record Recording(String title, List<String> namespaces, int keys, List<Operation> operations) {
  Recording {
    namespaces = List.copyOf(namespaces);
    operations = List.copyOf(operations);
    for (Operation operation : operations) {
      if (operation.namespace() >= namespaces.size()
          || operation.key() > keys
          || operation.end() > keys
          || (operation.key() == keys && operation.kind() != Operation.Kind.DELETE_RANGE)) {
        throw new IllegalArgumentException(
            operation + " of " + keys + " keys in " + namespaces.size() + " namespaces");
      }
    }
  }

  /// What was done to one namespace.
  Recording of(String namespace) {
    int number = namespaces.indexOf(namespace);
    if (number < 0) {
      throw new IllegalArgumentException(
          "no namespace '" + namespace + "' in the recording, but " + namespaces);
    }
    return new Recording(
        title + ", " + namespace,
        namespaces,
        keys,
        operations.stream().filter(operation -> operation.namespace() == number).toList());
  }

  long puts() {
    return operations.stream().filter(o -> o.kind() == Operation.Kind.PUT).count();
  }
}
