package io.atlaskv.testkit.linear;

import org.jspecify.annotations.Nullable;

/// One operation of one client: what was asked and answered, and when.
///
/// @param client who asked; one client's calls do not overlap
/// @param operation what was asked
/// @param answer what was answered; null = nothing, so it may have happened or not
/// @param calledAt place of the call in the order of all calls and answers
/// @param answeredAt place of the answer; `Long.MAX_VALUE` if there was none
public record Call<O, A>(
    int client, O operation, @Nullable A answer, long calledAt, long answeredAt) {}
