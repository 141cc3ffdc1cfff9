package io.github.cogauth.internal;

import io.github.cogauth.CogAuthException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;

/**
 * Something that the library made. It counts who uses it: closing waits for nobody, and what is in
 * use is released by its last user. What is forgotten is released when it is collected.
 */
public final class Handle {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final VarHandle USERS;

    static {
        try {
            USERS = MethodHandles.lookup().findVarHandle(Handle.class, "users", int.class);
        } catch (ReflectiveOperationException failure) {
            throw new ExceptionInInitializerError(failure);
        }
    }

    private final Library library;
    private final long address;
    private final Function release;
    /** How many calls use it; with the highest bit, it is closed. */
    private volatile int users;
    private Cleaner.Cleanable cleanable;

    private Handle(Library library, long address, Function release) {
        this.library = library;
        this.address = address;
        this.release = release;
    }

    static Handle of(Object owner, Library library, long address, Function release) {
        Handle handle = new Handle(library, address, release);
        handle.cleanable = CLEANER.register(owner, handle::closeOnce);
        return handle;
    }

    /** The library that it belongs to. */
    public Library library() {
        return library;
    }

    /** Its address, which stays until {@link #leave}. Closed, it is the error 702. */
    public long use() {
        int seen = users;
        while (seen >= 0) {
            if (USERS.compareAndSet(this, seen, seen + 1)) {
                return address;
            }
            seen = users;
        }
        throw new CogAuthException(Abi.E_FREED);
    }

    /** Ends a use. */
    public void leave() {
        if ((int) USERS.getAndAdd(this, -1) == CLOSED + 1) {
            release();
        }
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return users < 0;
    }

    /** Closes it, once. Uses that have begun go on. */
    public void close() {
        cleanable.clean();
    }

    private void closeOnce() {
        if ((int) USERS.getAndBitwiseOr(this, CLOSED) == 0) {
            release();
        }
    }

    private void release() {
        library.enter();
        try {
            library.call(release, address);
        } catch (CogAuthException broken) {
            // The library has failed, and its memory went with it.
        } finally {
            library.leave();
        }
    }
}
