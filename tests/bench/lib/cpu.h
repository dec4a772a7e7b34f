/*
 * cpu.h - processor time of other processes, for CPU per operation
 */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

#include <stddef.h>
#include <stdint.h>

enum { CPU_PROCESSES_MAX = 32 };

/** Processes that are measured, each with its name in the table */
struct cpu_set {
	size_t n;
	struct cpu_process {
		char name[32];
		int pid;
		uint64_t start_ns;
	} v[CPU_PROCESSES_MAX];
};

/** Read "name=pid,name=pid". @return 0 or EINVAL */
int cpu_parse(struct cpu_set *set, const char *text);

void cpu_start(struct cpu_set *set);

/** Print one line a name with µs an operation since cpu_start(), and their
 *  sum without the process named "redis"; returns that sum [µs]. */
double cpu_report(const struct cpu_set *set, uint64_t operations);

#endif
