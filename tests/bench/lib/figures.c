#include "figures.h"

#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int by_size_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void figures_sort(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_size);
}

void figures_sort_u32(uint32_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_size_u32);
}
