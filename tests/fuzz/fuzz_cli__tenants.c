/*
 * fuzz_cli__tenants.c - any bytes as a tenants file: read, checked, planned
 */
#include <stddef.h>
#include <stdint.h>

#include "adapters/yaml.h"
#include "core/check.h"
#include "core/plan.h"
#include "core/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *variable(void *arg, const char *name)
{
	(void)arg;
	return name[0] == 'T' ? "0123456789abcdef" : NULL;
}

static int ignore(void *arg, int argc, const char **argv)
{
	(void)arg;
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems problems = {0};
	struct node *root = NULL;
	struct model model = {0};

	if (yaml_load(&root, (const char *)data, size, variable, NULL,
	              &problems))
		goto out;
	if (!read_model(&model, root, &problems)) {
		check_model(&model, &problems);
		if (!problems.errors)
			(void)plan_write(&model, "http://a", 1000, ignore,
			                 NULL);
	}
	model_close(&model);
	node_free(root);
out:
	problems_sort(&problems);
	problems_close(&problems);
	return 0;
}
