/*
 * load.h - a tenants file: check it, and make it the configuration
 */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

enum { LOAD_FILE_MAX = 256 * 1024 * 1024 }; /* bytes of a tenants file */

/** `check FILE`: print every problem. @return 0, or 1 when there is an error */
int load_check(const char *path);

struct load_where {
	const char *redis_url;
	const char *public_url; /**< bins are served under it; NULL: where the
	                             processes say */
};

/** `load FILE`: check the file at @p path; without errors write it to Redis, and
 *  say what is gone that no file had given.
 *  @return 0, or 1 after saying why; then nothing has changed */
int load_load(const char *path, const struct load_where *where);

/** `renew FILE`: load_load(), but only where there is no configuration yet, or
 *  another file is the configuration, or this one said something else then.
 *  @return as load_load(); 0 when it stays as it is */
int load_renew(const char *path, const struct load_where *where);

/** `seed FILE`: load_load(), but only where there is no configuration yet.
 *  @return as load_load(); 0 when there was one */
int load_seed(const char *path, const struct load_where *where);

/** `fields`: print what a tenants file can say. @return 0 */
int load_fields(void);

#endif
