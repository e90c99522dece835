// Faults in C that nothing but a sanitizer finds: to see that a run does.
#pragma once

// Reads past the end of memory when there are not more bytes than that.
static inline unsigned char planted_byte(const unsigned char *bytes, int place) { return bytes[place]; }

// Undefined for more than 31.
static inline int planted_shift(int places) { return 1 << places; }
