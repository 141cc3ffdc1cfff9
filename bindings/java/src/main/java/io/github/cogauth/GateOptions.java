package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;

/** How a gate behaves. Each method answers the options themselves. */
public final class GateOptions {
    private String realm;
    private int flags;
    private long retryAfter;
    private long maxRecordAge;

    /** The defaults. */
    public GateOptions() {
    }

    /** The realm of {@code WWW-Authenticate}; {@code cog} by default. */
    public GateOptions realm(String value) {
        realm = value;
        return this;
    }

    /** Seconds in the {@code Retry-After} of a 503; 5 by default. */
    public GateOptions retryAfter(long seconds) {
        retryAfter = atLeastZero(seconds);
        flags |= Abi.GATE_RETRY_AFTER;
        return this;
    }

    /**
     * The most seconds since a record was fetched; older ones are refused with 503. Any age by
     * default.
     */
    public GateOptions maxRecordAge(long seconds) {
        maxRecordAge = atLeastZero(seconds);
        flags |= Abi.GATE_MAX_RECORD_AGE;
        return this;
    }

    /** Older opaque {@code cog_} credentials are passed on, and not refused. */
    public GateOptions passOn() {
        flags |= Abi.GATE_PASS_ON;
        return this;
    }

    /** {@code OPTIONS} requests are answered with the outcome {@link Step.Preflight}. */
    public GateOptions preflight() {
        flags |= Abi.GATE_PREFLIGHT;
        return this;
    }

    /** Writes a {@code cogauth_gate_options}. */
    long write(Frame frame) {
        Library library = frame.library();
        int numbers = 8 + 2 * library.pointerSize();
        int size = numbers + 2 * 8;
        long place = frame.room(size);
        library.writeInt(place, size);
        library.writeInt(place + 4, flags);
        frame.slice(place + 8, Utf8.bytes(realm));
        library.writeLong(place + numbers, retryAfter);
        library.writeLong(place + numbers + 8, maxRecordAge);
        return place;
    }

    private static long atLeastZero(long seconds) {
        if (seconds < 0) {
            throw new CogAuthException(Abi.E_INVALID_ARGUMENT, "seconds are at least 0");
        }
        return seconds;
    }
}
