/*
 * descriptors.c - connections, ports and files: how many a process may have
 */
#include "base/descriptors.h"

#include <stdint.h>
#include <sys/resource.h>

enum { AT_LEAST = 256 }; /* when it can not be asked */

void descriptors_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

size_t descriptors_max(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return AT_LEAST;
	return limit.rlim_cur == RLIM_INFINITY ? SIZE_MAX
	                                       : (size_t)limit.rlim_cur;
}
