import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Measures work and prints a row about it. */
final class Measure {
    private static final int SAMPLES = 15;
    private static final long SAMPLE = 150_000_000;
    private static final long WARM = 2_000_000_000;
    private static final ThreadMXBean THREADS =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Measure() {
    }

    static void row(String with, String work, Callable<?> call) throws Exception {
        long calls = warm(call);
        double[] nanoseconds = new double[SAMPLES];
        long bytes = Long.MAX_VALUE;
        for (int sample = 0; sample < SAMPLES; sample++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            nanoseconds[sample] = (double) time(calls, call) / calls;
            bytes = Math.min(bytes,
                    (THREADS.getCurrentThreadAllocatedBytes() - allocated) / calls);
        }
        Arrays.sort(nanoseconds);
        // Java tells bytes and not objects: where there is no byte, there is no object. What other
        // threads allocate, as that of the module does, it does not tell here.
        System.out.printf(Locale.ROOT, "{\"language\": \"java\", \"with\": \"%s\","
                + " \"work\": \"%s\", \"ns\": %.1f, \"allocations\": %s, \"bytes\": %d}%n",
                with, work, nanoseconds[SAMPLES / 2], bytes == 0 ? "0" : "null", bytes);
    }

    /** Calls until the compiler has done its work, and answers how many calls a sample takes. */
    private static long warm(Callable<?> call) throws Exception {
        long calls = 1;
        long taken = 0;
        long end = System.nanoTime() + WARM;
        while (System.nanoTime() < end) {
            taken = time(calls, call);
            if (taken < SAMPLE / 2) {
                calls *= 2;
            }
        }
        return Math.max(1, calls * SAMPLE / Math.max(taken, 1));
    }

    private static long time(long calls, Callable<?> call) throws Exception {
        long begun = System.nanoTime();
        Object answer = null;
        for (long count = 0; count < calls; count++) {
            answer = call.call();
        }
        long taken = System.nanoTime() - begun;
        Bench.last = answer;
        return taken;
    }
}
