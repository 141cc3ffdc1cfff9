// cog-auth for C++17 and later, over cogauth.h, of headers alone.
//
// Who is behind an `Authorization: Bearer cog_...` header, is the credential real, may they do
// this, and if not, why not? bindings/cpp/README.md has examples. What each call means, with its
// errors, is said in cogauth.h; here is what C++ adds:
//
// - Handles (edge_keys, peppers, root_keys, policy, gate) release what they hold. A copy is one
//   more reference to the same thing, and cheap. They are as safe in threads as a std::shared_ptr:
//   any number of threads may use one, or copy it; who changes one has it alone. A handle that was
//   moved from or reset answers COGAUTH_E_FREED.
// - What can fail is a cogauth::result: a std::expected where the library of C++ has it, else a
//   class with the same `has_value()`, `*`, `->`, `error()` and `value_or()`. Nothing throws but
//   what the caller's own allocator throws, so that exceptions and RTTI may be switched off.
// - A denial and a refusal are values. Nothing that says "no" converts to true: see
//   cogauth::decision, and cogauth::outcome, which has to be visited.
// - Texts go in as std::string_view and may hold any bytes. They are not kept.
// - cogauth::edge_keys::verify and cogauth::parse allocate nothing where they succeed.
#pragma once

#include "cogauth/authorization.hpp"
#include "cogauth/decoding.hpp"
#include "cogauth/error.hpp"
#include "cogauth/gate.hpp"
#include "cogauth/keys.hpp"
#include "cogauth/library.hpp"
#include "cogauth/policy.hpp"
#include "cogauth/records.hpp"
#include "cogauth/result.hpp"
#include "cogauth/token.hpp"
