/// Classes that break the rules of the engine on purpose: `EngineRulesTest` shows that each is
/// caught. The folders below repeat the engine's package names under another root.
package io.atlaskv.planted;
