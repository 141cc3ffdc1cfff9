// Verifies a token: verify KEYS TOKEN SECONDS
//
// KEYS is a key set of the use `edge-tag` as JSON text, SECONDS the time since the epoch.
#include <cogauth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
  if (count != 4) return fprintf(stderr, "usage: verify KEYS TOKEN SECONDS\n"), 2;
  const char *json = arguments[1], *text = arguments[2];

  cogauth_edge_keys *keys = NULL;
  int32_t code = cogauth_edge_keys_read(json, strlen(json), &keys, NULL);

  cogauth_token token = {.struct_size = sizeof token};
  if (code == COGAUTH_OK) {
    const uint64_t now = strtoull(arguments[3], NULL, 10);
    code = cogauth_token_verify(keys, text, strlen(text), now, &token, NULL);
  }
  if (code == COGAUTH_OK) {
    printf("genuine: %s\n", token.handle);
  } else {
    size_t length = 0;
    const char *sentence = cogauth_code_sentence(code, &length);
    printf("error %d: %.*s\n", (int)code, (int)length, sentence == NULL ? "" : sentence);
  }
  cogauth_edge_keys_release(keys);
  return code == COGAUTH_OK ? 0 : 1;
}
