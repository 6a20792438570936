#ifndef TAPEDECK_CLINUX_H
#define TAPEDECK_CLINUX_H

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
// Swift's Glibc has no epoll.
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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

// sched_getaffinity and its macros are extensions. How many processors this process may run on, or 0.
static inline int tapedeck_usable_processors(void) {
  // Room for 8192 processors: the kernel refuses a set that is smaller than its own.
  unsigned long set[128];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof set, set);
  int count = 0;
  for (long i = 0; i < bytes / (long)sizeof set[0]; i++) count += __builtin_popcountl(set[i]);
  return count;
}

// glibc keeps what is freed once large pieces come and go, which is as much again as the largest of them. Has it give
// back what has a megabyte or more.
static inline void tapedeck_return_large_memory(void) {
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

// Casts and enumerations with the highest bit are lost on Swift.
static const uint32_t TAPEDECK_EPOLLET = (uint32_t)EPOLLET;
static const uint32_t TAPEDECK_EPOLLEXCLUSIVE = (uint32_t)EPOLLEXCLUSIVE;

// epoll_pwait2 is in no glibc before 2.35, and ppoll is an extension that Swift's Glibc does not show.
int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout, const sigset_t *mask);

// Waits for events, for so many nanoseconds, or for ever where they are negative.
// Where the kernel (before 5.11) or a sandbox has no epoll_pwait2, it takes one more call.
static inline int tapedeck_epoll_wait(int poller, struct epoll_event *events, int capacity,
                                      int64_t nanoseconds) {
  struct timespec timeout = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  const struct timespec *limit = nanoseconds < 0 ? 0 : &timeout;
#ifdef SYS_epoll_pwait2
  long count = syscall(SYS_epoll_pwait2, poller, events, capacity, limit, 0, 0);
  if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return (int)count;
#endif
  struct pollfd one = {poller, POLLIN, 0};
  int ready = ppoll(&one, 1, limit, 0);
  return ready > 0 ? epoll_wait(poller, events, capacity, 0) : ready;
}

// prctl is variadic. How much later than asked the kernel may wake this thread; 50 us by default.
static inline void tapedeck_set_timer_slack(unsigned long nanoseconds) {
  prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

// Has the cache lines of a small object fetched while others are worked on.
static inline void tapedeck_prefetch(const void *object) {
  __builtin_prefetch(object, 1);
  __builtin_prefetch((const char *)object + 64);
  __builtin_prefetch((const char *)object + 128);
  __builtin_prefetch((const char *)object + 192);
}

// What the system calls this thread; more than 15 bytes are cut.
static inline void tapedeck_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// setpriority takes an enumeration that Swift does not import as one. On Linux it is for one thread.
static inline void tapedeck_be_nice(int niceness) {
  setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), niceness);
}

// si_pid is a macro into a union whose fields each C library names in its own way.
// The process that sent a signal, or 0 for the kernel.
static inline pid_t tapedeck_signal_sender(const siginfo_t *info) { return info->si_pid; }

// pipe2 is an extension. A pipe that no child process inherits, however near it is to a fork elsewhere.
int pipe2(int ends[2], int flags);
static inline int tapedeck_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

// syscall is variadic. A descriptor that can be read from once the process has ended, or -1 with errno
// set: kernels before 5.3 have none.
static inline int tapedeck_process_descriptor(pid_t process) {
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, process, 0);
#else
  errno = ENOSYS;
  return -1;
#endif
}

// Makes this process the parent of what its children leave behind, so that it can be ended.
static inline void tapedeck_adopt_orphans(void) { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

#endif
