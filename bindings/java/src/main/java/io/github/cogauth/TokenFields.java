package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * What a token says of itself, in an object that can be used again: {@link EdgeKeys#verify(byte[],
 * int, int, long, TokenFields)} fills it and allocates nothing. One thread uses it at a time. It
 * holds no secret. Until a token was verified into it, and after one was not, it has no kind: its
 * getters throw {@link IllegalStateException}.
 */
public final class TokenFields {
    /** A {@code cogauth_token}. */
    final long[] struct = new long[Abi.TOKEN_SIZE / Long.BYTES];

    /** An empty one. */
    public TokenFields() {
        clear();
    }

    void clear() {
        Arrays.fill(struct, 0);
        struct[0] = Abi.TOKEN_SIZE;
    }

    /** What the token is for. */
    public Kind kind() {
        return Kind.of(filled());
    }

    /** The last day on which it is good, in days since the epoch. */
    public OptionalLong hardExpiry() {
        filled();
        long day = Integer.toUnsignedLong(integer(Abi.TOKEN_HARD_EXPIRY));
        return day == 0 ? OptionalLong.empty() : OptionalLong.of(day);
    }

    /** Which root key made it: two characters. */
    public String keyId() {
        return text(Abi.TOKEN_KEY_ID, Abi.TOKEN_KEY_ID_ROOM);
    }

    /** Its public id: 12 characters. */
    public String id() {
        return text(Abi.TOKEN_ID, Abi.TOKEN_ID_ROOM);
    }

    /** Its first 23 characters, which logs may show. */
    public String handle() {
        return text(Abi.TOKEN_HANDLE, Abi.TOKEN_HANDLE_ROOM);
    }

    /** A copy that does not change. */
    public Token toToken() {
        return new Token(handle(), kind(), keyId(), id(), hardExpiry());
    }

    /** The handle, if there is one. */
    @Override
    public String toString() {
        return "TokenFields[" + (integer(Abi.TOKEN_KIND) == Abi.KIND_NONE ? "" : handle()) + "]";
    }

    private int filled() {
        int kind = integer(Abi.TOKEN_KIND);
        if (kind == Abi.KIND_NONE) {
            throw new IllegalStateException("no token was verified");
        }
        return kind;
    }

    private String text(int from, int room) {
        filled();
        byte[] bytes = new byte[room];
        int length = 0;
        while (length < room && at(from + length) != 0) {
            bytes[length] = at(from + length);
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    // All platforms that the library is made for are little-endian.
    private byte at(int place) {
        return (byte) (struct[place / Long.BYTES] >>> 8 * (place % Long.BYTES));
    }

    private int integer(int place) {
        return (int) (struct[place / Long.BYTES] >>> 8 * (place % Long.BYTES));
    }
}
