/*
 * relay - forwards one TCP connection on loopback and writes down when the answer's bytes arrived.
 *
 *   cc -O2 -Wall -Wextra -o relay relay.c
 *   relay UPSTREAM_PORT LOG [--dump FILE] [--max-time S]
 *
 * It stands between a live server and a recorder, so that what the recorder writes down can be held against
 * the kernel's own times. It listens on 127.0.0.1, prints "port N", takes one connection, and hands on at once
 * what either side sends. For each recv() from upstream, LOG gets one line:
 *
 *   <ns> <offset> <length> <handed on ns>
 *
 * the kernel's receive time of the bytes (SO_TIMESTAMPNS), their place in what upstream sent, and the time
 * after the send() that handed them on. On loopback that send() puts them into the recorder's socket, so the
 * last column less the first is the relay's own delay. Where one recv() returns several segments, the
 * kernel gives the newest one's time. --dump keeps the bytes themselves, HTTP framing included.
 *
 * Bounded: it ends with the connection, with its parent, and at --max-time (60 s). All clocks are CLOCK_REALTIME.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static FILE *log_file, *dump_file;
static uint64_t offset;

static int64_t ns_of(struct timespec t) { return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec; }
static int64_t real_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return ns_of(t);
}
static void fail(const char *what) {
    fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
    exit(1);
}
static bool send_all(int fd, const char *bytes, size_t count) {
    while (count) {
        ssize_t n = send(fd, bytes, count, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes += n;
        count -= (size_t)n;
    }
    return true;
}

/* Hands on what upstream sent, and logs it; 0 at its end, -1 where a side is gone. */
static int from_upstream(int upstream, int client) {
    static char bytes[1 << 16];
    char control[128];
    struct iovec part = {bytes, sizeof bytes};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(upstream, &message, 0);
    if (n <= 0) return n < 0 && errno == EINTR ? 1 : (int)n;
    bool handed_on = send_all(client, bytes, (size_t)n);
    int64_t sent = real_ns(), stamp = 0;
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h))
        if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SO_TIMESTAMPNS) {
            struct timespec t;
            memcpy(&t, CMSG_DATA(h), sizeof t);
            stamp = ns_of(t);
        }
    fprintf(log_file, "%" PRId64 " %" PRIu64 " %zd %" PRId64 "\n", stamp, offset, n, sent);
    if (dump_file) fwrite(bytes, 1, (size_t)n, dump_file);
    offset += (uint64_t)n;
    return handed_on ? 1 : -1;
}
static int from_client(int client, int upstream) {
    static char bytes[1 << 16];
    ssize_t n = recv(client, bytes, sizeof bytes, 0);
    if (n <= 0) return n < 0 && errno == EINTR ? 1 : (int)n;
    return send_all(upstream, bytes, (size_t)n) ? 1 : -1;
}

/* Passes both directions on until upstream has ended, or a side is gone. */
static void run(int client, int upstream) {
    struct pollfd sides[2] = {{.fd = upstream, .events = POLLIN}, {.fd = client, .events = POLLIN}};
    for (;;) {
        if (poll(sides, 2, -1) < 0 && errno != EINTR) return;
        if (sides[0].revents) {
            int n = from_upstream(upstream, client);
            if (n < 0) return;
            if (n == 0) { shutdown(client, SHUT_WR); return; }
        }
        if (sides[1].revents) {
            int n = from_client(client, upstream);
            if (n < 0) return;
            if (n == 0) { shutdown(upstream, SHUT_WR); sides[1].fd = -1; }
        }
    }
}
static int listen_on_any_port(void) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (void *)&a, sizeof a) || listen(fd, 1)) fail("listen");
    if (getsockname(fd, (void *)&a, &length)) fail("getsockname");
    printf("port %d\n", ntohs(a.sin_port));
    fflush(stdout);
    return fd;
}
static int connect_to(int port) {
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (fd < 0 || connect(fd, (void *)&a, sizeof a)) fail("connect to upstream");
    if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one)) fail("SO_TIMESTAMPNS");
    return fd;
}
int main(int argc, char **argv) {
    int max_time = 60;
    if (argc < 3 || argc % 2 == 0) {
        fprintf(stderr, "usage: relay UPSTREAM_PORT LOG [--dump FILE] [--max-time S]\n");
        return 2;
    }
    if (!(log_file = fopen(argv[2], "w"))) fail(argv[2]);
    for (int i = 3; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--max-time")) max_time = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--dump")) return fprintf(stderr, "relay: what is %s?\n", argv[i]), 2;
        else if (!(dump_file = fopen(argv[i + 1], "w"))) fail(argv[i + 1]);
    }
    if (max_time < 1) return fprintf(stderr, "relay: --max-time is at least 1\n"), 2;
    alarm((unsigned)max_time);
    prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    int listener = listen_on_any_port(), one = 1;
    int client = accept(listener, NULL, NULL);
    if (client < 0) fail("accept");
    close(listener);
    int upstream = connect_to(atoi(argv[1]));
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(upstream, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    run(client, upstream);
    close(upstream);
    close(client);
    if (fclose(log_file) || (dump_file && fclose(dump_file))) fail("write");
    return 0;
}
