// Arguments of bindings/parity that may be any bytes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

inline std::string of_hex(const std::string &digits) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    bytes.push_back(static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16)));
  }
  return bytes;
}

inline std::string to_hex(std::string_view bytes) {
  std::string digits;
  for (const char byte : bytes) {
    digits += "0123456789abcdef"[(byte >> 4) & 15];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

/// The bytes of a text, of `{"hex"}`, of `{"repeat": [part, times]}` or of a list of parts.
inline std::string spelled(const nlohmann::json &value) {
  if (value.is_string()) return value.get<std::string>();
  std::string bytes;
  if (value.is_array()) {
    for (const auto &part : value) bytes += spelled(part);
  } else if (value.contains("hex")) {
    bytes = of_hex(value.at("hex").get<std::string>());
  } else {
    const std::string part = spelled(value.at("repeat").at(0));
    auto times = value.at("repeat").at(1).get<std::size_t>();
    for (; times > 0; --times) bytes += part;
  }
  return bytes;
}
