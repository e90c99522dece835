// hanging-folder FOLDER SWITCH MOUNTPOINT [FUSE OPTIONS]: shows FOLDER at MOUNTPOINT, to be read only. While the file
// SWITCH is there, no read ends; all else goes on, as on a disk whose directory is in memory.

#define _GNU_SOURCE
#define FUSE_USE_VERSION 31

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int folder;
static const char *switch_path;

// Paths come with a slash before them.
static const char *relative(const char *path) { return path[1] ? path + 1 : "."; }

static int folder_getattr(const char *path, struct stat *status, struct fuse_file_info *file) {
  (void)file;
  return fstatat(folder, relative(path), status, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
}

static int folder_readdir(
    const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *file,
    enum fuse_readdir_flags flags) {
  (void)offset, (void)file, (void)flags;
  int descriptor = openat(folder, relative(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  DIR *directory = fdopendir(descriptor);
  if (!directory) return -errno;
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (fill(buffer, entry->d_name, NULL, 0, 0)) break;
  }
  closedir(directory);
  return 0;
}

static int folder_open(const char *path, struct fuse_file_info *file) {
  if ((file->flags & O_ACCMODE) != O_RDONLY) return -EROFS;
  int descriptor = openat(folder, relative(path), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  file->fh = (uint64_t)descriptor;
  // Past the kernel's cache, so that every read comes here.
  file->direct_io = 1;
  return 0;
}

static int folder_read(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *file) {
  (void)path;
  while (access(switch_path, F_OK) == 0) usleep(10000);
  ssize_t count = pread((int)file->fh, buffer, size, offset);
  return count < 0 ? -errno : (int)count;
}

static int folder_release(const char *path, struct fuse_file_info *file) {
  (void)path;
  return close((int)file->fh) ? -errno : 0;
}

static const struct fuse_operations operations = {
    .getattr = folder_getattr, .readdir = folder_readdir, .open = folder_open, .read = folder_read,
    .release = folder_release};

int main(int count, char **arguments) {
  if (count < 4) {
    fprintf(stderr, "usage: hanging-folder FOLDER SWITCH MOUNTPOINT [FUSE OPTIONS]\n");
    return 64;
  }
  folder = open(arguments[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    perror(arguments[1]);
    return 66;
  }
  switch_path = arguments[2];
  // What FUSE reads are the name of the program and all behind the two.
  arguments[2] = arguments[0];
  return fuse_main(count - 2, arguments + 2, &operations, NULL);
}
