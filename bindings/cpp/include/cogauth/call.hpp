// Calling the library: errors, and texts that come out.
#pragma once

#include "result.hpp"
#include "secret.hpp"

#include <cstdint>
#include <type_traits>

COGAUTH_BEGIN

/// Any bytes of the caller's, which stay where they are during the call.
class bytes {
 public:
  constexpr bytes() noexcept = default;
  constexpr bytes(const std::uint8_t *data, std::size_t size) noexcept : data_(data), size_(size) {}

  /// Those of a container that has them one after the other: a std::string_view, a std::vector of
  /// chars, a std::span of bytes.
  template <typename Container,
            typename Pointer = decltype(std::declval<const Container &>().data()),
            typename = std::enable_if_t<sizeof(std::remove_pointer_t<Pointer>) == 1>>
  bytes(const Container &container) noexcept
      : data_(reinterpret_cast<const std::uint8_t *>(container.data())), size_(container.size()) {}

  constexpr const std::uint8_t *data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }

 private:
  const std::uint8_t *data_ = nullptr;
  std::size_t size_ = 0;
};

namespace detail {

/// A text that is there: NULL would say that it is not.
inline cogauth_slice slice(std::string_view text) noexcept {
  return {text.data() == nullptr ? "" : text.data(), text.size()};
}

inline cogauth_slice slice(std::optional<std::string_view> text) noexcept {
  return text ? slice(*text) : cogauth_slice{nullptr, 0};
}

inline std::string_view view(cogauth_slice slice) noexcept {
  return slice.data == nullptr ? std::string_view() : std::string_view(slice.data, slice.length);
}

inline error freed() noexcept { return error(COGAUTH_E_FREED); }

/// Makes a call, and says what went wrong, if anything did. It allocates nothing where nothing did.
///
/// The call is made again where its error is too long for the room that most have.
template <typename Call>
std::optional<error> attempt(Call &&call) {
  char room[512];
  cogauth_error told{};
  told.struct_size = sizeof told;
  told.json = room;
  told.json_capacity = sizeof room;
  const std::int32_t code = call(&told);
  if (code == COGAUTH_OK) return std::nullopt;
  if (code == COGAUTH_E_BUFFER_TOO_SMALL) return error(code);
  if (told.json_length <= sizeof room) return error(code, std::string(room, told.json_length));
  std::string larger(told.json_length, '\0');
  told.json = larger.data();
  told.json_capacity = larger.size();
  if (call(&told) != code || told.json_length > larger.size()) return error(code);
  larger.resize(told.json_length);
  return error(code, std::move(larger));
}

/// The text that a call writes into a buffer.
template <typename Call>
result<std::string> text(Call &&call) {
  constexpr std::size_t enough_for_most = 512;
  std::string room(enough_for_most, '\0');
  std::size_t length = 0;
  const auto write = [&](cogauth_error *told) {
    return call(room.data(), room.size(), &length, told);
  };
  auto failed = attempt(write);
  if (failed && failed->code() == COGAUTH_E_BUFFER_TOO_SMALL) {
    room.assign(length, '\0');
    failed = attempt(write);
  }
  if (failed) return failure(*std::move(failed));
  room.resize(length);
  return room;
}

/// The secret that a call writes into a buffer. It is asked first how long that is.
template <typename Call>
result<secret> secret_text(Call &&call) {
  std::size_t length = 0;
  auto failed =
      attempt([&](cogauth_error *told) { return call(nullptr, std::size_t{0}, &length, told); });
  if (failed && failed->code() != COGAUTH_E_BUFFER_TOO_SMALL) return failure(*std::move(failed));
  secret written(length);
  failed = attempt([&](cogauth_error *told) {
    return call(written.data(), written.expose().size(), &length, told);
  });
  if (failed) return failure(*std::move(failed));
  return written;
}

}  // namespace detail
COGAUTH_END
