package io.github.cogauth.internal;

import java.util.concurrent.atomic.AtomicLongArray;

/** Blocks of memory for arguments and answers, kept so that not every call allocates one. */
final class ScratchPool {
    static final int BLOCK = 16 * 1024;
    private static final int SLOTS = 16;

    /** Addresses of blocks that nobody uses; 0 where there is none. */
    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    /** A zeroed block, or 0 where there is no memory. */
    long take(Library library) {
        long block = slots.getAndSet(slot(), 0);
        return block != 0 ? block : library.allocate(BLOCK);
    }

    /** Takes back a block, which is zeroed again. */
    void give(Library library, long block) {
        if (!slots.compareAndSet(slot(), 0, block)) {
            library.free(block, BLOCK);
        }
    }

    private static int slot() {
        return (int) Thread.currentThread().getId() & (SLOTS - 1);
    }
}
