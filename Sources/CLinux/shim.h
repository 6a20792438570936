#ifndef TAPEDECK_CLINUX_H
#define TAPEDECK_CLINUX_H

#include <linux/sockios.h>
#include <signal.h>
// Swift's Glibc has no epoll.
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

// ioctl is variadic, which Swift cannot call; SIOCOUTQ is in no module of Swift's Glibc.
// Bytes in the send queue that the peer has not acknowledged yet, or -1 with errno set.
static inline int tapedeck_unacknowledged_bytes(int descriptor) {
  int count = 0;
  return ioctl(descriptor, SIOCOUTQ, &count) == 0 ? count : -1;
}

// accept4 is in no module of Swift's Glibc.
int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// Accepts a connection that does not block and that no child process inherits, or returns -1 with
// errno set.
static inline int tapedeck_accept(int listener) {
  return accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// si_pid is a macro into a union whose fields each C library names in its own way.
// The process that sent a signal, or 0 for the kernel.
static inline pid_t tapedeck_signal_sender(const siginfo_t *info) { return info->si_pid; }

#endif
