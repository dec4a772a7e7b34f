/*
 * tenants.c - for tests: read a tenants file from a string
 */
#include "tenants.h"

#include <errno.h>
#include <string.h>

#include "adapters/bins.h"
#include "adapters/yaml.h"
#include "core/check.h"
#include "core/read.h"

static const char *variable(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "TOKEN") == 0 ? "0123456789abcdef" : NULL;
}

int tenants_open(struct tenants_file *f, const char *text)
{
	int err;

	*f = (struct tenants_file){0};
	err = yaml_load(&f->root, text, strlen(text), variable, NULL,
	                &f->problems);
	if (!err)
		err = read_model(&f->model, f->root, &f->problems);
	if (!err) {
		check_model(&f->model, &f->problems);
		err = bins_check(&f->model, &f->problems);
	}
	problems_sort(&f->problems);
	return !err && f->problems.errors ? EINVAL : err;
}

void tenants_close(struct tenants_file *f)
{
	model_close(&f->model);
	node_free(f->root);
	problems_close(&f->problems);
}
