// Tokens in text and in what is encoded in it. Full build only.
#pragma once

#include "keys.hpp"

#include <string>
#include <vector>

COGAUTH_BEGIN

/// How sure it is that something is a token.
enum class certainty {
  /// It is an older credential, a damaged one, or random text.
  looks_like,
  /// It has the form of a token, and its checksum fits.
  parsed,
};

/// A token in a text or in what is encoded in it, or a place that looks like a credential.
struct decoded_finding {
  /// Where it begins in the text, in bytes from 0.
  std::uint64_t start = 0;
  /// The first byte after it.
  std::uint64_t end = 0;
  cogauth::certainty certainty = cogauth::certainty::looks_like;
  /// The part of a token that may be shown.
  std::optional<std::string> handle;
  /// The names of the encodings around it, such as `base64`, from the outside to the inside. There
  /// are none where it stands in the text as it is.
  std::vector<std::string> encodings;
  /// Of a token, where edge keys were given: whether it was minted with a root key of these, also
  /// if it has expired since.
  std::optional<bool> genuine;
};

namespace detail {
inline result<std::vector<decoded_finding>> scan_decoding(std::string_view text,
                                                          const cogauth_edge_keys *keys) {
  auto written = detail::text([&](auto... room) {
    return cogauth_text_scan_decoding(text.data(), text.size(), keys, room...);
  });
  if (!written) return failure(std::move(written).error());
  std::vector<decoded_finding> all;
  for (const std::string_view item : items(*written)) {
    decoded_finding next;
    next.start = number(member(item, "start")).value_or(0);
    next.end = number(member(item, "end")).value_or(0);
    if (member(item, "certainty") == "\"parsed\"") next.certainty = certainty::parsed;
    next.handle = text_of(member(item, "handle"));
    next.encodings = texts_of(member(item, "encodings"));
    if (const auto genuine = member(item, "genuine")) next.genuine = *genuine == "true";
    all.push_back(std::move(next));
  }
  return all;
}
}  // namespace detail

/// All that scan() finds in a text, and the tokens in what is encoded in it: base64, hexadecimal
/// digits, UTF-16, the escapes of URLs, JSON, HTML and mails. They come in the order in which they
/// begin. Section "Tokens in encodings" of docs/token-format.md has all of it. Full build only.
inline result<std::vector<decoded_finding>> scan_decoding(std::string_view text) {
  return detail::scan_decoding(text, nullptr);
}

/// The same, which says of each token whether it is genuine.
inline result<std::vector<decoded_finding>> scan_decoding(std::string_view text,
                                                          const edge_keys &keys) {
  if (!keys) return detail::failure(detail::freed());
  return detail::scan_decoding(text, keys.raw());
}

/// The text with all cut that redact() cuts, and each token that stands in it in an encoding, as
/// scan_decoding() finds it: its handle and `…` stand in place of every byte that holds a part of
/// it. What is encoded must parse, so that the half of an encoded token stays. Full build only.
inline result<std::string> redact_decoding(std::string_view text) {
  return detail::text([&](auto... room) {
    return cogauth_text_redact_decoding(text.data(), text.size(), room...);
  });
}

COGAUTH_END
