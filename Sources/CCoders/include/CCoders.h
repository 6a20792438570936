#ifndef TAPEDECK_CCODERS_H
#define TAPEDECK_CCODERS_H

#include <stddef.h>
#include <stdint.h>

// Decoders of content codings whose libraries are loaded when they are first needed: an answer in one of them
// is rare, and without the library it is kept as it came.

enum tapedeck_coding {
  // RFC 7932.
  TAPEDECK_CODING_BR,
  // RFC 8878.
  TAPEDECK_CODING_ZSTD,
};

struct tapedeck_decoder;

// How far one step came.
struct tapedeck_decoder_step {
  size_t consumed, produced;
  // Whether the stream, or of zstd one frame, ended.
  int is_at_end;
  // What is wrong with the input, in the library's words, or NULL.
  const char *failure;
};

// Begins to decode, or returns NULL where the library is not there or has no memory.
struct tapedeck_decoder *tapedeck_decoder_new(enum tapedeck_coding coding);

void tapedeck_decoder_free(struct tapedeck_decoder *decoder);

// Decodes as much of the input as the output has room for.
struct tapedeck_decoder_step tapedeck_decoder_step(
    struct tapedeck_decoder *decoder, const uint8_t *input, size_t count, uint8_t *output, size_t room);

#endif
