// What went wrong.
#pragma once

#include "json.hpp"
#include "library.hpp"

#include <utility>

COGAUTH_BEGIN

/// An error: a COGAUTH_E_... code, which never changes its meaning, and what else is known of it.
/// It holds no byte of a secret.
class error {
 public:
  /// An error of which no more is known than its code.
  explicit error(std::int32_t code) noexcept : code_(code) {}

  /// An error as the library tells it.
  error(std::int32_t code, std::string json) noexcept : code_(code), json_(std::move(json)) {}

  std::int32_t code() const noexcept { return code_; }

  /// The name of the code, such as `expired`.
  std::string_view name() const noexcept { return code_name(code_); }

  /// What is wrong, as a sentence.
  std::string message() const {
    auto told = detail::text_of(detail::member(json_, "message"));
    return told ? *std::move(told) : std::string(code_sentence(code_));
  }

  /// The zero-based byte offset into the input.
  std::optional<std::uint64_t> offset() const noexcept { return number("offset"); }

  /// The name of the document that is at fault.
  std::optional<std::string> document() const { return text("document"); }

  /// The JSON pointer to the value that is at fault.
  std::optional<std::string> pointer() const { return text("pointer"); }

  /// The line in the document, from 1.
  std::optional<std::uint64_t> line() const noexcept { return number("line"); }

  /// The column in its line, in characters from 1.
  std::optional<std::uint64_t> column() const noexcept { return number("column"); }

  /// How many characters from there on are at fault.
  std::optional<std::uint64_t> length() const noexcept { return number("length"); }

  /// What was perhaps meant.
  std::optional<std::string> suggestion() const { return text("suggestion"); }

  /// All of it as a JSON object; empty if no more is known than the code.
  const std::string &json() const noexcept { return json_; }

 private:
  std::optional<std::uint64_t> number(std::string_view name) const noexcept {
    return detail::number(detail::member(json_, name));
  }

  std::optional<std::string> text(std::string_view name) const {
    return detail::text_of(detail::member(json_, name));
  }

  std::int32_t code_;
  std::string json_;
};

COGAUTH_END
