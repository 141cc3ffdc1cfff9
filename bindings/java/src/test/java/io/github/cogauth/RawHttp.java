package io.github.cogauth;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends a request over a socket as it is spelled, and answers all that comes back. */
final class RawHttp {
    private RawHttp() {
    }

    static String call(int port, String method, String target, String... headers)
            throws IOException {
        return call(new Socket(InetAddress.getLoopbackAddress(), port), method, target, headers);
    }

    /** The same over a socket that is connected, which is closed. */
    static String call(Socket connected, String method, String target, String... headers)
            throws IOException {
        try (Socket socket = connected) {
            socket.setSoTimeout(20_000);
            String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\n"
                    + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static int status(String response) {
        return Integer.parseInt(response.substring("HTTP/1.1 ".length()).substring(0, 3));
    }
}
