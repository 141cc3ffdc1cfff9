package io.github.cogauth.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A library that is not the one that this package was written for is refused. */
class LibraryTest {
    @Test
    void anotherAbiIsRefused() {
        for (int version : new int[] {0, 1 << 16, 2 << 16, 1 << 24}) {
            String said = assertThrows(IllegalStateException.class,
                    () -> new Fake(version, Abi.FEATURE_FULL).checked()).getMessage();
            assertTrue(said.contains("needs " + Abi.ABI_MAJOR + "." + Abi.ABI_MINOR), said);
        }
    }

    @Test
    void theSmallBuildIsRefused() {
        String said = assertThrows(IllegalStateException.class,
                () -> new Fake(Abi.ABI_MAJOR << 16 | Abi.ABI_MINOR, 0).checked()).getMessage();
        assertTrue(said.contains("the small build"), said);
    }

    @Test
    void everyPlatformHasItsFileOrNone() {
        assertEquals("x86_64-unknown-linux-gnu/libcogauth.so",
                PackagedFile.nameFor("Linux", "amd64"));
        assertEquals("aarch64-unknown-linux-gnu/libcogauth.so",
                PackagedFile.nameFor("Linux", "aarch64"));
        assertEquals("x86_64-pc-windows-gnu/cogauth.dll",
                PackagedFile.nameFor("Windows 11", "amd64"));
        assertNull(PackagedFile.nameFor("Mac OS X", "aarch64"));
        assertNull(PackagedFile.nameFor("Linux", "riscv64"));
    }

    @Test
    void jsonIsReadAsItIsWritten() {
        String text = "{\"a\":{\"}\":[-1,null,true]},\"b\":\"\\u00e9\\n\\\"\",\"c\":[]}";
        assertEquals("{\"}\":[-1,null,true]}", Json.member(text, "a"));
        assertEquals("[]", Json.member(text, "c"));
        assertNull(Json.member(text, "d"));
        assertNull(Json.member("{}", "d"));
        assertEquals("\u00e9\n\"", Json.object(text).get("b"));
        assertThrows(IllegalArgumentException.class, () -> Json.parse("[1] 2"));
    }

    /** A library that says what it is, and can do nothing. */
    private static final class Fake extends Library {
        private final int version;
        private final int features;

        Fake(int version, int features) {
            this.version = version;
            this.features = features;
        }

        @Override
        public String backend() {
            return "fake";
        }

        @Override
        public int pointerSize() {
            return 8;
        }

        @Override
        public long call(Function function, long... arguments) {
            return function == Function.ABI_VERSION ? version : features;
        }

        @Override
        public int verify(long keys, byte[] token, int from, int length, long now, long[] to) {
            throw new AssertionError();
        }

        @Override
        public long allocate(long size) {
            return 0;
        }

        @Override
        public void free(long address, long size) {
        }

        @Override
        public void zero(long address, long size) {
        }

        @Override
        public void write(long address, byte[] bytes) {
        }

        @Override
        public byte[] read(long address, int length) {
            return new byte[length];
        }

        @Override
        public int readInt(long address) {
            return 0;
        }

        @Override
        public long readLong(long address) {
            return 0;
        }

        @Override
        public void writeInt(long address, int value) {
        }

        @Override
        public void writeLong(long address, long value) {
        }

        @Override
        public void enter() {
        }

        @Override
        public void leave() {
        }
    }
}
