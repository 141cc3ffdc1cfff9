package io.github.cogauth.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON that the library answers: objects are maps, arrays are lists, and numbers, which
 * are integers, are {@link Long}. It is no reader for the text of others.
 */
public final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Any value. */
    public static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at != text.length()) {
            throw json.unexpected();
        }
        return value;
    }

    /** An object, from UTF-8. */
    public static Map<String, Object> object(byte[] text) {
        return object(new String(text, StandardCharsets.UTF_8));
    }

    /** An object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(String text) {
        return (Map<String, Object>) parse(text);
    }

    /** An array of texts. */
    @SuppressWarnings("unchecked")
    public static List<String> texts(Object array) {
        return List.copyOf((List<String>) array);
    }

    /** How the value of a member is written in an object, null where there is none. */
    public static String member(String object, String name) {
        Json json = new Json(object);
        json.expect('{');
        if (json.next() == '}') {
            return null;
        }
        while (true) {
            json.space();
            String key = json.string();
            json.expect(':');
            json.space();
            int from = json.at;
            json.value();
            if (key.equals(name)) {
                return object.substring(from, json.at);
            }
            if (json.next() != ',') {
                return null;
            }
            json.at++;
        }
    }

    private Object value() {
        switch (next()) {
            case '{':
                return members();
            case '[':
                return items();
            case '"':
                return string();
            case 't':
                return word("true", true);
            case 'f':
                return word("false", false);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        if (next() == '}') {
            at++;
            return members;
        }
        while (true) {
            space();
            String name = string();
            expect(':');
            members.put(name, value());
            if (next() == '}') {
                at++;
                return members;
            }
            expect(',');
        }
    }

    private List<Object> items() {
        List<Object> items = new ArrayList<>();
        at++;
        if (next() == ']') {
            at++;
            return items;
        }
        while (true) {
            items.add(value());
            if (next() == ']') {
                at++;
                return items;
            }
            expect(',');
        }
    }

    private String string() {
        if (next() != '"') {
            throw unexpected();
        }
        int from = ++at;
        while (text.charAt(at) != '"' && text.charAt(at) != '\\') {
            at++;
        }
        if (text.charAt(at) == '"') {
            return text.substring(from, at++);
        }
        StringBuilder unescaped = new StringBuilder(text.substring(from, at));
        while (text.charAt(at) != '"') {
            char unit = text.charAt(at++);
            unescaped.append(unit == '\\' ? escaped() : unit);
        }
        at++;
        return unescaped.toString();
    }

    private char escaped() {
        char unit = text.charAt(at++);
        switch (unit) {
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                at += 4;
                return (char) Integer.parseInt(text.substring(at - 4, at), 16);
            default:
                return unit;
        }
    }

    private Long number() {
        int from = at;
        while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (from == at) {
            throw unexpected();
        }
        return Long.valueOf(text.substring(from, at));
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw unexpected();
        }
        at += word.length();
        return value;
    }

    private char next() {
        space();
        if (at >= text.length()) {
            throw unexpected();
        }
        return text.charAt(at);
    }

    private void expect(char unit) {
        if (next() != unit) {
            throw unexpected();
        }
        at++;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("this is not JSON, at " + at);
    }
}
