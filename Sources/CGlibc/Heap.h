// What the memory allocator of glibc holds.
#pragma once
#include <malloc.h>
#include <stddef.h>

// Bytes that the program uses, and those that it has given back to the allocator, which keeps them.
static inline void linux_heap(size_t *used, size_t *kept) {
  struct mallinfo2 information = mallinfo2();
  *used = information.uordblks + information.hblkhd;
  *kept = information.fordblks;
}

// Gives the system back what nobody uses.
static inline void linux_trim_heap(void) { malloc_trim(0); }
