// A program that was written against an installed library: it asks what it got, and parses a token.
#include <cogauth.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  static const char token[] =
      "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
  cogauth_token parsed = {.struct_size = sizeof parsed};
  if (cogauth_abi_version() >> 16 != COGAUTH_ABI_MAJOR) return 1;
  if (strcmp(cogauth_version(), COGAUTH_VERSION) != 0) return 2;
  if (cogauth_token_parse(token, strlen(token), &parsed, NULL) != COGAUTH_OK) return 3;
  if (strcmp(parsed.handle, "cog_1s015PnAAAABBBBCCCC") != 0) return 4;
  printf("%s %s\n", cogauth_version(), parsed.handle);
  return 0;
}
