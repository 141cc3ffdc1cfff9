package io.github.cogauth;

import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Handle;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;

/**
 * The keys with which origins check stored digests: a key set of the use {@code digest-pepper}.
 * Threads may share them.
 */
public final class Peppers implements AutoCloseable {
    final Handle handle;

    /**
     * Reads a key set. The bytes are copied: wipe yours.
     *
     * @throws CogAuthException 131 {@code invalid_key_set}, 132 {@code wrong_key_use},
     *     133 {@code invalid_key_id}, 2xx for the text
     */
    public Peppers(byte[] keySet) {
        try (Frame frame = Frame.open(Library.get())) {
            handle = Calls.make(this, Function.PEPPERS_RELEASE, frame, Function.PEPPERS_READ,
                    frame.bytes(keySet), keySet.length);
        }
    }

    /** As {@link #Peppers(byte[])}. A {@code String} cannot be wiped. */
    public Peppers(String keySet) {
        this(Utf8.bytes(keySet));
    }

    Peppers(RootKeys roots) {
        long address = roots.handle.use();
        try (Frame frame = Frame.open(Library.get())) {
            handle = Calls.make(this, Function.PEPPERS_RELEASE, frame, Function.ROOT_KEYS_PEPPERS,
                    address);
        } finally {
            roots.handle.leave();
        }
    }

    /**
     * The digest that an origin stores of a token, for the principal that it is made for.
     *
     * @throws CogAuthException 101 to 108, 112 {@code unknown_key_id}, 134
     *     {@code invalid_principal}
     */
    public String digest(byte[] token, String principal) {
        byte[] who = Utf8.bytes(principal);
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Calls.text(frame, Function.TOKEN_DIGEST, address, frame.bytes(token),
                    token.length, frame.bytes(who), who.length);
        } finally {
            handle.leave();
        }
    }

    /** The key set as JSON text, a secret: wipe it. */
    public byte[] expose() {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Calls.answer(frame, Function.PEPPERS_EXPOSE, address);
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
        return "Peppers[]";
    }
}
