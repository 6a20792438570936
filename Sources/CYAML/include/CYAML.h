#ifndef TAPEDECK_CYAML_H
#define TAPEDECK_CYAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What libyaml says next of a text, one thing at a time. The library is loaded when it is first needed.
enum tapedeck_yaml_kind {
  TAPEDECK_YAML_SCALAR,
  TAPEDECK_YAML_SEQUENCE_START,
  TAPEDECK_YAML_SEQUENCE_END,
  TAPEDECK_YAML_MAPPING_START,
  TAPEDECK_YAML_MAPPING_END,
  // A document or the stream begins or ends.
  TAPEDECK_YAML_BORDER,
  TAPEDECK_YAML_END,
  // An alias, which stands for something before.
  TAPEDECK_YAML_ALIAS,
  TAPEDECK_YAML_ERROR,
};

struct tapedeck_yaml_event {
  enum tapedeck_yaml_kind kind;
  // From 1.
  size_t line;
  // A scalar's bytes, or the words of an error; valid until the next event.
  const uint8_t *bytes;
  size_t count;
  // The tag that was written, whole, or NULL; valid as long.
  const char *tag;
  // Whether a scalar was written without quotes.
  bool is_plain;
};

struct tapedeck_yaml;

// A parser of bytes that stay where they are, or NULL where the library is not there.
struct tapedeck_yaml *tapedeck_yaml_new(const uint8_t *bytes, size_t count);
struct tapedeck_yaml_event tapedeck_yaml_next(struct tapedeck_yaml *parser);
void tapedeck_yaml_free(struct tapedeck_yaml *parser);

#endif
