// What tests of the guard and others share: a gate, its request, and the stores that it asks.
#pragma once

#include "environment.hpp"

#include <cogauth.hpp>
#include <doctest/doctest.h>

using cogauth::lookup;

inline cogauth::edge_keys keys() { return *cogauth::edge_keys::read(input("edge_keys")); }
inline cogauth::gate gate() { return *cogauth::gate::at_edge(*cogauth::policy::builtin(), keys()); }

/// The request of the benchmark, whose texts stay where they are.
inline cogauth::request request() {
  static const std::string method = input("method"), target = input("target"),
                           line = input("authorization");
  return {method, target, {line}};
}

inline lookup record(std::string_view) { return lookup::found(input("record")); }

inline lookup facts(std::string_view, std::optional<std::string_view>) {
  return lookup::found(input("facts"));
}

inline const cogauth::refused &refusal(const cogauth::outcome &outcome) {
  REQUIRE(std::holds_alternative<cogauth::refused>(outcome));
  return *std::get_if<cogauth::refused>(&outcome);
}
