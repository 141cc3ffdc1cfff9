// That verifying and parsing allocate nothing where they succeed: neither here nor in the library,
// whose `malloc` is the same.
#include "environment.hpp"

#include <cogauth.hpp>
#include <doctest/doctest.h>
#include <dlfcn.h>

namespace {
thread_local std::size_t allocations = 0;
}

extern "C" void *malloc(std::size_t size) {
  static const auto next = reinterpret_cast<void *(*)(std::size_t)>(dlsym(RTLD_NEXT, "malloc"));
  ++allocations;
  return next(size);
}

TEST_CASE("verifying allocates nothing") {
  const auto keys = *cogauth::edge_keys::read(input("edge_keys"));
  const std::string token = input("token");
  const std::uint64_t at = now();

  const std::size_t before = allocations;
  const auto verified = keys.verify(token, at);
  const auto parsed = cogauth::parse(token);
  cogauth::token into;
  const auto genuine = keys.verify(token, at, into);
  const std::size_t after = allocations;
  CHECK(after == before);
  CHECK(verified);
  CHECK(parsed);
  CHECK(genuine);

  // What is counted is counted.
  CHECK(cogauth::redact(token));
  CHECK(allocations > after);
}
