/*
 * tenants.h - for tests: read a tenants file from a string
 */
#ifndef TEST_CLI_TENANTS_H
#define TEST_CLI_TENANTS_H

#include "core/model.h"
#include "core/problems.h"

struct tenants_file {
	struct node *root;
	struct model model;
	struct problems problems;
};

/** Parse, read and check. @return 0, EINVAL (see problems) or ENOMEM; close it
 *  in any case */
int tenants_open(struct tenants_file *f, const char *text);
void tenants_close(struct tenants_file *f);

#endif
