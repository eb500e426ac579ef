package io.atlaskv.engine.internal.typed;

import com.google.common.collect.testing.ConcurrentNavigableMapTestSuiteBuilder;
import com.google.common.collect.testing.TestSortedMapGenerator;
import com.google.common.collect.testing.TestStringSortedMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.SortedMap;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Guava's tests for maps, which are many thousand with those of all its sets and parts. No test is
/// left out.
class StoreMapGuavaTest {
  @TempDir private static Path directory;

  private static Db db;
  private static int maps;

  @BeforeAll
  static void open() {
    db = AtlasKv.open(directory, Options.DEFAULT.withDurability(Durability.OS));
  }

  @AfterAll
  static void close() {
    db.close();
  }

  /// Each map is a namespace of its own.
  private static final class Maps extends TestStringSortedMapGenerator {
    @Override
    protected SortedMap<String, String> create(Entry<String, String>[] entries) {
      var map = db.namespace("map" + maps++).asMap(Codec.utf8(), Codec.utf8());
      for (Entry<String, String> entry : entries) {
        map.put(entry.getKey(), entry.getValue());
      }
      return map;
    }
  }

  @TestFactory
  List<DynamicNode> ofText() {
    return nodes(suite("StoreMap", new Maps()));
  }

  @TestFactory
  List<DynamicNode> ofRawBytes() {
    return nodes(suite("StoreMap of bytes", new BytesMapGenerator(() -> db)));
  }

  private static <K, V> TestSuite suite(String name, TestSortedMapGenerator<K, V> maps) {
    return ConcurrentNavigableMapTestSuiteBuilder.using(maps)
        .named(name)
        .withFeatures(
            MapFeature.GENERAL_PURPOSE,
            CollectionFeature.KNOWN_ORDER,
            CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
            CollectionSize.ANY)
        .createTestSuite();
  }

  @SuppressWarnings("JdkObsolete") // Guava's suites are of JUnit 3
  private static List<DynamicNode> nodes(TestSuite suite) {
    var nodes = new ArrayList<DynamicNode>();
    for (int i = 0; i < suite.testCount(); i++) {
      Test test = suite.testAt(i);
      if (test instanceof TestSuite part) {
        nodes.add(DynamicContainer.dynamicContainer(part.getName(), nodes(part)));
      } else {
        var each = (TestCase) test;
        nodes.add(DynamicTest.dynamicTest(each.toString(), each::runBare));
      }
    }
    return nodes;
  }
}
