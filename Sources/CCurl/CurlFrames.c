// What the frames of HTTP/2 say of the end of a stream, which libcurl keeps to itself.
//
// nghttp2 reads the frames, and hands each to a callback of libcurl's. libcurl registers that by a function
// that it imports: its table of imports (ELF) gets ours in that function's place, which registers a callback
// that looks at the frame first. Where there is no such table nothing is watched.
#define _GNU_SOURCE
#include "CurlFrames.h"

#include <dlfcn.h>
#include <stdatomic.h>

#if defined(__linux__) && defined(__LP64__)
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The parts of nghttp2's frames that are looked at; its ABI has had them since version 1.0.
struct frame_head {
  size_t length;
  int32_t stream;
  uint8_t type, flags, reserved;
};
struct frame {
  struct frame_head head;
  // Of RST_STREAM its code; of GOAWAY the last stream, and then the code.
  uint32_t first, second;
};
enum { DATA = 0, HEADERS = 1, RST_STREAM = 3, GOAWAY = 7, END_STREAM = 1 };

typedef int (*frame_callback)(void *session, const struct frame *frame, void *context);
typedef void (*frame_setter)(void *callbacks, frame_callback callback);

static frame_setter set_received, set_sent;
static void *(*user_data)(void *session, int32_t stream);
static uint32_t (*next_stream)(void *session);
static _Atomic(tapedeck_curl_frame_callback) teller;
static int is_hooked;

static void tell(void *session, int32_t stream, enum tapedeck_curl_frame what, uint32_t code) {
  tapedeck_curl_frame_callback callback = atomic_load(&teller);
  void *easy = callback ? user_data(session, stream) : NULL;
  if (easy) callback(easy, what, code);
}

static void look_at(void *session, const struct frame *frame) {
  uint8_t type = frame->head.type;
  if (type == RST_STREAM) {
    tell(session, frame->head.stream, TAPEDECK_STREAM_RESET, frame->first);
  } else if ((type == DATA || type == HEADERS) && frame->head.flags & END_STREAM) {
    tell(session, frame->head.stream, TAPEDECK_STREAM_ENDED, 0);
  } else if (type == HEADERS) {
    tell(session, frame->head.stream, TAPEDECK_STREAM_BEGUN, 0);
  } else if (type == GOAWAY) {
    // A client's streams are odd. (RFC 9113, 5.1.1)
    uint32_t end = next_stream(session);
    for (uint32_t stream = (frame->first + 1) | 1; stream < end; stream += 2) {
      tell(session, (int32_t)stream, TAPEDECK_STREAM_UNPROCESSED, frame->second);
    }
  }
}

// Whether an error is the other side's: libcurl itself cancels streams. (RFC 9113, 7)
static int is_their_fault(uint32_t code) { return code == 1 || code == 3 || code == 6 || code == 9; }

static void look_at_sent(void *session, const struct frame *frame) {
  if (frame->head.type == RST_STREAM && is_their_fault(frame->first)) {
    tell(session, frame->head.stream, TAPEDECK_STREAM_BROKEN, frame->first);
  } else if (frame->head.type == GOAWAY && is_their_fault(frame->second)) {
    for (uint32_t stream = 1, end = next_stream(session); stream < end; stream += 2) {
      tell(session, (int32_t)stream, TAPEDECK_STREAM_BROKEN, frame->second);
    }
  }
}

// Where libcurl has no callback of its own for what is sent.
static int on_sent(void *session, const struct frame *frame, void *context) {
  (void)context;
  look_at_sent(session, frame);
  return 0;
}

// libcurl has a callback for servers, and newer ones another for proxies.
enum { SLOTS = 4 };
static _Atomic(frame_callback) own_received[SLOTS], own_sent[SLOTS];
#define SLOT(number) \
  static int on_received_##number(void *session, const struct frame *frame, void *context) { \
    look_at(session, frame); \
    return atomic_load(&own_received[number])(session, frame, context); \
  } \
  static int on_sent_##number(void *session, const struct frame *frame, void *context) { \
    look_at_sent(session, frame); \
    return atomic_load(&own_sent[number])(session, frame, context); \
  }
SLOT(0) SLOT(1) SLOT(2) SLOT(3)
static const frame_callback received_slots[SLOTS] = {on_received_0, on_received_1, on_received_2, on_received_3};
static const frame_callback sent_slots[SLOTS] = {on_sent_0, on_sent_1, on_sent_2, on_sent_3};

// The callback in front of libcurl's own, which it calls; libcurl's where there is no room for another.
static frame_callback in_front(frame_callback callback, _Atomic(frame_callback) *own, const frame_callback *slots) {
  for (int i = 0; callback && i < SLOTS; i++) {
    frame_callback there = NULL;
    if (atomic_compare_exchange_strong(&own[i], &there, callback) || there == callback) return slots[i];
  }
  return callback;
}

// Whether libcurl imports the function that registers a callback for what is sent, as it does since 8.1
// unless it is built without its verbose log: then it registers one too, before or after the other.
static int sets_sent;

static void set_received_callback(void *callbacks, frame_callback callback) {
  if (!sets_sent) set_sent(callbacks, on_sent);
  set_received(callbacks, in_front(callback, own_received, received_slots));
}

static void set_sent_callback(void *callbacks, frame_callback callback) {
  set_sent(callbacks, in_front(callback, own_sent, sent_slots));
}

// The place of an imported function in a library's table, or NULL; `is_fixed` where the table is read-only.
static void **import_slot(const struct link_map *library, const char *name, int *is_fixed) {
  const ElfW(Sym) *symbols = NULL;
  const char *names = NULL;
  const ElfW(Rela) *imports = NULL;
  size_t bytes = 0;
  int has_addends = 0;
  for (const ElfW(Dyn) *entry = library->l_ld; entry->d_tag != DT_NULL; entry++) {
    // glibc makes addresses of these offsets when it loads a library, musl does not.
    ElfW(Addr) address = entry->d_un.d_ptr;
    if (address < library->l_addr) address += library->l_addr;
    switch (entry->d_tag) {
      case DT_SYMTAB: symbols = (const ElfW(Sym) *)address; break;
      case DT_STRTAB: names = (const char *)address; break;
      case DT_JMPREL: imports = (const ElfW(Rela) *)address; break;
      case DT_PLTRELSZ: bytes = entry->d_un.d_val; break;
      case DT_PLTREL: has_addends = entry->d_un.d_val == DT_RELA; break;
      case DT_BIND_NOW: *is_fixed = 1; break;
      case DT_FLAGS: *is_fixed |= (entry->d_un.d_val & DF_BIND_NOW) != 0; break;
      case DT_FLAGS_1: *is_fixed |= (entry->d_un.d_val & DF_1_NOW) != 0; break;
      default: break;
    }
  }
  if (!symbols || !names || !imports || !has_addends) return NULL;
  for (size_t i = 0; i < bytes / sizeof *imports; i++) {
    if (strcmp(names + symbols[ELF64_R_SYM(imports[i].r_info)].st_name, name) == 0) {
      return (void **)(library->l_addr + imports[i].r_offset);
    }
  }
  return NULL;
}

// Puts a function in the place of one that a library imports, and returns whether it does import that.
static int replace_import(const struct link_map *library, const char *name, frame_setter function) {
  int is_fixed = 0;
  void **slot = import_slot(library, name, &is_fixed);
  long page = sysconf(_SC_PAGESIZE);
  if (!slot || page <= 0) return 0;
  void *start = (void *)((uintptr_t)slot & ~((uintptr_t)page - 1));
  if (mprotect(start, (size_t)page, PROT_READ | PROT_WRITE) != 0) return 0;
  // Another thread of the program may be about to call through it, or to look it up: then nothing is watched,
  // which shows where no frame is told of.
  __atomic_store_n(slot, (void *)function, __ATOMIC_RELEASE);
  if (is_fixed) mprotect(start, (size_t)page, PROT_READ);
  return 1;
}

void tapedeck_frames_hook(void *libcurl) {
  static const char received[] = "nghttp2_session_callbacks_set_on_frame_recv_callback";
  static const char sent[] = "nghttp2_session_callbacks_set_on_frame_send_callback";
  set_received = (frame_setter)dlsym(libcurl, received);
  set_sent = (frame_setter)dlsym(libcurl, sent);
  user_data = (void *(*)(void *, int32_t))dlsym(libcurl, "nghttp2_session_get_stream_user_data");
  next_stream = (uint32_t (*)(void *))dlsym(libcurl, "nghttp2_session_get_next_stream_id");
  struct link_map *library = NULL;
  if (!set_received || !set_sent || !user_data || !next_stream) return;
  if (dlinfo(libcurl, RTLD_DI_LINKMAP, &library) != 0 || !library) return;
  is_hooked = replace_import(library, received, set_received_callback);
  if (is_hooked) sets_sent = replace_import(library, sent, set_sent_callback);
}

int tapedeck_frames_watch(tapedeck_curl_frame_callback callback) {
  tapedeck_curl_frame_callback there = NULL;
  atomic_compare_exchange_strong(&teller, &there, callback);
  return is_hooked;
}

#else

void tapedeck_frames_hook(void *libcurl) { (void)libcurl; }

int tapedeck_frames_watch(tapedeck_curl_frame_callback tell) {
  (void)tell;
  return 0;
}

#endif
