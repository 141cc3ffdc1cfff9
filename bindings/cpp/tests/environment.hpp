// What the tests are given: files, which the environment names.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

inline std::string variable(const char *name) {
  const char *value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set");
  return value;
}

inline std::string file(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// The token, keys, record, facts and request of the benchmark of every binding.
inline const nlohmann::json &inputs() {
  static const auto read = nlohmann::json::parse(file(variable("COGAUTH_BENCH_INPUTS")));
  return read;
}

inline std::string input(const char *name) { return inputs().at(name).get<std::string>(); }
inline std::uint64_t now() { return inputs().at("now").get<std::uint64_t>(); }
