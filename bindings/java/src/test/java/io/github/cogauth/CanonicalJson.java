package io.github.cogauth;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes JSON in one form, with sorted members, so that texts can be compared. */
final class CanonicalJson {
    private CanonicalJson() {
    }

    static String of(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder text) {
        if (value instanceof Map<?, ?> members) {
            String before = "{";
            for (Map.Entry<?, ?> member : new TreeMap<>(members).entrySet()) {
                text.append(before);
                write(member.getKey(), text);
                text.append(':');
                write(member.getValue(), text);
                before = ",";
            }
            text.append(members.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> items) {
            String before = "[";
            for (Object item : items) {
                text.append(before);
                write(item, text);
                before = ",";
            }
            text.append(items.isEmpty() ? "[]" : "]");
        } else if (value instanceof String string) {
            text.append('"');
            string.chars().forEach(unit -> text.append(unit < ' ' || unit == '"' || unit == '\\'
                    ? String.format("\\u%04x", unit) : String.valueOf((char) unit)));
            text.append('"');
        } else {
            text.append(value);
        }
    }
}
