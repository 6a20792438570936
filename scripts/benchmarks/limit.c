/*
 * limit - the least a server can do: serves one SSE stream from memory (epoll, one thread).
 *   cc -O2 -Wall -o limit limit.c
 *   limit PORT STREAM.sse fast              whole response in one write
 *   limit PORT STREAM.sse events            one write per event, no pacing
 *   limit PORT STREAM.sse timed SCHED.txt [COALESCE_US]   each event at its offset (us) from the request
 *
 * An event that has "ns":" and 19 digits gets the monotonic time of its sending there.
 *
 * PORT 0 is any free one. It listens on 127.0.0.1, prints "port N" when it does, and ends with its parent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "deadlines.h"

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
typedef struct {
    Due at;
    int64_t base;
    uint32_t pos, next; /* bytes written, next event */
    uint32_t body_left;
    int fd;
    uint16_t in_len;
    bool busy, close, blocked;
    char in[2048];
} Conn;

static char *out;          /* head + chunks + last chunk */
static uint32_t out_len, head_len, *ends, nev;
static int64_t *sched, coalesce;
static uint32_t *stamps; /* where an event says when it was sent, or 0 */
static enum { FAST, EVENTS, TIMED } mode;
static Conn *by_fd[70000];
static int ep;

static void conn_close(Conn *c) {
    heap_del(&c->at);
    close(c->fd);
    by_fd[c->fd] = NULL;
    free(c);
}
static bool handle_input(Conn *c);

/* Writes up to byte `to`; false if the connection is gone. */
static bool push(Conn *c, uint32_t to) {
    while (c->pos < to) {
        uint32_t lim = to;
        if (mode == EVENTS) {
            while (c->next < nev && ends[c->next] <= c->pos) c->next++;
            lim = c->next < nev - 1 ? ends[c->next] : out_len;
        }
        ssize_t n = send(c->fd, out + c->pos, lim - c->pos, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EAGAIN) { c->blocked = true; return true; }
            conn_close(c);
            return false;
        }
        c->pos += (uint32_t)n;
    }
    c->blocked = false;
    if (c->pos == out_len) {
        c->busy = false;
        if (c->close) { conn_close(c); return false; }
        return c->in_len ? handle_input(c) : true;
    }
    return true;
}
static bool timed_step(Conn *c, int64_t now) { /* write what is due, then re-arm */
    uint32_t i = c->next;
    while (i < nev && c->base + sched[i] <= now) {
        if (stamps[i]) {
            char digits[20];
            snprintf(digits, sizeof digits, "%019lld", (long long)now_ns());
            memcpy(out + stamps[i], digits, 19);
        }
        i++;
    }
    c->next = i;
    if (i < nev) {
        c->at.due = c->base + sched[i];
        heap_later(&c->at);
    } else heap_del(&c->at);
    return push(c, i == nev ? out_len : i ? ends[i - 1] : head_len);
}
static bool handle_input(Conn *c) {
    if (c->busy) return true;
    if (c->body_left) {
        uint32_t k = c->in_len < c->body_left ? c->in_len : c->body_left;
        memmove(c->in, c->in + k, c->in_len - k);
        c->in_len -= k;
        c->body_left -= k;
        if (c->body_left) return true;
    } else {
        char *e = memmem(c->in, c->in_len, "\r\n\r\n", 4);
        if (!e) return true;
        *e = 0;
        char *cl = strcasestr(c->in, "\r\ncontent-length:");
        c->close = strcasestr(c->in, "\r\nconnection: close") != NULL;
        uint32_t body = cl ? (uint32_t)atoi(cl + 17) : 0, used = (uint32_t)(e + 4 - c->in);
        memmove(c->in, c->in + used, c->in_len - used);
        c->in_len -= used;
        if (body > c->in_len) { c->body_left = body - c->in_len; c->in_len = 0; return true; }
        memmove(c->in, c->in + body, c->in_len - body);
        c->in_len -= body;
    }
    c->busy = true;
    c->pos = c->next = 0;
    if (mode != TIMED) return push(c, out_len);
    c->base = now_ns();
    return timed_step(c, c->base);
}
static char *slurp(const char *p, size_t *n) {
    FILE *f = fopen(p, "rb");
    if (!f) { perror(p); exit(1); }
    char *b = malloc(1 << 24);
    *n = fread(b, 1, (1 << 24) - 1, f);
    b[*n] = 0;
    fclose(f);
    return b;
}
int main(int argc, char **argv) {
    if (argc < 4) return 2;
    size_t n, sn;
    char *s = slurp(argv[2], &n);
    mode = !strcmp(argv[3], "fast") ? FAST : !strcmp(argv[3], "events") ? EVENTS : TIMED;
    out = malloc(n * 2 + 65536);
    ends = malloc(4 * (n + 2));
    stamps = calloc(n + 2, sizeof *stamps);
    out_len = (uint32_t)sprintf(out, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n");
    head_len = out_len;
    for (char *p = s; p < s + n;) {
        char *e = strstr(p, "\n\n");
        size_t l = e ? (size_t)(e + 2 - p) : (size_t)(s + n - p);
        out_len += (uint32_t)sprintf(out + out_len, "%zx\r\n", l);
        memcpy(out + out_len, p, l);
        char *stamp = memmem(out + out_len, l, "\"ns\":\"", 6);
        if (stamp) stamps[nev] = (uint32_t)(stamp + 6 - out);
        out_len += (uint32_t)l;
        out_len += (uint32_t)sprintf(out + out_len, "\r\n");
        ends[nev++] = out_len;
        p += l;
    }
    out_len += (uint32_t)sprintf(out + out_len, "0\r\n\r\n");
    if (mode == TIMED) {
        char *t = slurp(argv[4], &sn), *e;
        sched = calloc(nev, 8);
        for (uint32_t i = 0; i < nev; i++, t = e) sched[i] = (int64_t)(strtod(t, &e) * 1000);
        if (argc > 5) coalesce = atoll(argv[5]) * 1000;
    }
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    struct rlimit rl;
    getrlimit(RLIMIT_NOFILE, &rl);
    rl.rlim_cur = rl.rlim_max;
    setrlimit(RLIMIT_NOFILE, &rl);
    heap = malloc(70000 * sizeof *heap);
    int ls = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(ls, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(ls, (void *)&a, sizeof a) || listen(ls, 4096)) { perror("bind"); return 1; }
    socklen_t al = sizeof a;
    getsockname(ls, (void *)&a, &al);
    printf("port %d\n", ntohs(a.sin_port));
    fflush(stdout);
    ep = epoll_create1(0);
    struct epoll_event le = {.events = EPOLLIN, .data.fd = ls}, ev[512];
    epoll_ctl(ep, EPOLL_CTL_ADD, ls, &le);
    for (;;) {
        struct timespec ts, *tp = NULL;
        if (hn) {
            int64_t now = now_ns(), due = heap[0]->due;
            if (coalesce) due = (due + coalesce - 1) / coalesce * coalesce;
            int64_t w = due > now ? due - now : 0;
            ts.tv_sec = w / 1000000000;
            ts.tv_nsec = w % 1000000000;
            tp = &ts;
        }
        int k = epoll_pwait2(ep, ev, 512, tp, NULL);
        for (int i = 0; i < k; i++) {
            int fd = ev[i].data.fd;
            if (fd == ls) {
                for (int j = 0; j < 256; j++) {
                    int cfd = accept4(ls, NULL, NULL, SOCK_NONBLOCK);
                    if (cfd < 0) break;
                    setsockopt(cfd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    Conn *c = calloc(1, sizeof *c);
                    c->fd = cfd;
                    by_fd[cfd] = c;
                    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = cfd};
                    epoll_ctl(ep, EPOLL_CTL_ADD, cfd, &e);
                }
                continue;
            }
            Conn *c = by_fd[fd];
            if (!c) continue;
            if (ev[i].events & EPOLLOUT && c->blocked) {
                uint32_t to = mode != TIMED || c->next == nev ? out_len : c->next ? ends[c->next - 1] : head_len;
                if (!push(c, to)) continue;
            }
            if (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
                ssize_t r = recv(fd, c->in + c->in_len, sizeof c->in - c->in_len - 1, 0);
                if (r == 0 || (r < 0 && errno != EAGAIN)) { conn_close(c); continue; }
                if (r > 0) { c->in_len += (uint16_t)r; handle_input(c); }
            }
        }
        if (hn) {
            int64_t now = now_ns();
            for (int b = 0; hn && heap[0]->due <= now && b < 4096; b++) {
                timed_step((Conn *)heap[0], now);
                if ((b & 63) == 63) now = now_ns();
            }
        }
    }
}
