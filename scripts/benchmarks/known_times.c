/*
 * known_times - an SSE server that knows what it did: it plays streams of given times, and writes down what it sent
 * and when, so that what a client reports can be held against it (epoll, one thread, no dependencies).
 *   cc -O2 -Wall -Wextra -o known_times known_times.c
 *   known_times STREAMS RECORD [--port P] [--dialect anthropic|openai|plain] [--stall AT_MS:FOR_MS] [--every N:KIND]...
 *
 * A line of STREAMS has the times of one stream in microseconds: from the request to the first content, then the gap
 * before each further content. Stream n, by the order in which requests come, plays line n, and so on from the first.
 * What a dialect says before the content comes at once, and what it says behind it comes one last gap apart.
 *
 * --stall does nothing at all for so long, so many milliseconds after the first request: it accepts, reads and sends
 * nothing. --every has each Nth stream fail; the first that fits counts. KIND is
 *   429 or another status   a JSON error, and no stream       html      200, and a page
 *   refuse   a reset before any answer                        silent    no answer at all
 *   cut      closed in the middle                             reset     reset in the middle
 *   short    ended well by HTTP, but in the middle            broken    a chunk size that is none, in the middle
 *   error    an error event in the middle                     hang      nothing more from the middle on
 *
 * RECORD gets a JSON object for each request when the program is ended (SIGTERM): times are microseconds of the
 * monotonic clock. `arrived_us` is when the request was in this side's socket, by the kernel; `sent_us` is taken right
 * before the send() of each event; `content` is the places of the first content event and of the one behind the last.
 *
 * It listens on 127.0.0.1, prints "port N" when it does, and ends with its parent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
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

enum { MOST_FDS = 70000, MOST_RULES = 16, ENDINGS = 4 };

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
static int64_t real_minus_mono, refreshed; /* CLOCK_REALTIME - CLOCK_MONOTONIC, refreshed now and then */
static void refresh_clock_offset(int64_t now) {
    if (refreshed && now - refreshed < 100000000) return;
    refreshed = now;
    int64_t best = INT64_MAX;
    for (int i = 0; i < 5; i++) {
        struct timespec r;
        int64_t a = now_ns();
        clock_gettime(CLOCK_REALTIME, &r);
        int64_t b = now_ns();
        if (b - a < best) {
            best = b - a;
            real_minus_mono = (int64_t)r.tv_sec * 1000000000 + r.tv_nsec - (a + b) / 2;
        }
    }
}

/* ---------------------------------------------------------------- what is played, and what was */

typedef struct { int64_t *at; uint32_t events, contents; } Line; /* when each event is due, from the request */
typedef struct {
    const char *kind;
    char target[128];
    int64_t arrived, ended, *sent;
    uint32_t connection, nsent;
    bool left; /* the client had gone before the end */
} Stream;
typedef struct {
    Due at;
    const Line *line;
    size_t stream;
    int64_t base, arrived;
    uint32_t next, number, in_len;
    size_t body_left;
    int fd;
    bool busy, close;
    char target[128], in[8192];
} Conn;

static const char *dialect = "openai";
static uint32_t openings; /* events before the content */
static Line *lines;
static size_t nlines, nstreams;
static Stream *streams;
static struct { unsigned long every; const char *kind; } rules[MOST_RULES];
static int nrules;
static Conn *by_fd[MOST_FDS];
static volatile sig_atomic_t over;

/* The text of an event; its number counts from the first. */
static int event_text(char *b, size_t n, const Line *l, uint32_t i) {
    uint32_t content = i - openings, ending = content - l->contents;
    if (!strcmp(dialect, "plain")) return snprintf(b, n, "data: {\"word\":%u}\n\n", i);
    if (!strcmp(dialect, "anthropic")) {
        if (i == 0)
            return snprintf(b, n, "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
                "\"role\":\"assistant\",\"model\":\"known\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                "\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n");
        if (i == 1)
            return snprintf(b, n, "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
        if (i == 2) return snprintf(b, n, "event: ping\ndata: {\"type\":\"ping\"}\n\n");
        if (content < l->contents)
            return snprintf(b, n, "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                "\"delta\":{\"type\":\"text_delta\",\"text\":\"w%u \"}}\n\n", content);
        if (ending == 0) return snprintf(b, n, "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n");
        if (ending == 1)
            return snprintf(b, n, "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
                "\"stop_sequence\":null},\"usage\":{\"output_tokens\":%u}}\n\n", l->contents);
        return snprintf(b, n, "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }
    const char *frame = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"known\",\"choices\":";
    if (i == 0)
        return snprintf(b, n, "%s[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n", frame);
    if (content < l->contents)
        return snprintf(b, n, "%s[{\"index\":0,\"delta\":{\"content\":\"w%u \"},\"finish_reason\":null}]}\n\n", frame, content);
    if (ending == 0) return snprintf(b, n, "%s[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n", frame);
    if (ending == 1)
        return snprintf(b, n, "%s[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":%u,\"total_tokens\":%u}}\n\n", frame,
            l->contents, l->contents + 5);
    return snprintf(b, n, "data: [DONE]\n\n");
}
static const char *error_json(void) {
    return !strcmp(dialect, "anthropic")
        ? "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
        : "{\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\",\"code\":null}}";
}
static const char *kind_of(size_t number) {
    for (int i = 0; i < nrules; i++)
        if (number % rules[i].every == 0) return rules[i].kind;
    return "whole";
}
static void read_lines(const char *path) {
    uint32_t ends = 3;
    openings = 1;
    if (!strcmp(dialect, "anthropic")) openings = 3;
    if (!strcmp(dialect, "plain")) openings = ends = 0;
    FILE *f = fopen(path, "r");
    if (!f) { perror(path); exit(2); }
    char *text = NULL;
    size_t room = 0;
    while (getline(&text, &room, f) > 0) {
        lines = realloc(lines, (nlines + 1) * sizeof *lines);
        Line *l = &lines[nlines];
        *l = (Line){.at = calloc(strlen(text) + openings + ENDINGS, sizeof(int64_t)), .events = openings};
        int64_t at = 0, gap = 0;
        char *e;
        for (char *p = text;; p = e) {
            double us = strtod(p, &e);
            if (e == p) break;
            gap = (int64_t)(us * 1000);
            l->at[l->events++] = at += gap;
            l->contents++;
        }
        for (uint32_t i = 0; i < ends; i++) l->at[l->events++] = at += gap;
        if (l->contents) nlines++;
    }
    fclose(f);
    if (!nlines) { fprintf(stderr, "known_times: %s has no stream\n", path); exit(2); }
}
static void write_record(const char *path) {
    FILE *f = fopen(path, "w");
    if (!f) { perror(path); exit(2); }
    for (size_t i = 0; i < nstreams; i++) {
        const Stream *s = &streams[i];
        const Line *l = &lines[i % nlines];
        fprintf(f, "{\"stream\":%zu,\"connection\":%u,\"target\":\"%s\",\"kind\":\"%s\",\"arrived_us\":%.3f,\"ended_us\":%.3f,"
            "\"left\":%s,\"content\":[%u,%u],\"events\":%u,\"sent_us\":[", i + 1, s->connection, s->target, s->kind,
            (double)s->arrived / 1000, (double)s->ended / 1000, s->left ? "true" : "false", openings, openings + l->contents,
            l->events);
        for (uint32_t k = 0; k < s->nsent; k++) fprintf(f, "%s%.3f", k ? "," : "", (double)s->sent[k] / 1000);
        fprintf(f, "]}\n");
    }
    if (fclose(f)) { perror(path); exit(2); }
}

/* ---------------------------------------------------------------- connections */

static void stream_over(Conn *c, bool left) {
    if (!c->busy) return;
    heap_del(&c->at);
    c->busy = false;
    streams[c->stream].ended = now_ns();
    streams[c->stream].left = left;
}
static void conn_close(Conn *c, bool reset) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    if (reset) setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    heap_del(&c->at);
    close(c->fd);
    by_fd[c->fd] = NULL;
    free(c);
}
/* Sends it whole; false if the connection is gone. What a client takes too slowly ends it. */
static bool put(Conn *c, const char *b, size_t n) {
    if (send(c->fd, b, n, MSG_NOSIGNAL) == (ssize_t)n) return true;
    stream_over(c, true);
    conn_close(c, true);
    return false;
}
static bool stream_ended(Conn *c) { /* false if the connection is gone */
    stream_over(c, false);
    if (!c->close) return true;
    conn_close(c, false);
    return false;
}
static bool answer_with(Conn *c, int status, const char *type, const char *body) {
    char b[1024];
    int n = snprintf(b, sizeof b, "HTTP/1.1 %d Known\r\ncontent-type: %s\r\ncontent-length: %zu\r\n\r\n%s", status, type,
        strlen(body), body);
    return put(c, b, (size_t)n) && stream_ended(c);
}
/* The end of a stream that fails in the middle; false if the connection is gone. */
static bool fail(Conn *c, const char *kind) {
    char b[512];
    if (!strcmp(kind, "hang")) { heap_del(&c->at); return true; }
    if (!strcmp(kind, "short")) return put(c, "0\r\n\r\n", 5) && stream_ended(c);
    if (!strcmp(kind, "broken")) {
        if (!put(c, "twelve\r\n", 8)) return false;
    } else if (!strcmp(kind, "error")) {
        int n = snprintf(b, sizeof b, "%sdata: %s\n\n", strcmp(dialect, "anthropic") ? "" : "event: error\n", error_json());
        char chunk[600];
        int k = snprintf(chunk, sizeof chunk, "%x\r\n%s\r\n0\r\n\r\n", n, b);
        streams[c->stream].sent[streams[c->stream].nsent++] = now_ns();
        return put(c, chunk, (size_t)k) && stream_ended(c);
    }
    stream_over(c, false);
    conn_close(c, !strcmp(kind, "reset"));
    return false;
}
static const char head[] = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n"
    "transfer-encoding: chunked\r\n\r\n";
/* Sends what is due, each event by itself, and sets the next deadline; false if the connection is gone. */
static bool step(Conn *c) {
    Stream *s = &streams[c->stream];
    const Line *l = c->line;
    uint32_t middle = strcmp(s->kind, "whole") ? openings + l->contents / 2 : UINT32_MAX;
    while (c->next < l->events && c->base + l->at[c->next] <= now_ns()) {
        char text[1024], b[2048];
        if (c->next == middle) return fail(c, s->kind);
        int n = event_text(text, sizeof text, l, c->next);
        int k = snprintf(b, sizeof b, "%s%x\r\n%s\r\n%s", c->next ? "" : head, n, text, c->next + 1 < l->events ? "" : "0\r\n\r\n");
        s->sent[s->nsent++] = now_ns();
        c->next++;
        if (!put(c, b, (size_t)k)) return false;
    }
    if (c->next == l->events) return stream_ended(c);
    c->at.due = c->base + l->at[c->next];
    heap_later(&c->at);
    return true;
}
/* Answers a request that is here whole; false if the connection is gone. */
static bool answer(Conn *c) {
    if (!(nstreams & (nstreams - 1))) streams = realloc(streams, (nstreams ? 2 * nstreams : 1) * sizeof *streams);
    Stream *s = &streams[c->stream = nstreams++];
    c->line = &lines[(nstreams - 1) % nlines];
    *s = (Stream){.kind = kind_of(nstreams), .arrived = c->arrived, .connection = c->number,
        .sent = calloc(c->line->events + 1, sizeof(int64_t))};
    memcpy(s->target, c->target, sizeof s->target);
    c->busy = true;
    c->next = 0;
    c->base = now_ns();
    if (*s->kind >= '1' && *s->kind <= '9') return answer_with(c, atoi(s->kind), "application/json", error_json());
    if (!strcmp(s->kind, "html")) return answer_with(c, 200, "text/html", "<p>No stream.</p>");
    if (!strcmp(s->kind, "silent")) return true;
    if (!strcmp(s->kind, "refuse")) {
        stream_over(c, false);
        conn_close(c, true);
        return false;
    }
    return step(c);
}
/* Takes what came: a head, then so many bytes of body; false if the connection is gone. */
static bool take(Conn *c) {
    if (!c->body_left) {
        c->in[c->in_len] = 0;
        char *e = memmem(c->in, c->in_len, "\r\n\r\n", 4);
        if (!e && c->in_len < sizeof c->in - 1) return true;
        if (!e || sscanf(c->in, "%*s %127s", c->target) != 1) { conn_close(c, true); return false; }
        for (char *p = c->target; *p; p++) if (*p == '"' || *p == '\\') *p = '?';
        *e = 0;
        char *cl = strcasestr(c->in, "\r\ncontent-length:");
        c->close = strcasestr(c->in, "\r\nconnection: close") != NULL;
        size_t used = (size_t)(e + 4 - c->in), body = cl ? strtoul(cl + 17, NULL, 10) : 0;
        size_t here = c->in_len - used;
        c->in_len = 0;
        if (here < body) { c->body_left = body - here; return true; }
    } else {
        size_t k = c->in_len < c->body_left ? c->in_len : c->body_left;
        c->body_left -= k;
        c->in_len = 0;
        if (c->body_left) return true;
    }
    return answer(c);
}
static bool conn_read(Conn *c) {
    char control[128];
    struct iovec v = {c->in + c->in_len, sizeof c->in - 1 - c->in_len};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(c->fd, &m, 0);
    if (n < 0 && errno == EAGAIN) return true;
    if (n <= 0 || c->busy) { /* gone, or a request before its turn, which this has no use for */
        stream_over(c, true);
        conn_close(c, n > 0);
        return false;
    }
    c->arrived = now_ns();
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h))
        if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SO_TIMESTAMPNS) {
            struct timespec k;
            memcpy(&k, CMSG_DATA(h), sizeof k);
            c->arrived = (int64_t)k.tv_sec * 1000000000 + k.tv_nsec - real_minus_mono;
        }
    c->in_len += (uint32_t)n;
    return take(c);
}
static void accept_all(int ls, int ep) {
    static uint32_t connections;
    int one = 1;
    for (int fd; (fd = accept4(ls, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        if (fd >= MOST_FDS) { close(fd); continue; }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
        Conn *c = by_fd[fd] = calloc(1, sizeof *c);
        c->fd = fd;
        c->number = ++connections;
        struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
    }
}

/* ---------------------------------------------------------------- main */

static void on_term(int signal) { (void)signal; over = 1; }
static void usage(void) {
    fprintf(stderr, "known_times STREAMS RECORD [--port P] [--dialect anthropic|openai|plain] [--stall AT_MS:FOR_MS]"
        " [--every N:KIND]...\n");
    exit(2);
}
int main(int argc, char **argv) {
    int port = 0, one = 1;
    int64_t stall_at = -1, stall_for = 0;
    if (argc < 3) usage();
    for (int i = 3; i < argc; i += 2) {
        char *value = argv[i + 1], *colon = value ? strchr(value, ':') : NULL;
        if (!value) usage();
        if (!strcmp(argv[i], "--port")) port = atoi(value);
        else if (!strcmp(argv[i], "--dialect")) dialect = value;
        else if (!strcmp(argv[i], "--stall") && colon) {
            stall_at = (int64_t)(atof(value) * 1e6);
            stall_for = (int64_t)(atof(colon + 1) * 1e6);
        } else if (!strcmp(argv[i], "--every") && colon && nrules < MOST_RULES && atol(value) > 0) {
            rules[nrules].every = (unsigned long)atol(value);
            rules[nrules++].kind = colon + 1;
        } else usage();
    }
    read_lines(argv[1]);
    signal(SIGPIPE, SIG_IGN);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_term}, NULL);
    prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    struct rlimit rl;
    getrlimit(RLIMIT_NOFILE, &rl);
    rl.rlim_cur = rl.rlim_max;
    setrlimit(RLIMIT_NOFILE, &rl);
    heap = malloc(MOST_FDS * sizeof *heap);
    int ls = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), ep = epoll_create1(EPOLL_CLOEXEC);
    setsockopt(ls, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t al = sizeof a;
    if (bind(ls, (void *)&a, al) || listen(ls, 4096) || getsockname(ls, (void *)&a, &al)) { perror("known_times"); return 1; }
    struct epoll_event le = {.events = EPOLLIN, .data.fd = ls}, ev[512];
    epoll_ctl(ep, EPOLL_CTL_ADD, ls, &le);
    printf("port %d\n", ntohs(a.sin_port));
    fflush(stdout);
    int64_t began = 0; /* when the first request came */
    while (!over) {
        int64_t now = now_ns(), until = now + 100000000; /* a signal may come right before the wait */
        refresh_clock_offset(now);
        if (began && stall_at >= 0) {
            if (now >= began + stall_at) {
                struct timespec t = {stall_for / 1000000000, stall_for % 1000000000};
                nanosleep(&t, NULL);
                stall_at = -1;
                continue;
            }
            if (began + stall_at < until) until = began + stall_at;
        }
        if (hn && heap[0]->due < until) until = heap[0]->due;
        int64_t wait = until > now ? until - now : 0;
        struct timespec t = {wait / 1000000000, wait % 1000000000};
        int k = epoll_pwait2(ep, ev, 512, &t, NULL);
        for (int i = 0; i < k; i++) {
            if (ev[i].data.fd == ls) accept_all(ls, ep);
            else if (by_fd[ev[i].data.fd]) conn_read(by_fd[ev[i].data.fd]);
            if (!began && nstreams) began = streams[0].arrived;
        }
        for (int b = 0; b < 4096 && hn && heap[0]->due <= now_ns(); b++) step((Conn *)heap[0]);
    }
    for (int fd = 0; fd < MOST_FDS; fd++)
        if (by_fd[fd]) stream_over(by_fd[fd], false);
    write_record(argv[2]);
    return 0;
}
