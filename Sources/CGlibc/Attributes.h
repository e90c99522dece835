// Extended attributes, which Swift's Glibc module does not offer.
#pragma once
#include <sys/xattr.h>
