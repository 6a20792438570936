#ifndef TAPEDECK_CURL_FRAMES_H
#define TAPEDECK_CURL_FRAMES_H

#include "CCurl.h"

// Gets in front of the callbacks that libcurl, of that dlopen handle, gives nghttp2; once, before any of its
// functions is called.
void tapedeck_frames_hook(void *libcurl);

// Whether that worked; `tell` is called from then on.
int tapedeck_frames_watch(tapedeck_curl_frame_callback tell);

#endif
