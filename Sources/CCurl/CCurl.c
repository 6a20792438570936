// libcurl, loaded when it is first called.
//
// Linked, it and the thirty libraries behind it would cost each start of the program 6 ms, also where it
// records nothing. So the functions that the program calls are defined here, and hand on to libcurl's own.
// They are hidden: libcurl calls some of them itself, and must not find ours.
#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>

#pragma GCC visibility push(hidden)
#include "CCurl.h"
#include "CurlFrames.h"

#undef curl_easy_getinfo
#undef curl_easy_setopt
#undef curl_multi_setopt

// Each function that is called; a call of one that is missing here does not link.
#define EACH_FUNCTION(DO) \
  DO(curl_easy_cleanup) DO(curl_easy_getinfo) DO(curl_easy_init) DO(curl_easy_pause) \
  DO(curl_easy_setopt) DO(curl_easy_strerror) DO(curl_free) DO(curl_global_init) \
  DO(curl_multi_add_handle) DO(curl_multi_cleanup) DO(curl_multi_info_read) DO(curl_multi_init) \
  DO(curl_multi_remove_handle) DO(curl_multi_setopt) DO(curl_multi_socket_action) \
  DO(curl_slist_append) DO(curl_slist_free_all) DO(curl_url) DO(curl_url_cleanup) \
  DO(curl_url_get) DO(curl_url_set) DO(curl_version_info)

#define FIELD(name) __typeof__(name) *name;
static struct { EACH_FUNCTION(FIELD) } library;
static const char *missing = "";
static pthread_once_t once = PTHREAD_ONCE_INIT;

// Debian has two, which differ in their TLS; macOS has one.
static const char *const names[] = {
    "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so", "/usr/lib/libcurl.4.dylib", "libcurl.4.dylib"};

static void load(void) {
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) {
    handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (!handle) {
    missing = "there is no libcurl";
    return;
  }
  missing = NULL;
#define FIND(name) \
  if (!(library.name = (__typeof__(name) *)dlsym(handle, #name))) missing = "libcurl lacks " #name;
  EACH_FUNCTION(FIND)
  tapedeck_frames_hook(handle);
}

static int is_there(void) {
  pthread_once(&once, load);
  return !missing;
}

const char *tapedeck_curl_missing(void) { return is_there() ? NULL : missing; }

unsigned tapedeck_curl_version(void) {
  return is_there() ? library.curl_version_info(CURLVERSION_NOW)->version_num : 0;
}

int tapedeck_curl_watch_frames(tapedeck_curl_frame_callback tell) {
  return is_there() && tapedeck_frames_watch(tell);
}

#define HAND_ON(result, name, parameters, arguments, failure) \
  result name parameters { return is_there() ? library.name arguments : failure; }

HAND_ON(CURLcode, curl_global_init, (long flags), (flags), CURLE_FAILED_INIT)
HAND_ON(CURL *, curl_easy_init, (void), (), NULL)
HAND_ON(CURLcode, curl_easy_pause, (CURL *easy, int bits), (easy, bits), CURLE_FAILED_INIT)
HAND_ON(const char *, curl_easy_strerror, (CURLcode code), (code), missing)
HAND_ON(CURLM *, curl_multi_init, (void), (), NULL)
HAND_ON(CURLMcode, curl_multi_add_handle, (CURLM *multi, CURL *easy), (multi, easy), CURLM_INTERNAL_ERROR)
HAND_ON(CURLMcode, curl_multi_remove_handle, (CURLM *multi, CURL *easy), (multi, easy), CURLM_INTERNAL_ERROR)
HAND_ON(CURLMcode, curl_multi_cleanup, (CURLM *multi), (multi), CURLM_INTERNAL_ERROR)
HAND_ON(CURLMsg *, curl_multi_info_read, (CURLM *multi, int *left), (multi, left), NULL)
HAND_ON(CURLMcode, curl_multi_socket_action, (CURLM *multi, curl_socket_t socket, int events, int *running),
        (multi, socket, events, running), CURLM_INTERNAL_ERROR)
HAND_ON(struct curl_slist *, curl_slist_append, (struct curl_slist *list, const char *line), (list, line), NULL)
HAND_ON(CURLU *, curl_url, (void), (), NULL)
HAND_ON(CURLUcode, curl_url_set, (CURLU *url, CURLUPart what, const char *part, unsigned int flags),
        (url, what, part, flags), CURLUE_OUT_OF_MEMORY)

CURLUcode tapedeck_curl_url_get(CURLU *url, CURLUPart what, char **part) {
  return is_there() ? library.curl_url_get(url, what, part, 0) : CURLUE_OUT_OF_MEMORY;
}

void curl_easy_cleanup(CURL *easy) { if (is_there()) library.curl_easy_cleanup(easy); }
void curl_free(void *memory) { if (is_there()) library.curl_free(memory); }
void curl_slist_free_all(struct curl_slist *list) { if (is_there()) library.curl_slist_free_all(list); }
void curl_url_cleanup(CURLU *url) { if (is_there()) library.curl_url_cleanup(url); }

// The value is a long, a pointer or a curl_off_t: each of 64 bits where a long is, and handed over alike.
_Static_assert(sizeof(long) == 8 && sizeof(void *) == 8 && sizeof(curl_off_t) == 8, "needs LP64");
#define HAND_ON_VALUE(result, name, handle, option, failure) \
  result name(handle it, option what, ...) { \
    va_list values; \
    va_start(values, what); \
    void *value = va_arg(values, void *); \
    va_end(values); \
    return is_there() ? library.name(it, what, value) : failure; \
  }

HAND_ON_VALUE(CURLcode, curl_easy_setopt, CURL *, CURLoption, CURLE_FAILED_INIT)
HAND_ON_VALUE(CURLcode, curl_easy_getinfo, CURL *, CURLINFO, CURLE_FAILED_INIT)
HAND_ON_VALUE(CURLMcode, curl_multi_setopt, CURLM *, CURLMoption, CURLM_INTERNAL_ERROR)
