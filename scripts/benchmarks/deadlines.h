/* A 4-ary heap of what is due, the earliest first. What is in it has a `Due` as its first member. */
#ifndef DEADLINES_H
#define DEADLINES_H
#include <stdint.h>

typedef struct {
    int64_t due;
    uint32_t heap_i; /* place in the heap from 1; 0: not in it */
} Due;

static Due **heap;
static uint32_t hn;

static void heap_set(uint32_t i, Due *c) { heap[i] = c; c->heap_i = i + 1; }
static void heap_up(uint32_t i, Due *c) {
    while (i) {
        uint32_t p = (i - 1) / 4;
        if (heap[p]->due <= c->due) break;
        heap_set(i, heap[p]);
        i = p;
    }
    heap_set(i, c);
}
static void heap_down(uint32_t i, Due *c) {
    for (;;) {
        uint32_t k = 4 * i + 1, best = k;
        if (k >= hn) break;
        for (uint32_t j = k + 1; j < k + 4 && j < hn; j++)
            if (heap[j]->due < heap[best]->due) best = j;
        if (heap[best]->due >= c->due) break;
        heap_set(i, heap[best]);
        i = best;
    }
    heap_set(i, c);
}
static void heap_del(Due *c) {
    if (!c->heap_i) return;
    uint32_t i = c->heap_i - 1;
    c->heap_i = 0;
    Due *l = heap[--hn];
    if (l == c) return;
    if (i && heap[(i - 1) / 4]->due > l->due) heap_up(i, l);
    else heap_down(i, l);
}
/* Puts it in its place, be it in the heap already or not: its time may only have moved back. */
static void heap_later(Due *c) {
    if (c->heap_i) heap_down(c->heap_i - 1, c);
    else heap_up(hn++, c);
}
#endif
