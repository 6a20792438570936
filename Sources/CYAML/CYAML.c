#include "CYAML.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

// What of libyaml's types is read here; its ABI is stable since 0.1, and its header is on few machines where the
// library is. (yaml.h)
struct mark {
  size_t index, line, column;
};

// The beginning of yaml_parser_t, and room for the rest of it, which has some 300 bytes.
struct parser {
  int error;
  const char *problem;
  size_t problem_offset;
  int problem_value;
  struct mark problem_mark;
  const char *context;
  struct mark context_mark;
  int (*read_handler)(void);
  void *read_handler_data;
  struct {
    const void *start, *end, *current;
  } input;
  int eof;
  struct {
    void *start, *end, *pointer, *last;
  } buffer;
  size_t unread;
  struct {
    void *start, *end, *pointer, *last;
  } raw_buffer;
  int encoding;
  size_t offset;
  struct mark mark;
  char rest[4096];
};

// yaml_event_t, whose union is as large as its scalar.
struct event {
  int type;
  union {
    struct {
      const uint8_t *anchor, *tag, *value;
      size_t length;
      int plain_implicit, quoted_implicit, style;
    } scalar;
    // A sequence or a mapping that begins, or an alias, which has the anchor alone.
    struct {
      const uint8_t *anchor, *tag;
    } node;
  } data;
  struct mark start, end;
  char rest[256];
};

enum { NO_EVENT, STREAM_START, STREAM_END, DOCUMENT_START, DOCUMENT_END, ALIAS, SCALAR, SEQUENCE_START, SEQUENCE_END,
       MAPPING_START, MAPPING_END };

// yaml_error_type_t
enum { MEMORY_ERROR = 1, READER_ERROR = 2 };

// YAML_PLAIN_SCALAR_STYLE
enum { PLAIN = 1 };

// Nothing pulls these in: a program that is to hold the library names them when it is linked, and in all others they
// are NULL.
#ifdef __ELF__
#define LINKED __attribute__((weak))
extern int yaml_parser_initialize(struct parser *) LINKED;
extern void yaml_parser_delete(struct parser *) LINKED;
extern void yaml_parser_set_input(struct parser *, tapedeck_yaml_feed, void *) LINKED;
extern int yaml_parser_parse(struct parser *, struct event *) LINKED;
extern void yaml_event_delete(struct event *) LINKED;
#define LINKED_FUNCTION(name) name
#else
#define LINKED_FUNCTION(name) NULL
#endif

static struct {
  int (*initialize)(struct parser *);
  void (*delete)(struct parser *);
  void (*set_input)(struct parser *, tapedeck_yaml_feed, void *);
  int (*parse)(struct parser *, struct event *);
  void (*delete_event)(struct event *);
} yaml = {
    LINKED_FUNCTION(yaml_parser_initialize), LINKED_FUNCTION(yaml_parser_delete), LINKED_FUNCTION(yaml_parser_set_input),
    LINKED_FUNCTION(yaml_parser_parse), LINKED_FUNCTION(yaml_event_delete),
};

static bool has_yaml;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define FIND(field, name) (yaml.field = (__typeof__(yaml.field))dlsym(handle, name))

static void load(void) {
  if (yaml.initialize && yaml.delete && yaml.set_input && yaml.parse && yaml.delete_event) {
    has_yaml = true;
    return;
  }
  static const char *const names[] = {"libyaml-0.so.2", "libyaml-0.2.dylib", NULL};
  void *handle = NULL;
  for (const char *const *name = names; !handle && *name; name++) handle = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
  has_yaml = handle && FIND(initialize, "yaml_parser_initialize") && FIND(delete, "yaml_parser_delete") &&
             FIND(set_input, "yaml_parser_set_input") && FIND(parse, "yaml_parser_parse") &&
             FIND(delete_event, "yaml_event_delete");
}

struct tapedeck_yaml {
  struct parser parser;
  struct event event;
};

bool tapedeck_yaml_is_there(void) {
  pthread_once(&once, load);
  return has_yaml;
}

struct tapedeck_yaml *tapedeck_yaml_new(tapedeck_yaml_feed feed, void *context) {
  if (!tapedeck_yaml_is_there()) return NULL;
  struct tapedeck_yaml *parser = calloc(1, sizeof *parser);
  if (!parser) return NULL;
  if (!yaml.initialize(&parser->parser)) {
    free(parser);
    return NULL;
  }
  yaml.set_input(&parser->parser, feed, context);
  return parser;
}

static struct tapedeck_yaml_event failure(const struct parser *parser) {
  struct tapedeck_yaml_event event = {0};
  event.bytes = (const uint8_t *)(parser->problem ? parser->problem : "it cannot be read");
  event.count = strlen((const char *)event.bytes);
  switch (parser->error) {
  case MEMORY_ERROR: event.kind = TAPEDECK_YAML_MEMORY_ERROR; break;
  case READER_ERROR:
    event.kind = TAPEDECK_YAML_ENCODING_ERROR;
    event.offset = parser->problem_offset;
    event.value = parser->problem_value;
    break;
  default:
    event.kind = TAPEDECK_YAML_ERROR;
    event.line = parser->problem_mark.line + 1;
    event.context = parser->context;
    event.context_line = parser->context_mark.line + 1;
    // What is left then is at most the NUL that the library puts behind the text.
    event.is_at_end = parser->eof && parser->unread <= 1 && parser->problem_mark.index >= parser->mark.index;
  }
  return event;
}

struct tapedeck_yaml_event tapedeck_yaml_next(struct tapedeck_yaml *parser) {
  if (parser->event.type) yaml.delete_event(&parser->event);
  memset(&parser->event, 0, sizeof parser->event);
  if (!yaml.parse(&parser->parser, &parser->event)) {
    parser->event.type = NO_EVENT;
    return failure(&parser->parser);
  }
  struct tapedeck_yaml_event event = {0};
  event.kind = TAPEDECK_YAML_BORDER;
  event.line = parser->event.start.line + 1;
  switch (parser->event.type) {
  case SCALAR:
    event.kind = TAPEDECK_YAML_SCALAR;
    event.bytes = parser->event.data.scalar.value;
    event.count = parser->event.data.scalar.length;
    event.is_plain = parser->event.data.scalar.style == PLAIN;
    break;
  case SEQUENCE_START: event.kind = TAPEDECK_YAML_SEQUENCE_START; break;
  case SEQUENCE_END: event.kind = TAPEDECK_YAML_SEQUENCE_END; break;
  case MAPPING_START: event.kind = TAPEDECK_YAML_MAPPING_START; break;
  case MAPPING_END: event.kind = TAPEDECK_YAML_MAPPING_END; break;
  case ALIAS: event.kind = TAPEDECK_YAML_ALIAS; break;
  case STREAM_END: event.kind = TAPEDECK_YAML_END; break;
  default: break;
  }
  switch (event.kind) {
  case TAPEDECK_YAML_SCALAR:
  case TAPEDECK_YAML_SEQUENCE_START:
  case TAPEDECK_YAML_MAPPING_START:
    event.tag = (const char *)parser->event.data.node.tag;
    event.anchor = (const char *)parser->event.data.node.anchor;
    break;
  case TAPEDECK_YAML_ALIAS: event.anchor = (const char *)parser->event.data.node.anchor; break;
  default: break;
  }
  return event;
}

// What is copied before its pages are given back, which then read as zeros.
enum { STEP = 1 << 20 };

static void let_go(uint8_t *bytes, size_t count) {
#ifdef __linux__
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t start = ((uintptr_t)bytes + page - 1) & ~(page - 1), end = ((uintptr_t)bytes + count) & ~(page - 1);
  if (count == STEP && start < end) madvise((void *)start, end - start, MADV_DONTNEED);
#else
  (void)bytes, (void)count;
#endif
}

void tapedeck_yaml_take(struct tapedeck_yaml *parser, uint8_t *target) {
  if (parser->event.type != SCALAR) return;
  uint8_t *bytes = (uint8_t *)(uintptr_t)parser->event.data.scalar.value;
  size_t left = parser->event.data.scalar.length;
  while (left > 0) {
    size_t count = left < STEP ? left : STEP;
    memcpy(target, bytes, count);
    let_go(bytes, count);
    bytes += count, target += count, left -= count;
  }
}

void tapedeck_yaml_free(struct tapedeck_yaml *parser) {
  if (!parser) return;
  if (parser->event.type) yaml.delete_event(&parser->event);
  yaml.delete(&parser->parser);
  free(parser);
}
