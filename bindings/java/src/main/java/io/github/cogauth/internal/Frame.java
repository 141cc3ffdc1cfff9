package io.github.cogauth.internal;

import io.github.cogauth.CogAuthException;

/**
 * The memory of one call: arguments are copied into it, answers are read from it. It is wiped at
 * the end, since both may be secrets. One thread uses it.
 */
public final class Frame implements AutoCloseable {
    private static final int ALIGNED = 16;

    private final Library library;
    private final long block;
    private long used;
    /** Where the {@code cogauth_error} is, and how much room it has for its JSON. */
    private long error;
    private long errorRoom;
    /** Blocks of their own for what is large: address, size, and so on. */
    private long[] large = {};

    private Frame(Library library) {
        this.library = library;
        block = library.scratch().take(library);
        if (block == 0) {
            throw new CogAuthException(Abi.E_OUT_OF_MEMORY);
        }
    }

    public static Frame open(Library library) {
        library.enter();
        try {
            return new Frame(library);
        } catch (Throwable failure) {
            library.leave();
            throw failure;
        }
    }

    public Library library() {
        return library;
    }

    /** Zeroed room, aligned for anything. It is never at 0. */
    public long room(long size) {
        long rounded = (Math.max(size, 1) + ALIGNED - 1) & -ALIGNED;
        if (rounded <= ScratchPool.BLOCK - used) {
            long address = block + used;
            used += rounded;
            return address;
        }
        long address = library.allocate(rounded);
        if (address == 0) {
            throw new CogAuthException(Abi.E_OUT_OF_MEMORY);
        }
        large = java.util.Arrays.copyOf(large, large.length + 2);
        large[large.length - 2] = address;
        large[large.length - 1] = rounded;
        return address;
    }

    /** A copy of bytes, not at 0 even where there are none; 0 for null. */
    public long bytes(byte[] bytes) {
        if (bytes == null) {
            return 0;
        }
        long address = room(bytes.length);
        if (bytes.length != 0) {
            library.write(address, bytes);
        }
        return address;
    }

    /** An array of {@code cogauth_slice} with copies of these bytes. */
    public long slices(byte[]... parts) {
        int pointer = library.pointerSize();
        long array = room(2L * pointer * parts.length);
        for (int index = 0; index < parts.length; index++) {
            slice(array + 2L * pointer * index, parts[index]);
        }
        return array;
    }

    /** Writes a {@code cogauth_slice} with a copy of these bytes. */
    public void slice(long place, byte[] bytes) {
        library.writePointer(place, bytes(bytes));
        library.writePointer(place + library.pointerSize(), bytes == null ? 0 : bytes.length);
    }

    /** The bytes that a {@code cogauth_slice} names, null where it names none. */
    public byte[] sliced(long place) {
        long data = library.readPointer(place);
        long length = library.readPointer(place + library.pointerSize());
        return data == 0 ? null : library.read(data, Math.toIntExact(length));
    }

    /** A {@code cogauth_error} with at least this much room for its JSON. */
    long error(long room) {
        if (errorRoom < room) {
            int pointer = library.pointerSize();
            // A C compiler rounds the size up to the alignment of its 64-bit numbers.
            int size = (Abi.ERROR_JSON + 3 * pointer + 7) & -8;
            error = room(size);
            errorRoom = room;
            library.writeInt(error, size);
            library.writePointer(error + Abi.ERROR_JSON, room(room));
            library.writePointer(error + Abi.ERROR_JSON + pointer, room);
        }
        return error;
    }

    /** How many bytes the JSON of the error has, which may be more than there is room for. */
    long errorLength() {
        return library.readPointer(error + Abi.ERROR_JSON + 2L * library.pointerSize());
    }

    /** The error as JSON, null where the library told none. */
    byte[] errorJson() {
        long length = errorLength();
        if (length == 0 || length > errorRoom) {
            return null;
        }
        return library.read(library.readPointer(error + Abi.ERROR_JSON), (int) length);
    }

    @Override
    public void close() {
        try {
            for (int index = 0; index < large.length; index += 2) {
                library.zero(large[index], large[index + 1]);
                library.free(large[index], large[index + 1]);
            }
            library.zero(block, used);
            library.scratch().give(library, block);
        } finally {
            library.leave();
        }
    }
}
