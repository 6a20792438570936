// SHA-256 (FIPS 180-4), in C because only there the processor's own instructions for it can be used.

#ifndef TAPEDECK_CDIGESTS_H
#define TAPEDECK_CDIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The state of a hash between two blocks. (FIPS 180-4, 5.3.3)
typedef struct {
  uint32_t h[8];
} tapedeck_sha256;

/// The state before the first block.
tapedeck_sha256 tapedeck_sha256_start(void);

/// Takes whole blocks of 64 bytes, by the processor's instructions where it has them.
void tapedeck_sha256_take(tapedeck_sha256 *state, const uint8_t *blocks, size_t count);

/// The same without such instructions, for the tests.
void tapedeck_sha256_take_portably(tapedeck_sha256 *state, const uint8_t *blocks, size_t count);

/// Whether the processor has instructions for it.
bool tapedeck_sha256_has_instructions(void);

#endif
