/*
 * load.h - a tenants file: check it, and make it the configuration
 */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

enum { LOAD_FILE_MAX = 256 * 1024 * 1024 }; /* bytes of a tenants file */

/** `check FILE`: print every problem. @return 0, or 1 when there is an error */
int load_check(const char *path);

/** `load FILE`: check it; without errors write it to the Redis at @p redis_url.
 *  Bins are served under @p public_url; NULL: where the processes say.
 *  @return 0, or 1 after saying why; then nothing has changed */
int load_load(const char *path, const char *redis_url, const char *public_url);

/** `seed FILE`: load_load(), but only where there is no configuration yet.
 *  @return as load_load(); 0 when there was one */
int load_seed(const char *path, const char *redis_url, const char *public_url);

/** `fields`: print what a tenants file can say. @return 0 */
int load_fields(void);

#endif
