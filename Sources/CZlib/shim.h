#ifndef TAPEDECK_CZLIB_H
#define TAPEDECK_CZLIB_H

#include <zlib.h>

// deflateInit2 and inflateInit2 are macros over a version check, which Swift does not import.
static inline int tapedeck_deflate_init(
    z_stream *stream, int level, int window_bits, int memory_level) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY);
}

static inline int tapedeck_inflate_init(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

#endif
