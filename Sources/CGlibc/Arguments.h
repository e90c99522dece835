// The arguments of a process without /proc, which is where Swift's library looks for them.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>

// Of Swift's library: what CommandLine has from now on. To be called before it is asked.
extern void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);

// Looks for the arguments where the kernel puts them, below the environment: their number, each of them, and a null pointer.
// Not only where there is no /proc: it cannot be read when descriptors or memory are short, and a program that takes that for no
// arguments does something else than it was told. Does nothing when the environment has been moved away already.
static inline void adopt_arguments(void) {
  // Here, since Swift has a name for it already.
  extern char **environ;
  // Where the stack began: what the kernel has put there lies above.
  extern void *__libc_stack_end;
  if (environ == NULL) return;
  if ((uintptr_t)environ <= (uintptr_t)__libc_stack_end || environ[-1] != NULL) return;
  char **const end = environ - 1;
  const ptrdiff_t room = end - (char **)__libc_stack_end;
  for (ptrdiff_t count = 0; count < room; count++) {
    // No pointer is as small as that.
    if ((uintptr_t)end[-1 - count] != (uintptr_t)count) continue;
    _swift_stdlib_overrideUnsafeArgvArgc(end - count, (int)count);
    return;
  }
}

// The path by which this program was started, as the kernel has it; relative to the first working directory, perhaps.
static inline const char *started_path(void) { return (const char *)getauxval(AT_EXECFN); }
