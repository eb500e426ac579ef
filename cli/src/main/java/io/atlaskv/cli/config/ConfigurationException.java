package io.atlaskv.cli.config;

import java.io.Serial;
import java.util.List;

/// What was given cannot be used: one sentence per mistake, each with its place, in lines.
public final class ConfigurationException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  ConfigurationException(List<String> sentences) {
    super(String.join("\n", sentences));
  }

  public List<String> sentences() {
    return String.valueOf(getMessage()).lines().toList();
  }
}
