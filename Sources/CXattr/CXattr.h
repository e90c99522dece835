// Extended attributes, which Swift's Glibc module does not offer.
//
// A module of its own, since nothing else of the system is declared here: the types of CLinux are those of Glibc, too, and a
// module that makes them public cannot import both.

#pragma once

#include <sys/xattr.h>
