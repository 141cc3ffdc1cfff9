package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Handle;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.util.Objects;

/**
 * The keys with which an edge verifies tokens: a key set of the use {@code edge-tag}. They can mint
 * as well as verify, so treat them as the secret that they are. Threads may share them.
 */
public final class EdgeKeys implements AutoCloseable {
    final Handle handle;

    /**
     * Reads a key set. The bytes are copied: wipe yours.
     *
     * @throws CogAuthException 131 {@code invalid_key_set}, 132 {@code wrong_key_use},
     *     133 {@code invalid_key_id}, 2xx for the text
     */
    public EdgeKeys(byte[] keySet) {
        try (Frame frame = Frame.open(Library.get())) {
            handle = Calls.make(this, Function.EDGE_KEYS_RELEASE, frame, Function.EDGE_KEYS_READ,
                    frame.bytes(keySet), keySet.length);
        }
    }

    /** As {@link #EdgeKeys(byte[])}. A {@code String} cannot be wiped. */
    public EdgeKeys(String keySet) {
        this(Utf8.bytes(keySet));
    }

    EdgeKeys(RootKeys roots) {
        long address = roots.handle.use();
        try (Frame frame = Frame.open(Library.get())) {
            handle = Calls.make(this, Function.EDGE_KEYS_RELEASE, frame,
                    Function.ROOT_KEYS_EDGE_KEYS, address);
        } finally {
            roots.handle.leave();
        }
    }

    /**
     * Parses and verifies a token, in constant time with regard to what is secret. Whether the
     * credential is still active, its record tells: see {@link Gate}.
     *
     * @param now seconds since the epoch
     * @throws CogAuthException 101 to 108 as {@link Token#parse}; 111 {@code sample_token},
     *     112 {@code unknown_key_id}, 113 {@code tag_mismatch}, 114 {@code expired},
     *     135 {@code time_out_of_range}
     */
    public Token verify(byte[] token, long now) {
        return verify(token, 0, token.length, now, new TokenFields()).toToken();
    }

    /** As {@link #verify(byte[], long)}. */
    public Token verify(String token, long now) {
        return verify(Utf8.bytes(token), now);
    }

    /**
     * As {@link #verify(byte[], long)}, of a part of an array and into fields that can be used
     * again. With the native library a genuine token makes no garbage.
     *
     * @return {@code fields}
     */
    public TokenFields verify(byte[] token, int from, int length, long now, TokenFields fields) {
        // Before anything that can throw: who catches it must not find an older token here.
        fields.clear();
        Objects.checkFromIndexSize(from, length, token.length);
        long address = handle.use();
        try {
            int code = handle.library().verify(
                    address, token, from, length, Abi.time(now), fields.struct);
            return code == 0 ? fields : told(address, token, from, length, now, fields);
        } finally {
            handle.leave();
        }
    }

    /** Asks again, to be told all of the error. */
    private TokenFields told(
            long address, byte[] token, int from, int length, long now, TokenFields fields) {
        fields.clear();
        byte[] part = java.util.Arrays.copyOfRange(token, from, from + length);
        try (Frame frame = Frame.open(handle.library())) {
            long result = Token.room(frame);
            Calls.call(frame, Function.TOKEN_VERIFY, address, frame.bytes(part), length,
                    Abi.time(now), result);
            // The caller changed the bytes meanwhile. What counts is what was verified last.
            return Token.read(handle.library(), result, fields);
        } finally {
            java.util.Arrays.fill(part, (byte) 0);
        }
    }

    /**
     * Accepts a token at an edge: verifies it at {@code verifiedAt}, and compares it at {@code now}
     * with the record that the caller's store has of it.
     *
     * @param record the record's JSON text; null if the store has none
     * @throws CogAuthException those of {@link #verify(byte[], long)}; 121 to 128 where the record
     *     does not vouch for the token; 2xx and 3xx for its text
     */
    public Accepted acceptAtEdge(byte[] token, long verifiedAt, byte[] record, long now) {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            String answer = Calls.text(frame, Function.ACCEPT_AT_EDGE, address, frame.bytes(token),
                    token.length, Abi.time(verifiedAt), frame.bytes(record), length(record),
                    Abi.time(now));
            return Accepted.of(Token.parse(token), answer);
        } finally {
            handle.leave();
        }
    }

    /** Accepts a token at an origin, on the issuer's word, as {@link #acceptAtEdge} does. */
    public Accepted acceptAtOrigin(
            Peppers peppers, byte[] token, long verifiedAt, byte[] record, long now) {
        long address = handle.use();
        try {
            long with = peppers.handle.use();
            try (Frame frame = Frame.open(handle.library())) {
                String answer = Calls.text(frame, Function.ACCEPT_AT_ORIGIN, address, with,
                        frame.bytes(token), token.length, Abi.time(verifiedAt),
                        frame.bytes(record), length(record), Abi.time(now));
                return Accepted.of(Token.parse(token), answer);
            } finally {
                peppers.handle.leave();
            }
        } finally {
            handle.leave();
        }
    }

    private static int length(byte[] record) {
        return record == null ? 0 : record.length;
    }

    /** The key set as JSON text, a secret: wipe it. */
    public byte[] expose() {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Calls.answer(frame, Function.EDGE_KEYS_EXPOSE, address);
        } finally {
            handle.leave();
        }
    }

    /** Wipes the keys, as soon as nobody uses them. Closing again does nothing. */
    @Override
    public void close() {
        handle.close();
    }

    /** No key. */
    @Override
    public String toString() {
        return "EdgeKeys[]";
    }
}
