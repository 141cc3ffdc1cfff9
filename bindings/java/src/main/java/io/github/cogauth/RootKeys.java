package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Handle;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.security.SecureRandom;
import java.util.Arrays;

/** The issuer's root keys: a key set of the use {@code root}. Threads may share them. */
public final class RootKeys implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long MOST = 0xffff_ffffL;

    final Handle handle;

    /**
     * Reads a key set. The bytes are copied: wipe yours.
     *
     * @throws CogAuthException 131 {@code invalid_key_set}, 132 {@code wrong_key_use},
     *     133 {@code invalid_key_id}, 2xx for the text
     */
    public RootKeys(byte[] keySet) {
        try (Frame frame = Frame.open(Library.get())) {
            handle = Calls.make(this, Function.ROOT_KEYS_RELEASE, frame, Function.ROOT_KEYS_READ,
                    frame.bytes(keySet), keySet.length);
        }
    }

    /** As {@link #RootKeys(byte[])}. A {@code String} cannot be wiped. */
    public RootKeys(String keySet) {
        this(Utf8.bytes(keySet));
    }

    private RootKeys(byte[] keyId, byte[] random) {
        try (Frame frame = Frame.open(Library.get())) {
            handle = Calls.make(this, Function.ROOT_KEYS_RELEASE, frame, Function.ROOT_KEYS_NEW,
                    frame.bytes(keyId), keyId.length, frame.bytes(random), random.length);
        }
    }

    /**
     * A key set with one new key of random bytes.
     *
     * @param keyId two characters of 0-9A-Za-z, not {@code 00}
     * @throws CogAuthException 133 {@code invalid_key_id}, 107 {@code reserved_key_id}
     */
    public static RootKeys generate(String keyId) {
        byte[] random = random(Abi.ROOT_KEY_RANDOM_LENGTH);
        try {
            return new RootKeys(Utf8.bytes(keyId), random);
        } finally {
            Arrays.fill(random, (byte) 0);
        }
    }

    /**
     * Makes a token without a hard expiry. It is a secret: show it once, and wipe it.
     *
     * @throws CogAuthException 112 {@code unknown_key_id}
     */
    public byte[] mint(String keyId, Kind kind) {
        return mint(keyId, kind.number, Abi.NO_HARD_EXPIRY);
    }

    /**
     * Makes a token that is good until a day, in days since the epoch: 1 to 238,327.
     *
     * @throws CogAuthException 112 {@code unknown_key_id}, 135 {@code time_out_of_range}
     */
    public byte[] mint(String keyId, Kind kind, long hardExpiry) {
        return mint(keyId, kind.number, day(hardExpiry));
    }

    private byte[] mint(String keyId, int kind, long day) {
        byte[] random = random(Abi.MINT_RANDOM_LENGTH);
        try {
            return mint(Utf8.bytes(keyId), kind, day, random);
        } finally {
            Arrays.fill(random, (byte) 0);
        }
    }

    /** With given bytes for random ones: for tests. */
    byte[] mint(byte[] keyId, int kind, long day, byte[] random) {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Calls.answer(frame, Function.TOKEN_MINT, address, frame.bytes(keyId),
                    keyId.length, kind, day, frame.bytes(random), random.length);
        } finally {
            handle.leave();
        }
    }

    /**
     * The day as the library takes it. What does not fit, or would be none, becomes 0, which is no
     * day.
     */
    static long day(long hardExpiry) {
        boolean fits = hardExpiry > 0 && hardExpiry <= MOST && hardExpiry != Abi.NO_HARD_EXPIRY;
        return fits ? hardExpiry : 0;
    }

    private static byte[] random(int length) {
        byte[] random = new byte[length];
        RANDOM.nextBytes(random);
        return random;
    }

    /** The edges' part of these keys, to be closed by the caller. */
    public EdgeKeys edgeKeys() {
        return new EdgeKeys(this);
    }

    /** The peppers of these keys, to be closed by the caller. */
    public Peppers peppers() {
        return new Peppers(this);
    }

    /** The key set as JSON text, a secret: wipe it. */
    public byte[] expose() {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Calls.answer(frame, Function.ROOT_KEYS_EXPOSE, address);
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
        return "RootKeys[]";
    }
}
