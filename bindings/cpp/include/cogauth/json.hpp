// Reading the JSON that the library writes. It is no reader for other JSON: it trusts the form.
#pragma once

#include "namespace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

COGAUTH_BEGIN
namespace detail {

/// The length of the value at the start of a text: up to what ends it outside of strings and
/// nesting.
inline std::size_t value_length(std::string_view text) noexcept {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char byte = text[at];
    if (quoted) {
      if (byte == '\\') ++at;
      quoted = byte != '"';
    } else if (byte == '"') {
      quoted = true;
    } else if (byte == '{' || byte == '[') {
      ++depth;
    } else if (byte == '}' || byte == ']') {
      if (depth == 0) return at;
      --depth;
    } else if ((byte == ',' || byte == ':') && depth == 0) {
      return at;
    }
  }
  return text.size();
}

/// Takes a value, and the one byte that follows it, off the start of a text.
inline std::string_view take_value(std::string_view &text) noexcept {
  const std::size_t length = value_length(text);
  const std::string_view value = text.substr(0, length);
  text.remove_prefix(length < text.size() ? length + 1 : length);
  return value;
}

/// What stands between the brackets of an object or an array.
inline std::string_view inside(std::string_view value) noexcept {
  return value.size() < 2 ? std::string_view() : value.substr(1, value.size() - 2);
}

/// The member of an object, as it is spelled.
inline std::optional<std::string_view> member(std::string_view object,
                                              std::string_view name) noexcept {
  std::string_view rest = inside(object);
  while (!rest.empty()) {
    const std::string_view found = inside(take_value(rest));
    const std::string_view value = take_value(rest);
    if (found == name) return value;
  }
  return std::nullopt;
}

/// The members of an object: names and values, as they are spelled.
inline std::vector<std::pair<std::string_view, std::string_view>> members(std::string_view object) {
  std::vector<std::pair<std::string_view, std::string_view>> found;
  std::string_view rest = inside(object);
  while (!rest.empty()) {
    const std::string_view name = take_value(rest);
    found.emplace_back(name, take_value(rest));
  }
  return found;
}

/// The items of an array, as they are spelled.
inline std::vector<std::string_view> items(std::string_view array) {
  std::vector<std::string_view> found;
  std::string_view rest = inside(array);
  while (!rest.empty()) found.push_back(take_value(rest));
  return found;
}

inline std::optional<std::uint64_t> number(std::optional<std::string_view> value) noexcept {
  if (!value) return std::nullopt;
  std::uint64_t sum = 0;
  for (const char digit : *value) {
    if (digit < '0' || digit > '9') return std::nullopt;
    sum = sum * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return sum;
}

inline void append_utf8(std::string &text, std::uint32_t scalar) {
  const auto byte = [&text](std::uint32_t value) { text.push_back(static_cast<char>(value)); };
  const auto more = [&](unsigned shift) { byte(0x80 | ((scalar >> shift) & 0x3f)); };
  if (scalar < 0x80) {
    byte(scalar);
  } else if (scalar < 0x800) {
    byte(0xc0 | (scalar >> 6)), more(0);
  } else if (scalar < 0x10000) {
    byte(0xe0 | (scalar >> 12)), more(6), more(0);
  } else {
    byte(0xf0 | (scalar >> 18)), more(12), more(6), more(0);
  }
}

/// The four digits at a place as a number.
inline std::uint32_t hexadecimal(std::string_view digits) noexcept {
  std::uint32_t sum = 0;
  for (const char digit : digits) {
    const int value = digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
    sum = sum * 16 + (static_cast<std::uint32_t>(value) & 15);
  }
  return sum;
}

/// The text that a JSON string spells.
inline std::string text_of(std::string_view value) {
  const std::string_view spelled = inside(value);
  std::string text;
  text.reserve(spelled.size());
  for (std::size_t at = 0; at < spelled.size(); ++at) {
    if (spelled[at] != '\\' || at + 1 == spelled.size()) {
      text.push_back(spelled[at]);
      continue;
    }
    switch (const char escape = spelled[++at]) {
      case 'b': text.push_back('\b'); break;
      case 'f': text.push_back('\f'); break;
      case 'n': text.push_back('\n'); break;
      case 'r': text.push_back('\r'); break;
      case 't': text.push_back('\t'); break;
      case 'u': {
        std::uint32_t scalar = hexadecimal(spelled.substr(at + 1, 4));
        at += 4;
        if (scalar >= 0xd800 && scalar < 0xdc00 && spelled.size() > at + 6) {
          const std::uint32_t low = hexadecimal(spelled.substr(at + 3, 4));
          scalar = 0x10000 + ((scalar & 0x3ff) << 10) + (low & 0x3ff);
          at += 6;
        }
        append_utf8(text, scalar);
        break;
      }
      default: text.push_back(escape);
    }
  }
  return text;
}

inline std::optional<std::string> text_of(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  return text_of(*value);
}

/// The texts that an array of JSON strings spells; none where there is no array.
inline std::vector<std::string> texts_of(std::optional<std::string_view> array) {
  std::vector<std::string> texts;
  if (!array) return texts;
  for (const std::string_view item : items(*array)) texts.push_back(text_of(item));
  return texts;
}

}  // namespace detail
COGAUTH_END
