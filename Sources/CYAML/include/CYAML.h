#ifndef TAPEDECK_CYAML_H
#define TAPEDECK_CYAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What libyaml says next of a text, one thing at a time. The library is part of the program where that was linked so,
// and is loaded when it is first needed where it was not.
enum tapedeck_yaml_kind {
  TAPEDECK_YAML_SCALAR,
  TAPEDECK_YAML_SEQUENCE_START,
  TAPEDECK_YAML_SEQUENCE_END,
  TAPEDECK_YAML_MAPPING_START,
  TAPEDECK_YAML_MAPPING_END,
  // A document or the stream begins or ends.
  TAPEDECK_YAML_BORDER,
  TAPEDECK_YAML_END,
  // An alias, which stands for the node of that anchor before it.
  TAPEDECK_YAML_ALIAS,
  // The text is no YAML.
  TAPEDECK_YAML_ERROR,
  // The text is not in an encoding that YAML has, or has a character that YAML has not.
  TAPEDECK_YAML_ENCODING_ERROR,
  TAPEDECK_YAML_MEMORY_ERROR,
};

struct tapedeck_yaml_event {
  enum tapedeck_yaml_kind kind;
  // From 1; of an encoding error 0.
  size_t line;
  // A scalar's bytes, or the words of an error; valid until the next event.
  const uint8_t *bytes;
  size_t count;
  // The tag that was written, whole, or NULL; valid as long.
  const char *tag;
  // The name of a node's anchor, or of an alias, or NULL; valid as long.
  const char *anchor;
  // Whether a scalar was written without quotes.
  bool is_plain;
  // Of an error: what was being read, or NULL, and the line on which that began.
  const char *context;
  size_t context_line;
  // Of an error: whether it is where the text ends.
  bool is_at_end;
  // Of an encoding error: the byte's place from 0, and the byte or character, or -1.
  size_t offset;
  int value;
};

struct tapedeck_yaml;

// Fills the buffer with the next bytes, none at the end, and says how many; returns 0 to give up.
typedef int (*tapedeck_yaml_feed)(void *context, uint8_t *buffer, size_t size, size_t *count);

// Whether the library is there.
bool tapedeck_yaml_is_there(void);

// A parser of what a feed gives, or NULL where there is no memory, or no library.
struct tapedeck_yaml *tapedeck_yaml_new(tapedeck_yaml_feed feed, void *context);
struct tapedeck_yaml_event tapedeck_yaml_next(struct tapedeck_yaml *parser);

// Copies the bytes of the scalar that was given last, and lets go of them meanwhile: a large one is never there twice.
void tapedeck_yaml_take(struct tapedeck_yaml *parser, uint8_t *target);
void tapedeck_yaml_free(struct tapedeck_yaml *parser);

#endif
