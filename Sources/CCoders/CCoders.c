#include "CCoders.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

// The functions of libbrotlidec and libzstd that are called. Their ABI is stable, and their headers are on few
// machines where the libraries are.
static struct {
  void *(*create)(void *, void *, void *);
  void (*destroy)(void *);
  // 0 is an error, 1 the end, 2 and 3 ask for more input and more room.
  int (*decompress)(void *, size_t *, const uint8_t **, size_t *, uint8_t **, size_t *);
  int (*code)(const void *);
  const char *(*words)(int);
} brotli;

struct zstd_input {
  const void *bytes;
  size_t size, position;
};
struct zstd_output {
  void *bytes;
  size_t size, position;
};
static struct {
  void *(*create)(void);
  size_t (*destroy)(void *);
  size_t (*set)(void *, int, int);
  // 0 is the end of a frame.
  size_t (*decompress)(void *, struct zstd_output *, struct zstd_input *);
  unsigned (*is_error)(size_t);
  const char *(*words)(size_t);
} zstd;

static int has_brotli, has_zstd;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *first_of(const char *const *names) {
  void *handle = NULL;
  while (!handle && *names) handle = dlopen(*names++, RTLD_NOW | RTLD_LOCAL);
  return handle;
}

#define FIND(library, field, name) (library.field = (__typeof__(library.field))dlsym(handle, name))

static void load(void) {
  static const char *const brotli_names[] = {"libbrotlidec.so.1", "libbrotlidec.1.dylib", NULL};
  static const char *const zstd_names[] = {"libzstd.so.1", "libzstd.1.dylib", NULL};
  void *handle = first_of(brotli_names);
  has_brotli = handle && FIND(brotli, create, "BrotliDecoderCreateInstance") &&
               FIND(brotli, destroy, "BrotliDecoderDestroyInstance") &&
               FIND(brotli, decompress, "BrotliDecoderDecompressStream") &&
               FIND(brotli, code, "BrotliDecoderGetErrorCode") &&
               FIND(brotli, words, "BrotliDecoderErrorString");
  handle = first_of(zstd_names);
  has_zstd = handle && FIND(zstd, create, "ZSTD_createDStream") &&
             FIND(zstd, destroy, "ZSTD_freeDStream") && FIND(zstd, set, "ZSTD_DCtx_setParameter") &&
             FIND(zstd, decompress, "ZSTD_decompressStream") && FIND(zstd, is_error, "ZSTD_isError") &&
             FIND(zstd, words, "ZSTD_getErrorName");
}

struct tapedeck_decoder {
  enum tapedeck_coding coding;
  void *state;
};

struct tapedeck_decoder *tapedeck_decoder_new(enum tapedeck_coding coding) {
  pthread_once(&once, load);
  if (coding == TAPEDECK_CODING_BR ? !has_brotli : !has_zstd) return NULL;
  struct tapedeck_decoder *decoder = malloc(sizeof *decoder);
  if (!decoder) return NULL;
  decoder->coding = coding;
  decoder->state = coding == TAPEDECK_CODING_BR ? brotli.create(NULL, NULL, NULL) : zstd.create();
  if (!decoder->state) {
    free(decoder);
    return NULL;
  }
  // The largest window of the coding is 8 MiB; the parameter is ZSTD_d_windowLogMax. (RFC 9659, 3)
  if (coding == TAPEDECK_CODING_ZSTD) zstd.set(decoder->state, 100, 23);
  return decoder;
}

void tapedeck_decoder_free(struct tapedeck_decoder *decoder) {
  if (!decoder) return;
  if (decoder->coding == TAPEDECK_CODING_BR) brotli.destroy(decoder->state);
  else zstd.destroy(decoder->state);
  free(decoder);
}

struct tapedeck_decoder_step tapedeck_decoder_step(
    struct tapedeck_decoder *decoder, const uint8_t *input, size_t count, uint8_t *output, size_t room) {
  struct tapedeck_decoder_step step = {0};
  if (decoder->coding == TAPEDECK_CODING_BR) {
    size_t left = count, free_room = room;
    int result = brotli.decompress(decoder->state, &left, &input, &free_room, &output, NULL);
    step.consumed = count - left;
    step.produced = room - free_room;
    step.is_at_end = result == 1;
    if (result == 0) step.failure = brotli.words(brotli.code(decoder->state));
    return step;
  }
  struct zstd_input from = {input, count, 0};
  struct zstd_output to = {output, room, 0};
  size_t result = zstd.decompress(decoder->state, &to, &from);
  step.consumed = from.position;
  step.produced = to.position;
  if (zstd.is_error(result)) step.failure = zstd.words(result);
  else step.is_at_end = result == 0;
  return step;
}
