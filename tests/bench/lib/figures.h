/*
 * figures.h - what many measurements come to
 */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <stddef.h>
#include <stdint.h>

/* The smallest first: then the one in the middle is p50 */
void figures_sort(double *v, size_t n);
void figures_sort_u32(uint32_t *v, size_t n);

#endif
