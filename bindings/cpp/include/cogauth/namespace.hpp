// The namespace, which tells the two kinds of result apart.
//
// The linker does not see what a function returns. Without this, a program of which one file is
// compiled as C++17 and another as C++23 could call the wrong one of two functions of one name.
#pragma once

#include <cogauth.h>

#if __has_include(<version>)
#include <version>
#endif
#if defined(__cpp_lib_expected)
#include <expected>
#define COGAUTH_BEGIN namespace cogauth { inline namespace with_expected {
#else
#define COGAUTH_BEGIN namespace cogauth { inline namespace with_result {
#endif
#define COGAUTH_END }}
