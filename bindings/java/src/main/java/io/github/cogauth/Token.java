package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.util.OptionalLong;

/**
 * A token's own statements. They hold no secret, and say nothing of whether it is genuine.
 *
 * @param handle the first 23 characters, which logs may show
 * @param kind what it is for
 * @param keyId which root key made it: two characters
 * @param id its public id: 12 characters
 * @param hardExpiry the last day on which it is good, in days since the epoch, UTC
 */
public record Token(String handle, Kind kind, String keyId, String id, OptionalLong hardExpiry) {
    /** How many bytes a token has. */
    public static final int LENGTH = Abi.TOKEN_LENGTH;

    /**
     * Reads a token in any state: its shape and its checksum.
     *
     * @throws CogAuthException 101 to 108, with the offset
     */
    public static Token parse(byte[] token) {
        Library library = Library.get();
        try (Frame frame = Frame.open(library)) {
            long result = room(frame);
            Calls.call(frame, Function.TOKEN_PARSE, frame.bytes(token), token.length, result);
            return read(library, result);
        }
    }

    /** As {@link #parse(byte[])}. */
    public static Token parse(String token) {
        return parse(Utf8.bytes(token));
    }

    /**
     * The digest that an edge compares, for the principal that the token is made for.
     *
     * @throws CogAuthException 101 to 108, 134 {@code invalid_principal}
     */
    public static String edgeDigest(byte[] token, String principal) {
        byte[] who = Utf8.bytes(principal);
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.TOKEN_EDGE_DIGEST, frame.bytes(token), token.length,
                    frame.bytes(who), who.length);
        }
    }

    /** Room for a {@code cogauth_token}. */
    static long room(Frame frame) {
        long result = frame.room(Abi.TOKEN_SIZE);
        frame.library().writeInt(result, Abi.TOKEN_SIZE);
        return result;
    }

    static Token read(Library library, long result) {
        return read(library, result, new TokenFields()).toToken();
    }

    static TokenFields read(Library library, long result, TokenFields into) {
        for (int index = 0; index < into.struct.length; index++) {
            into.struct[index] = library.readLong(result + (long) Long.BYTES * index);
        }
        return into;
    }
}
