#ifndef TAPEDECK_CCURL_H
#define TAPEDECK_CCURL_H

#include <curl/curl.h>

// curl_easy_setopt and its kin are variadic, which Swift cannot call: one typed shim per kind of value.
static inline CURLcode tapedeck_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

#endif
