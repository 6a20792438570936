#include "CYAML.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// What of libyaml's types is read here; its ABI is stable since 0.1, and its header is on few machines where the
// library is. (yaml.h)
struct mark {
  size_t index, line, column;
};

// The beginning of yaml_parser_t, and room for the rest of it, which has some 500 bytes.
struct parser {
  int error;
  const char *problem;
  size_t problem_offset;
  int problem_value;
  struct mark problem_mark;
  char rest[4096];
};

// yaml_event_t: its union holds five pointers and a few numbers at the most.
struct event {
  int type;
  union {
    struct {
      const uint8_t *anchor, *tag, *value;
      size_t length;
    } scalar;
    char room[256];
  } data;
};

// Behind the union stand two marks, at a place that depends on its size.
struct true_event {
  int type;
  union {
    struct {
      void *version;
      struct {
        void *start, *end;
      } tags;
      int implicit;
    } document_start;
    struct {
      void *anchor, *tag, *value;
      size_t length;
      int plain_implicit, quoted_implicit, style;
    } scalar;
  } data;
  struct mark start, end;
};

enum { NO_EVENT, STREAM_START, STREAM_END, DOCUMENT_START, DOCUMENT_END, ALIAS, SCALAR, SEQUENCE_START, SEQUENCE_END,
       MAPPING_START, MAPPING_END };

// YAML_PLAIN_SCALAR_STYLE
enum { PLAIN = 1 };

static struct {
  int (*initialize)(struct parser *);
  void (*delete)(struct parser *);
  void (*set_input)(struct parser *, const unsigned char *, size_t);
  int (*parse)(struct parser *, struct event *);
  void (*delete_event)(struct event *);
} yaml;

static int has_yaml;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define FIND(field, name) (yaml.field = (__typeof__(yaml.field))dlsym(handle, name))

static void load(void) {
  static const char *const names[] = {"libyaml-0.so.2", "libyaml-0.2.dylib", NULL};
  void *handle = NULL;
  for (const char *const *name = names; !handle && *name; name++) handle = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
  has_yaml = handle && FIND(initialize, "yaml_parser_initialize") && FIND(delete, "yaml_parser_delete") &&
             FIND(set_input, "yaml_parser_set_input_string") && FIND(parse, "yaml_parser_parse") &&
             FIND(delete_event, "yaml_event_delete");
}

struct tapedeck_yaml {
  struct parser parser;
  struct event event;
};

struct tapedeck_yaml *tapedeck_yaml_new(const uint8_t *bytes, size_t count) {
  pthread_once(&once, load);
  if (!has_yaml) return NULL;
  struct tapedeck_yaml *parser = calloc(1, sizeof *parser);
  if (!parser) return NULL;
  if (!yaml.initialize(&parser->parser)) {
    free(parser);
    return NULL;
  }
  yaml.set_input(&parser->parser, bytes, count);
  return parser;
}

struct tapedeck_yaml_event tapedeck_yaml_next(struct tapedeck_yaml *parser) {
  if (parser->event.type) yaml.delete_event(&parser->event);
  memset(&parser->event, 0, sizeof parser->event);
  struct tapedeck_yaml_event event = {TAPEDECK_YAML_BORDER, 0, NULL, 0, NULL, false};
  if (!yaml.parse(&parser->parser, &parser->event)) {
    parser->event.type = NO_EVENT;
    event.kind = TAPEDECK_YAML_ERROR;
    event.line = parser->parser.problem_mark.line + 1;
    event.bytes = (const uint8_t *)(parser->parser.problem ? parser->parser.problem : "it cannot be read");
    event.count = strlen((const char *)event.bytes);
    return event;
  }
  event.line = ((const struct true_event *)&parser->event)->start.line + 1;
  switch (parser->event.type) {
  case SCALAR:
    event.kind = TAPEDECK_YAML_SCALAR;
    event.bytes = parser->event.data.scalar.value;
    event.count = parser->event.data.scalar.length;
    event.tag = (const char *)parser->event.data.scalar.tag;
    event.is_plain = ((const struct true_event *)&parser->event)->data.scalar.style == PLAIN;
    break;
  case SEQUENCE_START: event.kind = TAPEDECK_YAML_SEQUENCE_START; break;
  case SEQUENCE_END: event.kind = TAPEDECK_YAML_SEQUENCE_END; break;
  case MAPPING_START: event.kind = TAPEDECK_YAML_MAPPING_START; break;
  case MAPPING_END: event.kind = TAPEDECK_YAML_MAPPING_END; break;
  case ALIAS: event.kind = TAPEDECK_YAML_ALIAS; break;
  case STREAM_END: event.kind = TAPEDECK_YAML_END; break;
  default: break;
  }
  return event;
}

void tapedeck_yaml_free(struct tapedeck_yaml *parser) {
  if (!parser) return;
  if (parser->event.type) yaml.delete_event(&parser->event);
  yaml.delete(&parser->parser);
  free(parser);
}
