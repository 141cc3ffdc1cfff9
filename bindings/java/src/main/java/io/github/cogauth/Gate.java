package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Handle;
import io.github.cogauth.internal.Library;

/**
 * The gate: a request in, questions, an outcome. It keeps what it is made of: policy and keys can
 * be closed at once. Threads may share it. {@link Guard} asks the questions for you.
 */
public final class Gate implements AutoCloseable {
    final Handle handle;

    private Gate(Policy policy, EdgeKeys keys, Peppers peppers, GateOptions options) {
        long policyAddress = policy.handle.use();
        try {
            long keysAddress = keys.handle.use();
            try {
                long peppersAddress = peppers == null ? 0 : peppers.handle.use();
                try (Frame frame = Frame.open(Library.get())) {
                    handle = Calls.make(this, Function.GATE_RELEASE, frame, Function.GATE_NEW,
                            policyAddress, keysAddress, peppersAddress, options.write(frame));
                } finally {
                    if (peppers != null && peppersAddress != 0) {
                        peppers.handle.leave();
                    }
                }
            } finally {
                keys.handle.leave();
            }
        } finally {
            policy.handle.leave();
        }
    }

    /** A gate at an edge, which accepts tokens on the word of the record store. */
    public static Gate atEdge(Policy policy, EdgeKeys keys, GateOptions options) {
        return new Gate(policy, keys, null, options);
    }

    /** A gate at an origin, which goes by the issuer's record. */
    public static Gate atOrigin(
            Policy policy, EdgeKeys keys, Peppers peppers, GateOptions options) {
        return new Gate(policy, keys, java.util.Objects.requireNonNull(peppers), options);
    }

    /**
     * Begins with a request: reads the header and verifies the token. Whatever a client sends leads
     * to an outcome. Close what is returned.
     *
     * @param now seconds since the epoch
     * @throws CogAuthException 602 {@code reserved_context}, 603 {@code invalid_context},
     *     202 {@code invalid_unicode} for a method that is no text, 135 {@code time_out_of_range}
     */
    public Exchange begin(HttpRequest request, long now) {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return new Exchange(frame, address, request.write(frame), Abi.time(now));
        } finally {
            handle.leave();
        }
    }

    /** Forgets it, as soon as nobody uses it. Exchanges that have begun go on. */
    @Override
    public void close() {
        handle.close();
    }
}
