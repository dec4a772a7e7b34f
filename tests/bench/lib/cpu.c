/*
 * cpu.c - processor time of other processes, for CPU per operation
 */
#include "cpu.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cpu_parse(struct cpu_set *set, const char *text)
{
	memset(set, 0, sizeof(*set));
	while (*text) {
		struct cpu_process *p = &set->v[set->n];
		int used = 0;

		if (set->n == CPU_PROCESSES_MAX ||
		    sscanf(text, "%31[^=]=%d%n", p->name, &p->pid, &used) != 2)
			return EINVAL;
		set->n++;
		text += used;
		if (*text == ',')
			text++;
	}
	return 0;
}

/* Time on a processor of one thread [ns]: exact, unlike the ticks of stat. */
static uint64_t thread_ns(int pid, const char *tid)
{
	char path[300];
	uint64_t ns = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", pid,
	               tid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (fscanf(f, "%" SCNu64, &ns) != 1)
		ns = 0;
	(void)fclose(f);
	return ns;
}

static uint64_t process_ns(int pid)
{
	char path[64];
	struct dirent *entry;
	uint64_t ns = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			ns += thread_ns(pid, entry->d_name);
	(void)closedir(dir);
	return ns;
}

void cpu_start(struct cpu_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		set->v[i].start_ns = process_ns(set->v[i].pid);
}

double cpu_report(const struct cpu_set *set, uint64_t operations)
{
	double sum = 0;

	for (size_t i = 0; i < set->n && operations; i++) {
		const struct cpu_process *p = &set->v[i];
		double us = (double)(process_ns(p->pid) - p->start_ns) / 1000 /
		            (double)operations;

		printf("    %-18s %8.1f us\n", p->name, us);
		if (strcmp(p->name, "redis") != 0)
			sum += us;
	}
	printf("    %-18s %8.1f us\n", "all but redis", sum);
	return sum;
}
