#ifndef TAPEDECK_CCURL_H
#define TAPEDECK_CCURL_H

#include <curl/curl.h>
#include <stdint.h>

#if LIBCURL_VERSION_NUM < 0x075000
#error "libcurl 7.80 or newer is needed: before it nothing can keep a request from being sent twice"
#endif

// Why libcurl cannot be called, or NULL where it can: it is loaded by the first call of any of its
// functions, which fail without it.
const char *tapedeck_curl_missing(void);

// Reads a part of a URL, which curl_free frees: the type of curl_url_get depends on libcurl's version.
CURLUcode tapedeck_curl_url_get(CURLU *url, CURLUPart what, char **part);

// The version of the libcurl that is loaded, as CURL_VERSION_BITS has it, or 0 where there is none.
unsigned tapedeck_curl_version(void);

// What HTTP/2 frames said of the transfer of an easy handle.
enum tapedeck_curl_frame {
  // A head came, behind which the stream goes on: what follows is told too.
  TAPEDECK_STREAM_BEGUN,
  // The server ended the stream. (RFC 9113, 8.1)
  TAPEDECK_STREAM_ENDED,
  // The server reset the stream; the code is its own.
  TAPEDECK_STREAM_RESET,
  // The server goes away, and says that it has not done anything for the stream. (RFC 9113, 6.8)
  TAPEDECK_STREAM_UNPROCESSED,
  // The server broke the protocol; the code is the one that it was told.
  TAPEDECK_STREAM_BROKEN,
};

// Takes what frames said, on the thread of the transfer. The handle may be none of the caller's.
typedef void (*tapedeck_curl_frame_callback)(const void *easy, enum tapedeck_curl_frame what, uint32_t code);

// Has `tell` called with what the frames of every HTTP/2 stream say from now on, and returns whether it
// will be. The first callback that is given stays.
//
// libcurl before 8.1 takes a stream that was reset with NO_ERROR, or whose connection broke the protocol, for
// whole, and newer ones tell no more than an error.
int tapedeck_curl_watch_frames(tapedeck_curl_frame_callback tell);

// curl_easy_setopt and its kin are variadic, which Swift cannot call: one typed shim per kind of
// value.

// Sets an option that takes a long.
static inline CURLcode tapedeck_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

// Sets an option that takes a string, which libcurl copies.
static inline CURLcode tapedeck_curl_set_string(
    CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

// Sets the request body, which libcurl copies; the size must stand before the bytes.
static inline CURLcode tapedeck_curl_set_body(CURL *handle, const void *bytes, size_t count) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes) : code;
}

// Sets the request's header lines, which libcurl does not copy: they must outlive the transfer.
static inline CURLcode tapedeck_curl_set_headers(CURL *handle, struct curl_slist *lines) {
  return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines);
}

// Sets where libcurl writes its error text: CURL_ERROR_SIZE bytes that outlive the handle.
static inline CURLcode tapedeck_curl_set_error_buffer(CURL *handle, char *buffer) {
  return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

// Sets what is asked before a request goes out, with its context; fails before libcurl 7.80.
static inline CURLcode tapedeck_curl_set_prereq(
    CURL *handle, curl_prereq_callback on_request, void *context) {
  curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
  return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, on_request);
}

// Sets the three callbacks of a transfer and their common context.
static inline CURLcode tapedeck_curl_set_callbacks(
    CURL *handle, curl_write_callback on_header, curl_write_callback on_body,
    curl_debug_callback on_debug, void *context) {
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
  curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, on_debug);
  return curl_easy_setopt(handle, CURLOPT_DEBUGDATA, context);
}

// Allows http and https alone, redirects included: the option was renamed in libcurl 7.85.
static inline CURLcode tapedeck_curl_allow_http_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

// Keeps a name look-up that hangs from holding up the thread when its transfer is given up: since
// 7.87.
static inline void tapedeck_curl_leave_quickly(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)handle;
#endif
}

// Reads information that is a long, or 0.
static inline long tapedeck_curl_long(CURL *handle, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

// Reads information that is a curl_off_t, or 0.
static inline long long tapedeck_curl_offset(CURL *handle, CURLINFO info) {
  curl_off_t value = 0;
  return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? (long long)value : 0;
}

// Reads information that is a string of libcurl's own, or "".
static inline const char *tapedeck_curl_string(CURL *handle, CURLINFO info) {
  const char *value = NULL;
  return curl_easy_getinfo(handle, info, &value) == CURLE_OK && value ? value : "";
}

// Sets what a multi handle tells of its sockets and its timer, and their common context.
static inline void tapedeck_curl_set_multi_callbacks(
    CURLM *multi, curl_socket_callback on_socket, curl_multi_timer_callback on_timer,
    void *context) {
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

// Sets how many connections a multi handle keeps open for later transfers.
static inline void tapedeck_curl_keep_connections(CURLM *multi, long count) {
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, count);
}

// Takes one finished transfer from a multi handle, or returns NULL: CURLMsg holds a union.
static inline CURL *tapedeck_curl_take_finished(CURLM *multi, CURLcode *code) {
  int left = 0;
  for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
    if (message->msg == CURLMSG_DONE) {
      *code = message->data.result;
      return message->easy_handle;
    }
  }
  return NULL;
}

#endif
