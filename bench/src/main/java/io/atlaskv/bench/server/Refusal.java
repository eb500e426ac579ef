package io.atlaskv.bench.server;

/// A workload that was not run, because a contender does not know a command of it.
///
/// @param ours what AtlasKV answers, or `known`
/// @param theirs what Redis answers, or `known`
record Refusal(Workload workload, String ours, String theirs) {
  static final String KNOWN = "known";
}
